// SPDX-License-Identifier: Apache-2.0
//
// The baseline: what the simplest answer reaches, and whether a model is better by more than chance.
//
// Both answer the same rows, so their difference is looked at row by row: where both are right or both are wrong, a
// row says nothing. Two standard errors of the mean difference are what chance alone often gives.
//
// Shapes    N rows
// Before    Evaluation.swift     After    Illustrating.swift
// Source    Kohavi, "A Study of Cross-Validation and Bootstrap" (1995), section 2; Dietterich, "Approximate
//           Statistical Tests for Comparing Supervised Classification Learning Algorithms" (1998), section 3

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTensors

extension Figures {
  /// Judges a bundle, and the simplest answer, on the rows of each split.
  init(of bundle: ModelBundle, on data: PreparedData) throws {
    let predictor = Predictor(bundle)
    let experiment = data.experiment
    var parts: [Part] = []
    var last: Evaluation?
    for split in Split.allCases {
      let rows = data.fold.rows(split)
      guard !rows.isEmpty else { continue }
      let target = experiment.target.selecting(rows)
      let evaluation = try Evaluation(predictor, experiment.features, rows: rows, target)
      parts.append(Part(split, rowCount: rows.count, metrics: evaluation.metrics))
      last = evaluation
    }
    self.init(parts: parts, baseline: [])
    let judgedTarget = experiment.target.selecting(data.fold.rows(judged.split))
    baseline = baselineMetrics(train: data.trainTarget, judged: judgedTarget)
    gainError = last.flatMap { standardError(ofGains: gains(of: $0, over: data.trainTarget)) }
  }

  /// What the figures give reason to say.
  func warnings(_ task: Task) -> [String] {
    let name = task == .classification ? "accuracy" : "r2"
    guard let own = judged.metrics[name], let other = baseline[name] else { return [] }
    let margin = 2 * (gainError ?? .infinity)
    guard own - other <= margin else { return [] }
    let answer = task == .classification ? "the most frequent class" : "the mean"
    let figures = "\(name) \(digits(own)), and \(digits(other)) by always answering with \(answer)"
    guard own > other else { return ["The model does not beat the baseline: \(figures)."] }
    let rows = "\(judged.rowCount) \(judged.split.rawValue) rows"
    let chance =
      margin.isFinite ? "two standard errors of the difference on \(rows) are \(digits(margin))" : "\(rows) cannot tell"
    return ["The model does not beat the baseline by more than chance: \(figures); \(chance)."]
  }

  private func digits(_ value: Double) -> String { String(format: "%.4f", value) }
}

/// For each row, how much better the model's answer is than the simplest one: 1 where only it is right, −1 where only
/// the other is; of numbers, the difference of the squared errors as a part of the mean square.
private func gains(of evaluation: Evaluation, over train: Target) -> [Double] {
  switch train {
  case .labels(let labels, let names):
    let majority = mostFrequent(labels, classCount: names.count)
    var gains: [Double] = []
    for (label, answers) in evaluation.confusionMatrix.enumerated() {
      let total = answers.reduce(0, +)
      let right = label < answers.count ? answers[label] : 0
      let gain = label == majority ? -1.0 : 1.0
      let differing = label == majority ? total - right : right
      gains += Array(repeating: gain, count: differing) + Array(repeating: 0, count: total - differing)
    }
    return gains
  case .numbers(let columns, _):
    var gains = Array(repeating: 0.0, count: evaluation.rows)
    for (comparison, column) in zip(evaluation.comparisons, columns) {
      let answer = mean(column)
      let center = mean(comparison.truth)
      let spread = mean(comparison.truth.map { ($0 - center) * ($0 - center) })
      guard spread > 0 else { continue }
      for (row, truth) in comparison.truth.enumerated() {
        let own = comparison.predicted[row] - truth
        let other = answer - truth
        gains[row] += (other * other - own * own) / spread / Double(columns.count)
      }
    }
    return gains
  }
}

/// The standard error of a mean; `nil` where there are not two values.
private func standardError(ofGains gains: [Double]) -> Double? {
  guard gains.count > 1 else { return nil }
  let center = mean(gains)
  let squares = gains.reduce(0) { $0 + ($1 - center) * ($1 - center) }
  return (squares / Double(gains.count - 1) / Double(gains.count)).squareRoot()
}

/// The class that most of the labels are of.
private func mostFrequent(_ labels: [Int32], classCount: Int) -> Int {
  var counts = Array(repeating: 0, count: classCount)
  for label in labels { counts[Int(label)] += 1 }
  return counts.indices.max { counts[$0] < counts[$1] } ?? 0
}

/// What the simplest answer would reach: always the most frequent class, or the mean.
func baselineMetrics(train: Target, judged: Target) -> [Metric] {
  switch (train, judged) {
  case (.labels(let labels, let names), .labels(let truth, _)):
    var counts = Array(repeating: 0, count: names.count)
    for label in labels { counts[Int(label)] += 1 }
    let majority = Int32(mostFrequent(labels, classCount: names.count))
    let shares = counts.map { Float($0) / Float(max(labels.count, 1)) }
    let probabilities = Tensor(shares, shape: [1, names.count]).gathered(Array(repeating: 0, count: truth.count))
    return classificationMetrics(labels: truth, predicted: truth.map { _ in majority }, probabilities: probabilities)
  case (.numbers(let columns, let names), .numbers(let truth, _)):
    let means = columns.map { mean($0) }
    return regressionMetrics(targets: truth, predictions: Array(repeating: means, count: judged.count), names: names)
  default:
    return []
  }
}
