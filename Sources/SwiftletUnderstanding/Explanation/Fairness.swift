// SPDX-License-Identifier: Apache-2.0
//
// Fairness: how a model treats the groups of a column.
//
// How often it answers with the positive label, how often it finds it and how often it is wrong to do so, for each group,
// with the interval that as few rows leave open. Which difference is just is not a question of numbers, so there is no
// verdict. The column need not be one that the model sees.
//
// Before    CurveNoise.swift     After    -
// Source    Hardt, Price, Srebro, "Equality of Opportunity in Supervised Learning" (2016), definitions 2.1 and 2.2

import SwiftletFormats
import SwiftletModels
import SwiftletTables

/// The figures of a model for each group of a column.
public struct Fairness: Codable, Equatable, Sendable {
  /// The rows of one group.
  public struct Group: Codable, Equatable, Sendable {
    /// Which rows, such as `sex = female`.
    public let name: String
    /// Their number.
    public let rowCount: Int
    /// The figures, each with the interval that its true value is probably in.
    public let metrics: [Metric]
  }

  /// The column that makes the groups.
  public let column: String
  /// The positive label, of two; `nil` for more labels, and for numbers.
  public let positive: String?
  /// The groups, the largest first, at most 20.
  public let groups: [Group]

  /// The smallest selection rate divided by the largest, of the groups with at least 20 rows; `nil` if there are not two.
  public var smallestRatio: Double? {
    let rates = groups.filter { $0.rowCount >= 20 }.compactMap { $0.metrics["selection_rate"] }
    guard rates.count > 1, let least = rates.min(), let most = rates.max(), most > 0 else { return nil }
    return least / most
  }

  /// Measures the model on each group.
  ///
  /// - Parameters:
  ///   - rows: Rows that the model was not trained on.
  ///   - column: A column of the data, be it one of the model or not. Numbers are cut into quarters.
  /// - Throws: `DataError` if there is no such column, or it holds pictures.
  public init(_ rows: AnsweredRows, by column: String) throws {
    let judged = rows.judged
    guard let parts = ColumnParts(try judged.table.column(column, for: "--by"), rows: judged.rows) else {
      throw DataError("The column \(quoted(column)) holds pictures, which make no groups.")
    }
    let head = judged.bundle.head
    self.column = column
    positive = head.labels.count == 2 ? head.labels[1] : nil
    let largest = parts.names.indices.sorted {
      parts.counts[$0] != parts.counts[$1] ? parts.counts[$0] > parts.counts[$1] : $0 < $1
    }
    groups = largest.prefix(20).map { part in
      let positions = parts.codes.indices.filter { parts.codes[$0] == part }
      return Group(
        name: parts.names[part], rowCount: positions.count, metrics: Fairness.metrics(rows, positions, head))
    }
  }

  private static func metrics(_ rows: AnsweredRows, _ positions: [Int], _ head: any Head) -> [Metric] {
    let truth = rows.judged.truth.selecting(positions.map { Int32($0) })
    let answers = Answers(
      values: positions.flatMap { rows.answers.row($0) }, count: positions.count, width: rows.answers.width)
    let loss = head.comparedLoss(of: answers, truth)
    let counted = head.countedMetrics(answers, truth).filter { $0.name == loss.name }
    let losses = [loss].withIntervals(counted, classes: truth.classes, width: answers.width)
    guard !head.labels.isEmpty else { return losses }
    let answered = (0..<answers.count).map { Int32(head.label(of: answers.row($0))) }
    func rate(_ name: String, of rows: [Int], _ isSuccess: (Int) -> Bool) -> Metric? {
      guard !rows.isEmpty else { return nil }
      let rate = Rate(successes: Double(rows.count { isSuccess($0) }), count: Double(rows.count))
      return Metric(name, rate.value, interval: rate.interval())
    }
    let all = Array(answered.indices)
    let accuracy = rate("accuracy", of: all) { answered[$0] == truth.labels[$0] }
    guard head.labels.count == 2 else { return [accuracy].compactMap { $0 } + losses }
    let rates = [
      rate("selection_rate", of: all) { answered[$0] == 1 },
      rate("true_positive_rate", of: all.filter { truth.labels[$0] == 1 }) { answered[$0] == 1 },
      rate("false_positive_rate", of: all.filter { truth.labels[$0] == 0 }) { answered[$0] == 1 },
      accuracy,
    ]
    return rates.compactMap { $0 } + losses
  }

  /// The members of this struct, in an object.
  public var json: JSONValue {
    [
      "column": .string(column), "positive": positive.map { .string($0) } ?? .null,
      "smallest_selection_ratio": smallestRatio.map { .number($0) } ?? .null,
      "groups": .array(
        groups.map {
          [
            "group": .string($0.name), "rows": JSONValue($0.rowCount), "metrics": $0.metrics.json,
            "intervals": $0.metrics.intervalsJSON,
          ]
        }),
    ]
  }
}
