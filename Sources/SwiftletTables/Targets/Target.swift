// SPDX-License-Identifier: Apache-2.0
//
// Target: what a model is to predict, and whether the data can teach it.
//
// Before    Pipeline/BareRows.swift     After    Leakage.swift

import SwiftletFormats
import SwiftletTensors

/// What a model is trained for.
public enum Task: String, Codable, Sendable, CaseIterable {
  /// A class of a few, or a number.
  case classification, regression
}

/// The values to predict, for the rows that have them.
public enum Target: Sendable {
  /// A class for each row, as a position in the list of labels.
  case labels([Int32], names: [String])
  /// Shape `[N, T]`, in the targets' own units, kept in 64 bits.
  case numbers([[Double]], names: [String])

  /// The task that fits the values.
  public var task: Task { if case .labels = self { .classification } else { .regression } }

  /// The most classes that are learned.
  public static let classLimit = 1000

  /// The task that the target's values suggest: text, truth values and at most 20 distinct whole numbers are classes.
  public static func inferTask(_ columns: [Column]) -> Task {
    guard columns.count == 1, let column = columns.first else { return .regression }
    guard let numbers = column.numbers else { return .classification }
    guard let distinct = distinctNumbers(numbers, atMost: 20) else { return .regression }
    return distinct.allSatisfy { $0 == $0.rounded() } ? .classification : .regression
  }

  /// Takes the target columns out of a table.
  ///
  /// - Returns: The target of the rows in which no target value is missing, and these rows.
  /// - Throws: ``DataError`` with the remedy, where the target cannot be learned.
  public static func prepare(_ columns: [Column], task: Task, positive: String? = nil) throws -> (
    target: Target, rows: [Int32]
  ) {
    guard let first = columns.first else { throw DataError("There is no target: name one with --target COLUMN.") }
    if let images = columns.first(where: { $0.images != nil }) {
      throw DataError("The target \"\(images.name)\" holds pictures, which cannot be predicted. Use another --target.")
    }
    let rows = (0..<Int32(first.count)).filter { row in columns.allSatisfy { !$0.isMissing(at: Int(row)) } }
    guard !rows.isEmpty else { throw DataError("The target \"\(first.name)\" is missing in every row.") }
    switch task {
    case .regression:
      let numbers = try columns.map { column in
        guard let values = column.numbers else {
          throw DataError(
            "The target \"\(column.name)\" is not a number, so this cannot be a regression. Use --task classification, or another target."
          )
        }
        return values.gathered(rows[...])
      }
      return (.numbers(numbers, names: columns.map(\.name)), rows)
    case .classification:
      guard columns.count == 1 else {
        throw DataError("A classification has one target; several are for a regression.")
      }
      return (try classes(first, rows, positive: positive), rows)
    }
  }

  private static func classes(_ column: Column, _ rows: [Int32], positive: String?) throws -> Target {
    let texts = rows.map { column.text(at: Int($0)) ?? "" }
    var names = sortedLabels(Array(Set(texts)))
    guard names.count > 1 else {
      throw DataError(
        "The target \"\(column.name)\" is \(quoted(names.first ?? "")) in every row: there is nothing to tell apart.")
    }
    if column.numbers != nil, names.count > 100 {
      throw DataError(
        "The target \"\(column.name)\" has \(names.count) distinct numbers. Use --task regression to predict a number.")
    }
    guard names.count <= classLimit else {
      throw DataError(
        "The target \"\(column.name)\" has \(names.count) classes, and at most \(classLimit) are learned. Is it an identifier?"
      )
    }
    if let positive {
      guard names.count == 2, names.contains(positive) else {
        throw DataError(
          "decision.positive is \(quoted(positive)), but the classes are \(names.prefix(8).joined(separator: ", ")).")
      }
      names = names.filter { $0 != positive } + [positive]
    }
    let positions = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
    return .labels(texts.map { positions[$0] ?? 0 }, names: names)
  }

  /// The target of some of the rows.
  public func selecting(_ rows: [Int32]) -> Target {
    switch self {
    case .labels(let labels, let names): .labels(rows.map { labels[Int($0)] }, names: names)
    case .numbers(let columns, let names):
      .numbers(columns.map { column in rows.map { column[Int($0)] } }, names: names)
    }
  }

  /// N, the number of rows.
  public var count: Int {
    switch self {
    case .labels(let labels, _): labels.count
    case .numbers(let columns, _): columns.first?.count ?? 0
    }
  }

  /// The class of each row, by which a split is stratified; one class for a regression.
  public var classes: [Int32] {
    if case .labels(let labels, _) = self { labels } else { Array(repeating: 0, count: count) }
  }
}

/// The distinct numbers among some that are present, or `nil` where there are more than a few. Looks no further then.
func distinctNumbers(_ numbers: Numbers, atMost limit: Int) -> Set<Double>? {
  var distinct: Set<Double> = []
  var last = Double.nan
  for number in numbers where number != last && !number.isNaN {
    last = number
    distinct.insert(number)
    if distinct.count > limit { return nil }
  }
  return distinct
}
