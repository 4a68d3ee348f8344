// SPDX-License-Identifier: Apache-2.0
//
// Numbers in a table: which columns hold them, and their scales.
//
// Before    NumberHead.swift     After    NumberFit.swift

import SwiftletFormats
import SwiftletTables

extension NumberHead {
  public static func suits(_ columns: [Column]) -> Bool { true }

  public static func prepare(
    _ columns: [Column], rows: [Int32], _ options: HeadOptions
  ) throws -> (head: NumberHead, truth: Truth) {
    let numbers = try columns.map { column in
      guard let values = column.numbers else {
        throw DataError(
          "The target \"\(column.name)\" is not a number, so this cannot be a regression. Use --task classification, or another target."
        )
      }
      return values.gathered(rows[...])
    }
    return (NumberHead(targets: columns.map { TargetScale(name: $0.name) }), Truth(numbers: numbers))
  }

  /// Mean and standard deviation of each target.
  public func fitted(to truth: Truth) -> NumberHead {
    NumberHead(
      targets: zip(truth.numbers, targets).map { column, target in
        let center = mean(column)
        let deviation = mean(column.map { ($0 - center) * ($0 - center) }).squareRoot()
        return TargetScale(name: target.name, offset: center, factor: deviation > 0 ? deviation : 1)
      })
  }

  public func truth(_ truth: Truth, readBy other: any Head) throws -> Truth {
    guard truth.numbers.count == targets.count else {
      throw DataError("The model predicts \(targets.count) targets, and the data hold \(truth.numbers.count).")
    }
    return truth
  }

  /// Whether the column is one of the targets, number for number.
  public func isGivenAway(by column: Column, _ truth: Truth) -> Bool {
    guard let numbers = column.numbers else { return false }
    return truth.numbers.contains { $0.elementsEqual(numbers) }
  }
}
