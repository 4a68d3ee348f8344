// SPDX-License-Identifier: Apache-2.0
//
// PMMLColumns: the columns as fields, and their preparation as derived fields.
//
//     numbers      (x − offset) · factor
//     categories   a NormDiscrete for each: 1 for the row's own
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
  /// - Parameter taken: Names that are no column's.
  init(_ columns: [PreparedColumn], taken: [String]) {
    self.columns = columns
    var names = Set(columns.map(\.name) + taken)
    func unused(_ wanted: String) -> String {
      var candidate = wanted
      while !names.insert(candidate).inserted { candidate += "_" }
      return candidate
    }
    derived = columns.flatMap { column -> [Derived] in
      guard case .categories(let words, _) = column.preparation else {
        return [Derived(name: unused("\(column.name)_feature"), column: column)]
      }
      return words.map { Derived(name: unused("\(column.name)=\($0)"), column: column, category: $0) }
    }
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
        for word in words { field.element("Value", [("value", word)]) }
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
      writer.element("NormDiscrete", reference + [("value", field.category ?? ""), ("mapMissingTo", "0")])
    case .truth(let spellings, let fill):
      writer.element("Apply", [("function", "if")]) { choice in
        choice.element("Apply", [("function", "isIn")]) { list in
          list.element("FieldRef", reference)
          for spelling in spellings where spelling.value != fill {
            list.element("Constant", [("dataType", "string")], text: spelling.text)
          }
        }
        choice.element("Constant", [("dataType", "double")], text: "\(1 - fill)")
        choice.element("Constant", [("dataType", "double")], text: "\(fill)")
      }
    }
  }
}
