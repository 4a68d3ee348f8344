// SPDX-License-Identifier: Apache-2.0
//
// Classes in a table: which columns hold them, and their numbers.
//
// Before    ClassHead.swift     After    ClassFit.swift

import SwiftletFormats
import SwiftletTables

extension ClassHead {
  /// Text, truth values and at most 20 distinct whole numbers are classes.
  public static func suits(_ columns: [Column]) -> Bool {
    guard columns.count == 1, let column = columns.first else { return false }
    guard let numbers = column.numbers else { return true }
    return numbers.distinct(atMost: 20)?.allSatisfy { $0 == $0.rounded() } ?? false
  }

  public static func prepare(
    _ columns: [Column], rows: [Int32], _ options: HeadOptions
  ) throws -> (head: ClassHead, truth: Truth) {
    guard columns.count == 1, let column = columns.first else {
      throw DataError("A classification has one target; several are for a regression.")
    }
    let texts = rows.map { column.text(at: Int($0)) ?? "" }
    var names = sortedLabels(Array(Set(texts)))
    guard names.count > 1 else {
      throw DataError(
        "The target \"\(column.name)\" is \(quoted(names.first ?? "")) in every row, so there is nothing to learn.")
    }
    if column.numbers != nil, names.count > 100 {
      throw DataError(
        "The target \"\(column.name)\" has \(names.count) distinct numbers. Use --task regression to predict a number.")
    }
    guard names.count <= limit else {
      throw DataError(
        "The target \"\(column.name)\" has \(names.count) classes, and at most \(limit) are learned. Is it an identifier?"
      )
    }
    if let positive = options.positive {
      guard names.count == 2, names.contains(positive) else {
        throw DataError(
          "decision.positive is \(quoted(positive)), but the classes are \(names.prefix(8).joined(separator: ", ")).")
      }
      names = names.filter { $0 != positive } + [positive]
    }
    let positions = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
    return (ClassHead(labels: names), Truth(labels: texts.map { positions[$0] ?? 0 }))
  }

  public func fitted(to truth: Truth) -> ClassHead { self }

  public func truth(_ truth: Truth, readBy other: any Head) throws -> Truth {
    guard !other.labels.isEmpty else { throw DataError("The model predicts classes, and the data hold numbers.") }
    let positions = other.labels.map { labels.firstIndex(of: $0) }
    if let unknown = zip(other.labels, positions).first(where: { $0.1 == nil }) {
      throw DataError(
        "The data hold the label \(quoted(unknown.0)), which the model does not know: \(labels.joined(separator: ", "))."
      )
    }
    var own = truth
    own.labels = truth.labels.map { Int32(positions[Int($0)] ?? 0) }
    return own
  }

  /// Whether the column is the classes under other names, one to one.
  public func isGivenAway(by column: Column, _ truth: Truth) -> Bool {
    // Only few distinct numbers can be names of classes; a measurement that happens to separate is not a leak.
    if let numbers = column.numbers, numbers.distinct(atMost: labels.count)?.count != labels.count { return false }
    guard let keys = column.words?.codes else { return false }
    var labelOf: [Int32: Int32] = [:]
    for (key, label) in zip(keys, truth.labels) {
      guard labelOf[key, default: label] == label else { return false }
      labelOf[key] = label
    }
    return labelOf.count == labels.count && Set(labelOf.values).count == labels.count
  }
}
