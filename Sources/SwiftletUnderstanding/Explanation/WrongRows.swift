// SPDX-License-Identifier: Apache-2.0
//
// WrongRows: the rows that a model answers worst, with the training rows that are most like them.
//
// Looking at them is the shortest way to a better model. A wrong label shows here: the model is sure of another one, and
// so are the neighbors. A row without a near neighbor is of a kind that the training rows lack.
//
// Shapes    N rows
// Before    NearestRows.swift     After    Calibration.swift
// Source    Northcutt, Jiang, Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels" (2021), section 3

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletTables

/// A value of a row, as it stands in the data.
public struct NamedValue: Codable, Equatable, Sendable {
  /// The column's name.
  public let name: String
  /// The value as text; `nil` if it is missing.
  public let text: String?
}

/// A row with a large loss.
public struct WrongRow: Codable, Equatable, Sendable {
  /// The number of the row in the data, from 1.
  public let row: Int
  /// What is true: the label, or the numbers of the targets.
  public let truth: String
  /// What the model answers; numbers have five digits.
  public let prediction: String
  /// The probability that it gives to what it answers; `nil` for numbers.
  public let probability: Double?
  /// What the row adds to the loss: −log of the probability of its label, or the squared error in standard deviations.
  public let loss: Double
  /// The columns of the model.
  public let values: [NamedValue]
  /// The training rows that are most like it, the nearest first; empty if they are not known.
  public let neighbors: [Neighbor]

  /// A training row.
  public struct Neighbor: Codable, Equatable, Sendable {
    /// The number of the row in the data, from 1.
    public let row: Int
    /// What is true of it.
    public let truth: String
    /// How far it is: the root of the sum of the squared differences of the features.
    public let distance: Double
  }

  /// The number of neighbors whose truth is what the model answers, and not what the row says.
  public var neighborsForPrediction: Int { neighbors.count { $0.truth == prediction } }
}

/// The rows with the largest losses, the largest first.
public struct WrongRows: Codable, Equatable, Sendable {
  /// The number of rows that they were chosen from.
  public let rowCount: Int
  /// The part of the whole loss that these rows have, from 0 to 1.
  public let share: Double
  /// The rows.
  public let rows: [WrongRow]

  /// Finds the rows with the largest losses.
  ///
  /// - Parameters:
  ///   - answered: The rows to choose from.
  ///   - count: How many rows at most.
  ///   - neighborCount: How many training rows to each, if they are known.
  /// - Throws: `DataError` if a column is absent or of another type.
  public init(_ answered: AnsweredRows, count: Int = 20, neighborCount: Int = 5) throws {
    let losses = answered.losses
    let order = losses.indices.sorted { losses[$0] != losses[$1] ? losses[$0] > losses[$1] : $0 < $1 }
    let worst = Array(order.prefix(max(count, 0)))
    let judged = answered.judged
    let near = try nearestRows(to: worst.map { judged.rows[$0] }, in: judged, count: neighborCount)
    let columns = judged.bundle.pipeline.columnNames.compactMap { judged.table[$0] }
    let head = judged.bundle.head
    rowCount = answered.count
    let total = losses.reduce(0, +)
    share = total > 0 ? worst.reduce(0) { $0 + losses[$1] } / total : 0
    rows = zip(worst, near).map { position, near in
      let row = Int(judged.rows[position])
      let answer = answered.answers.row(position)
      let isClass = !head.labels.isEmpty
      let label = head.label(of: answer)
      return WrongRow(
        row: row + 1, truth: WrongRows.text(of: judged.truth, position, head),
        prediction: isClass ? head.labels[label] : WrongRows.text(of: answer.map { fiveDigits($0) }),
        probability: isClass ? answer[answer.startIndex + label] : nil, loss: losses[position],
        values: columns.filter { $0.type.isCell }.map { NamedValue(name: $0.name, text: $0.text(at: row)) },
        neighbors: near.map { near in
          WrongRow.Neighbor(
            row: Int(judged.train[near.position]) + 1,
            truth: WrongRows.text(of: judged.trainTruth, near.position, head), distance: near.distance)
        })
    }
  }

  private static func text(of truth: Truth, _ position: Int, _ head: any Head) -> String {
    head.labels.isEmpty ? text(of: truth.numbers.map { $0[position] }) : head.labels[Int(truth.labels[position])]
  }

  private static func text(of numbers: [Double]) -> String {
    numbers.map { JSONValue.spelling(of: shortest(Float($0))) }.joined(separator: ", ")
  }

  /// The members of this struct, in an object; the values of a row are members of their own.
  public var json: JSONValue {
    ["rows": JSONValue(rowCount), "share": .number(share), "worst": .array(rows.map(\.json))]
  }
}

extension WrongRow {
  /// The members of this struct, in an object.
  public var json: JSONValue {
    [
      "row": JSONValue(row), "truth": .string(truth), "prediction": .string(prediction),
      "probability": probability.map { .number($0) } ?? .null, "loss": .number(loss),
      "values": .object(values.map { .init($0.name, $0.text.map { .string($0) } ?? .null) }),
      "neighbors": .array(
        neighbors.map {
          ["row": JSONValue($0.row), "truth": .string($0.truth), "distance": .number($0.distance)]
        }),
    ]
  }
}

/// A number, rounded to five digits.
private func fiveDigits(_ value: Double) -> Double { Double(String(format: "%.5g", value)) ?? value }
