// SPDX-License-Identifier: Apache-2.0
//
// ColumnExport: the preparation of the columns, as operators.
//
// Numbers are shifted and scaled in 64 bits, because in 32 a timestamp loses its days. A text becomes its position in the list
// of categories by a LabelEncoder. A text that is not in the list has no category, and the empty text is a missing one.
//
// Shapes    N rows, D features
// Before    GraphExport.swift     After    LayerExport.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables

/// Columns as operators.
enum ColumnExport {
  /// Writes one column, and gives the name of its features.
  private typealias Rule =
    @Sendable (_ column: JSONValue, _ input: String, _ writer: inout GraphWriter) throws -> String

  /// The encoders by their names in a bundle.
  private static let rules: [String: (type: ElementType, write: Rule)] = [
    "boolean": (.text, truth), "one_hot": (.text, oneHot), "embedding": (.text, code),
  ]

  /// Writes the preparation of a bundle's columns.
  ///
  /// - Returns: The name of the features, [N, D].
  static func write(_ bundle: ModelBundle, to writer: inout GraphWriter) throws -> String {
    let columns = bundle.pipeline.json.array ?? []
    let inputs = bundle.pipeline.inputs
    func meaning(_ position: Int) -> String {
      let unit = bundle.illustration.unit(of: inputs[position].name).map { " [\($0)]" } ?? ""
      return inputs[position].meaning + unit
    }
    if !bundle.pipeline.isTabular { return try picture(columns[0], inputs[0], to: &writer, name: bundle.name) }
    if bundle.pipeline.isNumeric {
      let meanings = inputs.indices.map(meaning).joined(separator: "\n")
      writer.input("features", .float, [columns.count], meaning: meanings)
      return numbers(columns, "features", named: "numbers", to: &writer)
    }
    for (position, input) in inputs.enumerated() {
      writer.input(input.name, kind(columns[position]) == "number" ? .float : .text, [1], meaning: meaning(position))
    }
    var parts: [String] = []
    var position = 0
    while position < columns.count {
      // Neighbors that hold numbers are prepared together.
      let end = columns[position...].firstIndex { kind($0) != "number" } ?? columns.count
      if end > position {
        let names = inputs[position..<end].map(\.name)
        let block =
          names.count == 1 ? names[0] : writer.node("Concat", names, as: "number_columns", [("axis", .integer(1))])
        parts.append(
          numbers(Array(columns[position..<end]), block, named: names.count == 1 ? names[0] : "numbers", to: &writer))
        position = end
        continue
      }
      guard let rule = rules[kind(columns[position])] else {
        throw refusal(inputs[position].name, kind(columns[position]), bundle)
      }
      parts.append(try rule.write(columns[position], inputs[position].name, &writer))
      position += 1
    }
    return parts.count == 1 ? parts[0] : writer.node("Concat", parts, as: "all_features", [("axis", .integer(1))])
  }

  /// Why a column cannot be written, and what to do about it.
  private static func refusal(_ column: String, _ kind: String, _ bundle: ModelBundle) -> FormatError {
    FormatError(
      bundle.name,
      "the column \(quoted(column)) is \(withArticle(kind)), and ONNX has no operator that reads one. Give what matters of it as "
        + "numbers, such as a year and a month, in columns of the data; or train without it: "
        + "\(setFlag("features.exclude", [.string(column)])). --format html writes it as it is.")
  }

  /// What a column is called in the table: its type, or the encoder that makes something of its categories.
  static func kind(_ column: JSONValue) -> String {
    let type = column["type"]?.string ?? ""
    return column["categories"] == nil ? type : column["encode"]?.string ?? "one_hot"
  }

  /// (x − offset) · factor in 64 bits, with a fill for NaN.
  private static func numbers(
    _ columns: [JSONValue], _ input: String, named name: String, to writer: inout GraphWriter
  ) -> String {
    func row(_ key: String, _ writer: inout GraphWriter) -> String {
      let values = columns.map { $0[key]?.number ?? 0 }
      return writer.constant("\(name)_\(key)", GraphValue([1, values.count], .double(values)))
    }
    let missing = writer.node("IsNaN", [input], as: "\(name)_missing")
    let wide = writer.node("Cast", [input], as: "\(name)_wide", [("to", .integer(Int(ElementType.double.rawValue)))])
    let filled = writer.node("Where", [missing, row("fill", &writer), wide], as: "\(name)_filled")
    let shifted = writer.node("Sub", [filled, row("offset", &writer)], as: "\(name)_shifted")
    let scaled = writer.node("Mul", [shifted, row("factor", &writer)], as: "\(name)_scaled")
    return writer.node("Cast", [scaled], as: "\(name)_features", [("to", .integer(Int(ElementType.float.rawValue)))])
  }

  /// The positions of texts in a list.
  private static func positions(
    _ column: JSONValue, _ input: String, _ writer: inout GraphWriter, first: Int, other: Int
  ) -> String {
    let words = column["categories"]?.strings ?? []
    var keys: [String] = []
    var values: [Int] = []
    for (place, word) in words.enumerated() {
      let spellings = Spellings.all(of: word)
      keys += spellings
      values += spellings.map { _ in place + first }
    }
    if let fill = column["fill"]?.string, let place = words.firstIndex(of: fill), !words.contains("") {
      keys.append("")
      values.append(place + first)
    }
    return writer.node(
      "LabelEncoder", [input], as: "\(input)_position", domain: ONNXDomain.learning,
      [("keys_strings", .texts(keys)), ("values_int64s", .integers(values)), ("default_int64", .integer(other))])
  }

  @Sendable private static func oneHot(_ column: JSONValue, _ input: String, _ writer: inout GraphWriter) -> String {
    let count = column["categories"]?.array?.count ?? 0
    let position = positions(column, input, &writer, first: 0, other: -1)
    let every = writer.constant("\(input)_positions", GraphValue([1, count], (0..<Int64(count)).map { $0 }))
    let hits = writer.node("Equal", [position, every], as: "\(input)_is")
    return writer.node("Cast", [hits], as: "\(input)_features", [("to", .integer(Int(ElementType.float.rawValue)))])
  }

  @Sendable private static func code(_ column: JSONValue, _ input: String, _ writer: inout GraphWriter) -> String {
    // 0 is the code of what is not known.
    let position = positions(column, input, &writer, first: 1, other: 0)
    return writer.node("Cast", [position], as: "\(input)_features", [("to", .integer(Int(ElementType.float.rawValue)))])
  }

  @Sendable private static func truth(_ column: JSONValue, _ input: String, _ writer: inout GraphWriter) -> String {
    let spelled = truthSpellings(of: column)
    return writer.node(
      "LabelEncoder", [input], as: "\(input)_features", domain: ONNXDomain.learning,
      [
        ("keys_strings", .texts(spelled.map(\.text))), ("values_floats", .floats(spelled.map { Float($0.value) })),
        ("default_float", .float(Float(column["fill"]?.integer ?? 0))),
      ])
  }

  /// The texts that mean false and true. Other toolkits know no other case of a letter, so the usual ones are listed.
  static func truthSpellings(of column: JSONValue) -> [PreparedColumn.Spelling] {
    let own = (column["spellings"]?.strings ?? []).enumerated().map {
      PreparedColumn.Spelling(text: $0.element, value: $0.offset)
    }
    let words = TruthWords.pairs.flatMap { pair in
      pair.enumerated().flatMap { value, word in
        [word, word.capitalized, word.uppercased()].map { PreparedColumn.Spelling(text: $0, value: value) }
      }
    }
    var seen: Set<String> = []
    return (own + words).filter { seen.insert($0.text).inserted }
  }

  /// A picture of bytes as a row of numbers.
  private static func picture(
    _ column: JSONValue, _ input: InputSchema, to writer: inout GraphWriter, name: String
  ) throws -> String {
    writer.input(input.name, .float, Array(input.rowShape), meaning: "\(input.meaning): pixels from 0 to 255")
    let row = writer.node("Flatten", [input.name], as: "pixels", [("axis", .integer(1))])
    switch column["scale"]?.string ?? "" {
    case "none": return row
    case "per_image": return standardized(row, &writer)
    case "unit":
      return writer.node(
        "Mul", [row, writer.constant("pixel_factor", GraphValue([], [Float(1) / 255]))], as: "features")
    case let other: throw FormatError(name, "pictures of the scale \(quoted(other)) cannot be written as ONNX yet.")
    }
  }

  /// Each row with mean 0 and variance 1, in 64 bits; a row of one number becomes zeros.
  private static func standardized(_ input: String, _ writer: inout GraphWriter) -> String {
    let rows: [(name: String, value: GraphWriter.Attribute)] = [("axes", .integers([1])), ("keepdims", .integer(1))]
    let wide = writer.node("Cast", [input], as: "pixels_wide", [("to", .integer(Int(ElementType.double.rawValue)))])
    let mean = writer.node("ReduceMean", [wide], as: "pixels_mean", rows)
    let centered = writer.node("Sub", [wide, mean], as: "pixels_centered")
    let squares = writer.node("Mul", [centered, centered], as: "pixels_squares")
    let variance = writer.node("ReduceMean", [squares], as: "pixels_variance", rows)
    let zero = writer.constant("pixels_zero", GraphValue([], .double([0])))
    let one = writer.constant("pixels_one", GraphValue([], .double([1])))
    let varies = writer.node("Greater", [variance, zero], as: "pixels_vary")
    let spread = writer.node("Sqrt", [variance], as: "pixels_spread")
    let divisor = writer.node("Where", [varies, spread, one], as: "pixels_divisor")
    let scaled = writer.node("Div", [centered, divisor], as: "pixels_scaled")
    return writer.node("Cast", [scaled], as: "features", [("to", .integer(Int(ElementType.float.rawValue)))])
  }
}
