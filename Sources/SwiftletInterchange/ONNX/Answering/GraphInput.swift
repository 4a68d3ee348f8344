// SPDX-License-Identifier: Apache-2.0
//
// GraphInput: an input of a graph as columns of a table.
//
// What answers here is given 32-bit numbers. A text is given as its position among the texts that the graph knows: a graph
// can do nothing with a text but compare it with its constants, so any other text is as good as any other.
//
// Shapes    N rows, F columns
// Before    GraphDescription.swift     After    GraphOutput.swift

import SwiftletFormats
import SwiftletTables

/// An input of a graph.
struct GraphInput: Sendable {
  let name: String
  let type: ElementType
  /// The sizes behind the axis of the rows.
  let rowSizes: [Int]
  /// The only number of rows that it takes; `nil` for any.
  let fixedCount: Int?
  /// The texts that the graph knows, for an input of texts.
  let words: [String]

  /// F, the number of columns that a row has.
  var width: Int { rowSizes.reduce(1, *) }

  /// The largest number of columns.
  private static let widthLimit = 1 << 20

  /// An input by its declaration.
  ///
  /// - Throws: ``GraphError`` if its rows have no fixed size.
  init(_ value: ValueMessage, words: [String]) throws {
    name = value.name
    guard let tensor = value.type.tensor, let axes = tensor.shape?.axes, !axes.isEmpty else {
      throw GraphError("the input \(quoted(value.name)) has no rows: its first axis should be their number")
    }
    type = try ElementType.named(tensor.element)
    self.words = type == .text ? words : []
    let sizes = axes.map { axis in axis.size.flatMap { $0 > 0 ? Int($0) : nil } }
    fixedCount = sizes[0]
    rowSizes = try sizes.dropFirst().enumerated().map { position, size in
      try size.orThrow(
        GraphError(
          "the axis \(position + 1) of the input \(quoted(value.name)) has no size; write the model with a number there"
        ))
    }
    _ = try elementCount(of: rowSizes, limit: Self.widthLimit)
    guard rowSizes.allSatisfy({ $0 > 0 }) else { throw GraphError("the input \(quoted(value.name)) has no columns") }
  }

  /// The names of its columns, unless the file gives others.
  var columnNames: [String] { width == 1 ? [name] : (0..<width).map { "\(name)_\($0)" } }

  /// What a column takes.
  func schema(_ column: String) -> InputSchema {
    guard type == .text else { return InputSchema(name: column, type: .number, form: .number, typical: .number(0)) }
    var schema = InputSchema(name: column, type: .category, form: .word, typical: .string(words.first ?? ""))
    schema.words = words
    return schema
  }

  /// The value for some rows.
  ///
  /// - Parameters:
  ///   - features: N rows of all inputs' columns.
  ///   - columns: Which of the columns are its own.
  ///   - width: The number of all inputs' columns.
  func value(_ features: UnsafeBufferPointer<Float>, columns: Range<Int>, of width: Int) throws -> GraphValue {
    let count = features.count / width
    var numbers: [Float] = []
    numbers.reserveCapacity(count * columns.count)
    for row in 0..<count { numbers += features[row * width + columns.lowerBound..<row * width + columns.upperBound] }
    let shape = [count] + rowSizes
    guard type == .text else { return GraphValue(shape, numbers).cast(to: type) }
    return GraphValue(shape, numbers.map(word))
  }

  private static let missing: Float = -2
  private static let unknown: Float = -1

  /// The text that a number stands for.
  private func word(_ number: Float) -> String {
    guard number >= 0, number < Float(words.count) else { return number == Self.missing ? "" : "\u{0}" }
    return words[Int(number)]
  }

  /// Writes a column's values for each row among the features.
  ///
  /// - Returns: How many texts the graph does not know.
  func write(_ column: Column, to features: inout [Float], at position: Int, of width: Int) throws -> Int {
    guard type == .text else {
      guard let numbers = column.numbers else {
        throw DataError("The column \"\(column.name)\" should hold numbers, and holds \(column.type.rawValue).")
      }
      for (row, number) in numbers.enumerated() { features[row * width + position] = Float(number) }
      return 0
    }
    guard let (codes, texts) = column.words else { throw DataError("The column \"\(column.name)\" should hold texts.") }
    let places = Dictionary(zip(words, words.indices)) { first, _ in first }
    let numbers = texts.map { places[$0].map { Float($0) } ?? Self.unknown }
    var unseenCount = 0
    for (row, code) in codes.enumerated() {
      let number = code < 0 ? Self.missing : numbers[Int(code)]
      unseenCount += number == Self.unknown ? 1 : 0
      features[row * width + position] = number
    }
    return unseenCount
  }
}

extension GraphMessage {
  /// The texts that values can be compared with, in the order of the file.
  var words: [String] {
    var seen: Set<String> = [""]
    var words: [String] = []
    func add(_ texts: [String]) { for text in texts where seen.insert(text).inserted { words.append(text) } }
    for node in nodes {
      for attribute in node.attributes {
        if ["cats_strings", "keys_strings", "value_strings"].contains(attribute.name) { add(attribute.texts) }
        if attribute.name == "value_string" { add([attribute.text]) }
        add(attribute.tensor?.texts ?? [])
      }
    }
    for constant in initializers { add(constant.texts) }
    return words
  }
}
