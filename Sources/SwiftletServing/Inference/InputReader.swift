// SPDX-License-Identifier: Apache-2.0
//
// InputReader: from the values of a request to rows that the network takes.
//
// There are two roads: rows of bare numbers, and named columns that are read as a file is. Both end in the pipeline of
// the bundle, the same that prepared the training rows.
//
// Shapes    N rows, F columns, D features
// Before    PreparedRows.swift     After    InputBounds.swift

import SwiftletFormats
import SwiftletTables

extension ServedModel {
  /// The size of a row that is given as a list of values.
  var rowSize: Int { signature.valueCount }

  /// Whether rows are rows of a table, and not pictures.
  var isTabular: Bool { signature.isTabular }

  /// Whether a tensor of this name holds whole rows.
  func isWholeInput(_ name: String) -> Bool {
    if !isTabular { return name == inputs[0].name }
    guard signature.isNumeric else { return false }
    return name == inputs[0].name || (name == "x" && !signature.columnNames.contains("x"))
  }

  /// Prepares rows that are given as lists of values, in the order of the columns.
  ///
  /// - Parameters:
  ///   - values: N · F values.
  ///   - input: Their name in messages.
  package func prepare(rows values: FlatValues, input: String) throws -> PreparedRows {
    let rowCount = values.count / max(rowSize, 1)
    guard rowCount > 0, values.count == rowCount * rowSize else {
      throw RequestError.bad(
        "The input \(quoted(input)) of the model \(quoted(name)) takes rows of \(rowSize) values, but \(values.count) values came."
      )
    }
    if signature.takesNumbers { return try prepare(numbers: values, rowCount: rowCount, input: input) }
    let columns = signature.columnNames.enumerated().map { position, column in
      (column, FlatValues((0..<rowCount).map { values[$0 * rowSize + position] }))
    }
    return try prepare(columns: columns, rowCount: rowCount)
  }

  /// Prepares rows of bare numbers: of columns of numbers, or pictures.
  private func prepare(numbers values: FlatValues, rowCount: Int, input: String) throws -> PreparedRows {
    let numbers = values.areNumbers ? values.numbers : try self.numbers(written: values, input: input)
    if isTabular { try bounds.check(numbers) } else { try checkPixels(numbers, input: input) }
    let featureCount = rowCount * signature.featureCount
    let features = [Float](unsafeUninitializedCapacity: featureCount) { target, count in
      numbers.withUnsafeBufferPointer {
        model.prepare($0, into: UnsafeMutableBufferPointer(rebasing: target[..<featureCount]))
      }
      count = featureCount
    }
    return PreparedRows(features: features, count: rowCount)
  }

  /// Values of any kind as the numbers of their columns: `"5.1"` is one, and a spelling of a missing value is NaN.
  private func numbers(written values: FlatValues, input: String) throws -> [Double] {
    guard isTabular else {
      if let wrong = values.firstThatIsNoNumber {
        throw RequestError.bad(
          "The input \(quoted(input)) takes pixels from 0 to 255, but \(described(wrong.value)) came.")
      }
      return values.allNumbers
    }
    let reader = signature.tableReader
    let columns = signature.columnNames
    return try (0..<values.count).map { position in
      let value = values[position]
      let column = columns[position % columns.count]
      func refusal(_ reason: String) -> RequestError {
        .bad(
          "The input \(quoted(input)) takes numbers, but \(described(value)) came at row \(position / columns.count) for "
            + "\(quoted(column))\(reason)")
      }
      do {
        guard let number = try reader.number(value, of: column) else { throw refusal(".") }
        return number
      } catch let error as DataError {
        throw refusal(": " + error.message)
      }
    }
  }

  private func checkPixels(_ numbers: [Double], input: String) throws {
    guard let wrong = numbers.first(where: { UInt8(exactly: $0) == nil }) else { return }
    throw RequestError.bad(
      "The input \(quoted(input)) takes whole pixels from 0 to 255, as in the data set, but \(wrong) came; the model scales them itself."
    )
  }
}

/// A value as a message names it.
func described(_ value: JSONValue) -> String {
  switch value {
  case .null: "nothing"
  case .bool(let bool): bool ? "true" : "false"
  case .number(let number): "the number \(number)"
  case .string(let text): "the text \(quoted(text))"
  case .array: "a list"
  case .object: "an object"
  }
}
