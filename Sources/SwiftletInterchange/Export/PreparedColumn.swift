// SPDX-License-Identifier: Apache-2.0
//
// PreparedColumn: what a bundle's pipeline does to a column, for formats that have words of their own for it.
//
// Before    DenseNetwork.swift     After    CoreML/CoreMLModel.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables

/// A column, and what becomes of it.
struct PreparedColumn {
  /// What becomes of a value.
  enum Preparation {
    /// (x − offset) · factor, with `fill` for a missing x.
    case number(fill: Double, offset: Double, factor: Double)
    /// 1 for the row's own category and 0 for the others; `fill` for a missing one.
    case categories([String], fill: String?)
    /// 0 or 1 for each spelling, and `fill` for every other text.
    case truth([Spelling], fill: Int)
  }

  /// A text that means false or true.
  struct Spelling {
    let text: String
    let value: Int
  }

  let name: String
  /// What it holds, with its unit.
  let meaning: String
  let preparation: Preparation

  /// Number of features.
  var width: Int {
    if case .categories(let words, _) = preparation { words.count } else { 1 }
  }

  var isNumber: Bool {
    if case .number = preparation { true } else { false }
  }

  /// The columns of a bundle.
  ///
  /// - Parameter format: What it is to be written as, for the refusal.
  /// - Throws: `FormatError` for a column of another kind.
  static func all(of bundle: ModelBundle, for format: String) throws -> [PreparedColumn] {
    guard bundle.pipeline.isTabular else {
      throw FormatError(
        bundle.name, "looks at pictures, and only models of columns can be written as \(format). ONNX holds it.")
    }
    return try zip(bundle.pipeline.json.array ?? [], bundle.pipeline.inputs).map { column, input in
      let unit = bundle.illustration.unit(of: input.name).map { " [\($0)]" } ?? ""
      return PreparedColumn(
        name: input.name, meaning: input.meaning + unit,
        preparation: try preparation(of: column, input.name, bundle, format))
    }
  }

  private static func preparation(
    of column: JSONValue, _ name: String, _ bundle: ModelBundle, _ format: String
  ) throws -> Preparation {
    let kind = ColumnExport.kind(column)
    if kind == "number", let fill = column["fill"]?.number, let offset = column["offset"]?.number,
      let factor = column["factor"]?.number
    {
      return .number(fill: fill, offset: offset, factor: factor)
    }
    if kind == "one_hot", let words = column["categories"]?.strings {
      return .categories(words, fill: words.contains("") ? nil : column["fill"]?.string)
    }
    if kind == "boolean" {
      return .truth(ColumnExport.truthSpellings(of: column), fill: column["fill"]?.integer ?? 0)
    }
    if column["categories"] != nil {
      throw FormatError(
        bundle.name,
        "the column \(quoted(name)) has the encoding \(kind), which cannot be written as \(format). Train with "
          + "\(setFlag("pipeline.categorical.encode", "one_hot")), or export to onnx or html, which hold it.")
    }
    throw FormatError(
      bundle.name,
      "the column \(quoted(name)) is \(withArticle(kind)), which cannot be written as \(format). Train without it: "
        + "\(setFlag("features.exclude", [.string(name)])). Or export to html, which holds every column.")
  }
}
