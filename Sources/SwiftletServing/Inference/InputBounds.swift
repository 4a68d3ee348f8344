// SPDX-License-Identifier: Apache-2.0
//
// InputBounds: how far from the training data a number may be.
//
// A number such as 1e300 is finite and becomes infinite when it is standardized; after that every answer is NaN. The
// rule is the same for all columns: at most a million times the range that training saw, beyond its ends. What
// is outside is refused with a sentence, and the OpenAPI document tells the same two numbers.
//
// Before    InputReader.swift     After    NamedColumns.swift

import SwiftletFormats
import SwiftletTables

/// The smallest and the largest number of every column.
struct InputBounds: Sendable {
  /// By the position of the column; without a limit for a column that holds no numbers.
  let lower: [Double]
  let upper: [Double]
  private let names: [String]

  /// How many ranges a number may be away.
  private static let reach = 1e6

  init(_ pipeline: Pipeline) {
    let bounds = pipeline.transforms.map { transform -> (Double, Double) in
      guard case .number(let fill, let offset, let factor) = transform.kind else { return (-.infinity, .infinity) }
      // Without statistics, a range is what standardizes to 1.
      let minimum = transform.statistics?.minimum ?? fill
      let maximum = transform.statistics?.maximum ?? fill
      let range = maximum > minimum ? maximum - minimum : max(abs(1 / factor), abs(minimum - offset))
      let largest = Double.greatestFiniteMagnitude  // infinity is never answered
      return (max(minimum - range * InputBounds.reach, -largest), min(maximum + range * InputBounds.reach, largest))
    }
    names = pipeline.columnNames
    lower = bounds.map(\.0)
    upper = bounds.map(\.1)
  }

  /// - Parameter numbers: Rows of a number for each column, NaN where one is missing.
  func check(_ numbers: [Double]) throws {
    var column = 0
    for (position, number) in numbers.enumerated() {
      if number < lower[column] || number > upper[column] {
        throw refusal(number, row: position / lower.count, column, names[column])
      }
      column = column + 1 == lower.count ? 0 : column + 1
    }
  }

  func check(_ table: Table) throws {
    for column in table.columns {
      guard let position = names.firstIndex(of: column.name), case .numbers(let numbers) = column.values else {
        continue
      }
      if let row = numbers.firstIndex(where: { $0 < lower[position] || $0 > upper[position] }) {
        throw refusal(numbers[row], row: row, position, column.name)
      }
    }
  }

  private func refusal(_ number: Double, row: Int, _ column: Int, _ name: String) -> RequestError {
    .bad(
      "The number \(number) at row \(row) for \(quoted(name)) is too far from what the model was trained on: it answers from \(lower[column]) to \(upper[column])."
    )
  }
}
