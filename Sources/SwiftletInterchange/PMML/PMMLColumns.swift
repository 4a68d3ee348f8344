// SPDX-License-Identifier: Apache-2.0
//
// PMMLColumns: the columns as fields, and their preparation as derived fields.
//
//     numbers      (x − offset) · factor
//     categories   a NormDiscrete for each: 1 for the row's own; with accents: 1 where the text is one of its spellings
//     truth        1 where the text is in a list
//
// What a missing value reads as stands in the mining schema.
//
// Shapes    D features
// Before    XMLWriter.swift     After    PMMLExport.swift
// Source    dmg.org, PMML 4.4.1, DataDictionary, MiningSchema, Transformations, Functions

import SwiftletFormats

/// Fields, and what is derived of them.
struct PMMLColumns {
  /// The number of a row for a feature, and the field that holds it.
  private struct Derived {
    let name: String
    let column: PreparedColumn
    /// Of a category: which one.
    var category: String?
  }

  private let columns: [PreparedColumn]
  private let derived: [Derived]

  /// The fields of the features, D of them.
  var features: [String] { derived.map(\.name) }

  /// Fields of columns.
  ///
  /// - Parameter names: Those that are taken, the columns' among them.
  init(_ columns: [PreparedColumn], _ names: inout FreeNames) {
    self.columns = columns
    var derived: [Derived] = []
    for column in columns {
      guard case .categories(let words, _) = column.preparation else {
        derived.append(Derived(name: names.next("\(column.name)_feature"), column: column))
        continue
      }
      for word in words {
        derived.append(Derived(name: names.next("\(column.name)=\(word)"), column: column, category: word))
      }
    }
    self.derived = derived
  }

  /// Writes the fields of the data.
  func writeFields(to writer: inout XMLWriter) {
    for column in columns {
      let attributes: XMLWriter.Attributes = [
        ("name", column.name), ("displayName", column.meaning),
        ("optype", column.isNumber ? "continuous" : "categorical"), ("dataType", column.isNumber ? "double" : "string"),
      ]
      guard case .categories(let words, _) = column.preparation else {
        writer.element("DataField", attributes)
        continue
      }
      writer.element("DataField", attributes) { field in
        for word in words.flatMap(Spellings.all) { field.element("Value", [("value", word)]) }
        if !words.contains("") { field.element("Value", [("value", ""), ("property", "missing")]) }
      }
    }
  }

  /// Writes what a missing or an unknown value reads as.
  func writeMiningFields(to writer: inout XMLWriter) {
    for column in columns {
      let fill: String?
      switch column.preparation {
      case .number(let number, _, _): fill = "\(number)"
      case .categories(_, let word): fill = word
      case .truth(let spellings, let value): fill = spellings.first { $0.value == value }?.text
      }
      let replacement: XMLWriter.Attributes =
        fill.map { [("missingValueReplacement", $0), ("missingValueTreatment", "asValue")] } ?? []
      writer.element("MiningField", [("name", column.name), ("invalidValueTreatment", "asIs")] + replacement)
    }
  }

  /// Writes the features.
  func writeDerivedFields(to writer: inout XMLWriter) {
    writer.element("LocalTransformations") { fields in
      for field in derived {
        let attributes: XMLWriter.Attributes = [
          ("name", field.name), ("optype", "continuous"), ("dataType", "double"),
        ]
        fields.element("DerivedField", attributes) { write(field, to: &$0) }
      }
    }
  }

  private func write(_ field: Derived, to writer: inout XMLWriter) {
    let reference: XMLWriter.Attributes = [("field", field.column.name)]
    switch field.column.preparation {
    case .number(_, let offset, let factor):
      writer.element("Apply", [("function", "*")]) { product in
        product.element("Apply", [("function", "-")]) { difference in
          difference.element("FieldRef", reference)
          difference.element("Constant", [("dataType", "double")], text: "\(offset)")
        }
        product.element("Constant", [("dataType", "double")], text: "\(factor)")
      }
    case .categories:
      let spellings = Spellings.all(of: field.category ?? "")
      guard spellings.count > 1 else {
        return writer.element("NormDiscrete", reference + [("value", spellings[0]), ("mapMissingTo", "0")])
      }
      writeChoice(field, spellings, hit: 1, [("mapMissingTo", "0")], to: &writer)
    case .truth(let spellings, let fill):
      writeChoice(field, spellings.filter { $0.value != fill }.map(\.text), hit: 1 - fill, to: &writer)
    }
  }

  /// A number, 0 or 1, where the text is in a list, and the other one where it is not.
  private func writeChoice(
    _ field: Derived, _ texts: [String], hit: Int, _ missing: XMLWriter.Attributes = [], to writer: inout XMLWriter
  ) {
    writer.element("Apply", [("function", "if")] + missing) { choice in
      choice.element("Apply", [("function", "isIn")]) { list in
        list.element("FieldRef", [("field", field.column.name)])
        for text in texts { list.element("Constant", [("dataType", "string")], text: text) }
      }
      choice.element("Constant", [("dataType", "double")], text: "\(hit)")
      choice.element("Constant", [("dataType", "double")], text: "\(1 - hit)")
    }
  }
}
