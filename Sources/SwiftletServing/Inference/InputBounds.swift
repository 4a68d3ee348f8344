// SPDX-License-Identifier: Apache-2.0
//
// InputBounds: how far from the training data a number may be.
//
// The bounds are those of each input's schema, which the OpenAPI document publishes too. Numbers outside are refused
// with a sentence.
//
// Before    InputReader.swift     After    NamedColumns.swift

import SwiftletFormats
import SwiftletTables

/// The smallest and the largest number of every column.
struct InputBounds: Sendable {
  /// By the position of the column; infinite for a column without bounds.
  private let lower: [Double]
  private let upper: [Double]
  private let inputs: [InputSchema]

  init(_ inputs: [InputSchema]) {
    self.inputs = inputs
    lower = inputs.map { $0.bounds?.lowerBound ?? -.infinity }
    upper = inputs.map { $0.bounds?.upperBound ?? .infinity }
  }

  /// - Parameter numbers: Rows of a number for each column, NaN where one is missing.
  func check(_ numbers: [Double]) throws {
    var column = 0
    for (position, number) in numbers.enumerated() {
      if number < lower[column] || number > upper[column] {
        throw refusal(number, row: position / lower.count, column)
      }
      column = column + 1 == lower.count ? 0 : column + 1
    }
  }

  func check(_ table: Table) throws {
    for (position, name) in inputs.map(\.name).enumerated() {
      guard let numbers = table[name]?.numbers else { continue }
      if let row = numbers.firstIndex(where: { $0 < lower[position] || $0 > upper[position] }) {
        throw refusal(numbers[row], row: row, position)
      }
    }
  }

  private func refusal(_ number: Double, row: Int, _ column: Int) -> RequestError {
    .bad(inputs[column].refusal(of: number, row: row) ?? "The number \(number) at row \(row) is out of bounds.")
  }
}
