// SPDX-License-Identifier: Apache-2.0
//
// Temperature: one number that makes a classifier less sure, or surer.
//
// A network that was trained until its training loss was small is often surer than it is right. Its scores, divided by a
// number T, give probabilities that are nearer to each other if T > 1; the order of the labels stays. T is fitted on rows
// that taught no parameter, and taken only if it helps rows that did not fit it either: on few rows it does more harm than
// good.
//
// Shapes    N rows, S scores
// Before    Calibration.swift     After    ColumnParts.swift
// Source    Guo, Pleiss, Sun, Weinberger, "On Calibration of Modern Neural Networks" (2017), section 4.2; Kiefer, "Sequential
//           minimax search for a maximum" (1953), for the golden section

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors

/// A temperature, fitted on some rows, and whether it helps.
public struct Temperature: Codable, Equatable, Sendable {
  /// T: the scores are divided by it.
  public let value: Double
  /// The number of rows that it was fitted on.
  public let rowCount: Int
  /// The log loss of these rows without it.
  public let lossBefore: Double
  /// Their log loss with it.
  public let lossAfter: Double
  /// Their log loss if each fifth of them is answered with a temperature that the others fitted.
  public let crossFittedLoss: Double

  /// So many rows are the fewest that a temperature is taken from.
  public static let leastRowCount = 100
  /// ln T is searched from −this to this.
  static let widest = 1.6

  /// Whether it helps: there are enough rows, and it lowers the loss of rows that did not fit it.
  public var isAccepted: Bool { rowCount >= Temperature.leastRowCount && crossFittedLoss < lossBefore }

  /// Why it is taken, or is not.
  public var reason: String {
    guard rowCount >= Temperature.leastRowCount else {
      return
        "\(rowCount) rows are too few to fit a temperature: it takes \(Temperature.leastRowCount), since fewer harm more "
        + "often than they help."
    }
    let losses = "\(decimals(lossBefore, 4)) to \(decimals(crossFittedLoss, 4))"
    return isAccepted
      ? "It lowers the log loss of rows that did not fit it, from \(losses)."
      : "It does not lower the log loss of rows that did not fit it: from \(losses)."
  }

  /// Fits T, which minimizes the log loss, by a golden section.
  ///
  /// - Parameter rows: Validation rows: neither the training rows, of which a model is too sure, nor the test rows.
  /// - Throws: `DataError` if the model answers with numbers.
  public init(_ rows: AnsweredRows) throws {
    let scored = try ScoredRows(rows)
    let all = Array(0..<rows.count)
    value = scored.bestTemperature(all)
    rowCount = rows.count
    lossBefore = scored.loss(all, temperature: 1)
    lossAfter = scored.loss(all, temperature: value)
    let folds = Split.folds(classes: scored.truth.classes, count: 5, seed: 7)
    var total = 0.0
    for fold in 0..<5 {
      let held = all.filter { folds[$0] == fold }
      let temperature = scored.bestTemperature(all.filter { folds[$0] != fold })
      total += scored.loss(held, temperature: temperature) * Double(held.count)
    }
    crossFittedLoss = total / Double(max(rows.count, 1))
  }

  /// The same model with scores that are divided by T. Every label stays: a threshold moves along.
  ///
  /// - Throws: `DataError` if the last layer is not a linear one.
  public func applied(to bundle: ModelBundle) throws -> ModelBundle {
    var head = bundle.head
    if let threshold = head.threshold, threshold > 0, threshold < 1 {
      head.threshold = threshold == 0.5 ? 0.5 : 1 / (1 + exp(-log(threshold / (1 - threshold)) / value))
    }
    do {
      return try ModelBundle(
        name: bundle.name, target: bundle.target, head: head, pipeline: bundle.pipeline, reading: bundle.reading,
        kind: bundle.kind, network: bundle.network.multiplyingScores(by: Float(1 / value)), training: bundle.training,
        history: bundle.history, card: bundle.card, illustration: bundle.illustration)
    } catch let error as LayerError {
      throw DataError("The temperature cannot be part of this network: \(error.message)")
    }
  }

  /// The members of this struct, in an object.
  public var json: JSONValue {
    [
      "value": .number(value), "rows": JSONValue(rowCount), "log_loss": .number(lossBefore),
      "log_loss_with_it": .number(lossAfter), "log_loss_cross_fitted": .number(crossFittedLoss),
      "accepted": .bool(isAccepted),
    ]
  }
}

/// The scores of rows, from which their loss at any temperature follows.
private struct ScoredRows {
  let head: any Head
  let truth: Truth
  /// N · S numbers.
  let scores: [Float]

  init(_ rows: AnsweredRows) throws {
    let bundle = rows.judged.bundle
    guard !bundle.labels.isEmpty else {
      throw DataError("The model answers with numbers, and a temperature is for the probabilities of labels.")
    }
    head = bundle.head
    truth = rows.judged.truth
    let reader = try bundle.pipeline.reader(of: rows.judged.table)
    var scores: [Float] = []
    for start in stride(from: 0, to: rows.count, by: reader.pieceSize) {
      let block = Array(rows.judged.rows[start..<min(start + reader.pieceSize, rows.count)])
      scores += bundle.network(try reader.features(block).features.tensor).scalars
    }
    self.scores = scores
  }

  /// The log loss of some rows.
  func loss(_ positions: [Int], temperature: Double) -> Double {
    let (s, w) = (head.scoreCount, head.answerWidth)
    let factor = Float(1 / temperature)
    let scaled = positions.flatMap { row in scores[row * s..<(row + 1) * s].map { $0 * factor } }
    let values = [Double](unsafeUninitializedCapacity: positions.count * w) { answers, written in
      let room = UnsafeMutableBufferPointer(rebasing: answers[..<(positions.count * w)])
      scaled.withUnsafeBufferPointer { head.finish($0, into: room) }
      written = positions.count * w
    }
    let answers = Answers(values: values, count: positions.count, width: w)
    return mean(head.rowLosses(of: answers, truth.selecting(positions.map { Int32($0) })))
  }

  /// The temperature with the least loss.
  func bestTemperature(_ positions: [Int]) -> Double {
    exp(leastPlace(from: -Temperature.widest, to: Temperature.widest) { loss(positions, temperature: exp($0)) })
  }
}

/// Where a function with one valley is least, by the golden section.
func leastPlace(from low: Double, to high: Double, _ value: (Double) -> Double) -> Double {
  let ratio = (5.0.squareRoot() - 1) / 2
  var (low, high) = (low, high)
  var left = high - ratio * (high - low)
  var right = low + ratio * (high - low)
  var valueLeft = value(left)
  var valueRight = value(right)
  // 0.618³² of 3.2 is less than 10⁻⁶, and 32-bit answers tell no more.
  for _ in 0..<32 {
    if valueLeft <= valueRight {
      high = right
      right = left
      valueRight = valueLeft
      left = high - ratio * (high - low)
      valueLeft = value(left)
    } else {
      low = left
      left = right
      valueLeft = valueRight
      right = low + ratio * (high - low)
      valueRight = value(right)
    }
  }
  return (low + high) / 2
}
