// SPDX-License-Identifier: Apache-2.0
//
// InputReader: from whatever a request gives to rows that the network takes.
//
// There are three roads, by the kind of model: rows of numbers, pictures, and named columns. All end in the
// pipeline of the bundle, the same that prepared the training rows, so a request is read as a file is.
//
// Shapes    N rows, F columns, D features
// Before    PreparedRows.swift     After    NamedColumns.swift

import SwiftletFormats
import SwiftletTables

extension ServedModel {
  /// The size of a row that is given as a list of values.
  var rowSize: Int { bundle.pipeline.valueCount }

  /// Whether rows are rows of a table, and no pictures.
  var isTabular: Bool { bundle.pipeline.isTabular }

  /// Whether a tensor of this name holds whole rows.
  func isWholeInput(_ name: String) -> Bool {
    if !isTabular { return name == inputs[0].name }
    guard bundle.pipeline.isNumeric else { return false }
    return name == inputs[0].name || (name == "x" && !bundle.pipeline.columnNames.contains("x"))
  }

  /// Prepares rows that are given as lists of values, in the order of the columns.
  ///
  /// - Parameters:
  ///   - values: N · F values.
  ///   - input: What the messages call them.
  package func prepare(rows values: FlatValues, input: String) throws -> PreparedRows {
    let rowCount = values.count / max(rowSize, 1)
    guard rowCount > 0, values.count == rowCount * rowSize else {
      throw RequestError.bad(
        "The input \(quoted(input)) of the model \(quoted(name)) takes rows of \(rowSize) values, but \(values.count) values came."
      )
    }
    if !isTabular { return try prepare(pixels: values, rowCount: rowCount, input: input) }
    if let numericRows = predictor.numericRows {
      return try prepare(numbers: values, rowCount: rowCount, input: input, by: numericRows)
    }
    let columns = bundle.pipeline.columnNames.enumerated().map { position, column in
      (column, FlatValues((0..<rowCount).map { values[$0 * rowSize + position] }))
    }
    return try prepare(columns: columns, rowCount: rowCount)
  }

  // MARK: Numbers

  private func prepare(numbers values: FlatValues, rowCount: Int, input: String, by numericRows: NumericRows) throws
    -> PreparedRows
  {
    if let wrong = values.firstThatIsNoNumber {
      throw RequestError.bad(
        "The input \(quoted(input)) takes numbers, but \(described(wrong.value)) came at row \(wrong.position / rowSize) for \(quoted(bundle.pipeline.columnNames[wrong.position % rowSize]))."
      )
    }
    let numbers = values.areNumbers ? values.numbers : (0..<values.count).map { values[$0].number ?? .nan }
    let features = [Float](unsafeUninitializedCapacity: numbers.count) { target, count in
      numbers.withUnsafeBufferPointer {
        numericRows.transform($0, into: UnsafeMutableBufferPointer(rebasing: target[..<numbers.count]))
      }
      count = numbers.count
    }
    try bounds.check(numbers)
    return PreparedRows(features: features, count: rowCount)
  }

  /// The first number that is infinite or none.
  func firstNotFinite(_ features: [Float]) -> Int? {
    // x − x is zero for every finite number and NaN for all others, and adds up without a branch.
    var sum: Float = 0
    for feature in features { sum += feature - feature }
    return sum == 0 ? nil : features.firstIndex { !$0.isFinite }
  }

  // MARK: Pictures

  private func prepare(pixels values: FlatValues, rowCount: Int, input: String) throws -> PreparedRows {
    if let wrong = values.firstThatIsNoNumber {
      throw RequestError.bad(
        "The input \(quoted(input)) takes pixels from 0 to 255, but \(described(wrong.value)) came.")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count)
    for i in 0..<values.count {
      let number = values.areNumbers ? values.numbers[i] : values[i].number ?? .nan
      guard let byte = UInt8(exactly: number) else {
        throw RequestError.bad(
          "The input \(quoted(input)) takes whole pixels from 0 to 255, as in the data set, but \(number) came; the model scales them itself."
        )
      }
      bytes.append(byte)
    }
    let features = [Float](unsafeUninitializedCapacity: bytes.count) { target, count in
      bytes.withUnsafeBufferPointer { bytes in
        bundle.pipeline.transforms[0].prepare(bytes, into: target)
      }
      count = bytes.count
    }
    return PreparedRows(features: features, count: rowCount)
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
