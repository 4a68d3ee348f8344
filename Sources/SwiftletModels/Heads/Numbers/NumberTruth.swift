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
      let chosen = values.gathered(rows[...])
      if let first = chosen.first, chosen.allSatisfy({ $0 == first }) {
        throw DataError(
          "The target \"\(column.name)\" is \(quoted(column.text(at: Int(rows[0])) ?? "\(first)")) in every row, so there is "
            + "nothing to learn.")
      }
      try checkSize(of: chosen, column.name)
      return chosen
    }
    return (NumberHead(targets: columns.map { TargetScale(name: $0.name) }), Truth(numbers: numbers))
  }

  /// The largest magnitude of a target's numbers: the sums of squares of errors far larger stay below 10³⁰⁸.
  package static let largestNumber = 1e100

  /// Refuses numbers whose squares, of which every figure is made, 64 bits cannot hold.
  ///
  /// - Throws: `DataError` with the remedy.
  package static func checkSize(of numbers: [Double], _ name: String) throws {
    guard let least = numbers.min(), let most = numbers.max() else { return }
    let largest = least.magnitude > most.magnitude ? least : most
    guard largest.magnitude <= largestNumber else {
      throw DataError(
        "The target \(quoted(name)) holds \(JSONValue.spelling(of: largest)), and the squares of numbers beyond 1e100 "
          + "are too large for 64 bits. Write it in another unit, or correct the number.")
    }
    guard least == most || most - least >= 1 / largestNumber else {
      throw DataError(
        "The numbers of the target \(quoted(name)) are less than 1e-100 apart, and the squares of their differences are "
          + "too small for 64 bits. Write it in another unit.")
    }
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
