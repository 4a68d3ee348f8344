// SPDX-License-Identifier: Apache-2.0
//
// The baseline: what the simplest answer reaches, and whether a model is better by more than chance.
//
// Both answer the same rows, so they are compared row by row: a row that both answer rightly or both wrongly says
// nothing. Two standard errors of the mean difference are what chance alone often gives.
//
// Shapes    N rows
// Before    ModelEvaluation.swift     After    Illustrating.swift
// Source    Kohavi, "A Study of Cross-Validation and Bootstrap" (1995), section 2; Dietterich, "Approximate
//           Statistical Tests for Comparing Supervised Classification Learning Algorithms" (1998), section 3

import Foundation
import SwiftletModels
import SwiftletTables

extension Figures {
  /// Judges a bundle, and the simplest answer, on the rows of each split.
  init(of bundle: ModelBundle, on data: PreparedData) throws {
    let predictor = Predictor(bundle)
    let experiment = data.experiment
    var parts: [Part] = []
    var last: Evaluation?
    let judging = Split.allCases.last { split in data.fold.splits.contains(split) }
    for split in Split.allCases {
      let rows = data.fold.rows(split)
      guard !rows.isEmpty else { continue }
      var evaluation = try Evaluation(
        predictor, experiment.features, rows: rows, experiment.truth.selecting(rows), of: experiment.head,
        earlier: data.fold.rows(before: split))
      if split == judging { evaluation.addIntervals() }
      parts.append(Part(split, rowCount: rows.count, metrics: evaluation.metrics))
      last = evaluation
    }
    let judgedSplit = parts.last?.split ?? .train
    let baseline = try last.map { try bundle.head.baseline(data.judged(bundle, judgedSplit), $0.answers) }
    self.init(
      parts: parts, baseline: baseline?.metrics ?? [], gainError: baseline.flatMap { standardError(ofGains: $0.gains) })
    listNote = last?.listNote
  }

  /// The warnings that the figures call for.
  func warnings(_ head: any Head) -> [String] {
    [listNote, comparison(head)].compactMap { $0 }
  }

  /// A sentence, if the model is not better than the baseline.
  private func comparison(_ head: any Head) -> String? {
    let name = head.watchedMetric
    guard let own = judged.metrics[name], let other = baseline[name] else { return nil }
    let margin = 2 * (gainError ?? .infinity)
    guard own - other <= margin else { return nil }
    let figures = "\(name) \(digits(own)), and \(digits(other)) by always answering with \(head.baselineName)"
    guard own > other else { return "The model does not beat the baseline: \(figures)." }
    let rows = "\(judged.rowCount) \(judged.split.rawValue) rows"
    let chance =
      margin.isFinite ? "two standard errors of the difference on \(rows) are \(digits(margin))" : "\(rows) cannot tell"
    return "The model does not beat the baseline by more than chance: \(figures); \(chance)."
  }

  private func digits(_ value: Double) -> String { String(format: "%.4f", value) }
}

extension PreparedData {
  /// The rows of a split, and those before them.
  func judged(_ bundle: ModelBundle, _ split: Split) -> JudgedRows {
    let rows = fold.rows(split)
    return JudgedRows(
      bundle, experiment.features, rows: rows, experiment.truth.selecting(rows), earlier: fold.rows(before: split),
      train: fold.rows(.train), trainTruth: train.truth)
  }
}

extension ModelBundle {
  /// Lets the head choose by the validation rows, if there are any; a sentence about the choice.
  mutating func tune(on data: PreparedData) throws -> String? {
    guard !data.fold.rows(.validation).isEmpty else { return nil }
    let tuned = try head.tuned(on: data.judged(self, .validation))
    head = tuned.head
    return tuned.message
  }
}

/// The standard error of a mean; `nil` for fewer than two values.
private func standardError(ofGains gains: [Double]) -> Double? {
  guard gains.count > 1 else { return nil }
  let center = mean(gains)
  let squares = gains.reduce(0) { $0 + ($1 - center) * ($1 - center) }
  return (squares / Double(gains.count - 1) / Double(gains.count)).squareRoot()
}
