// SPDX-License-Identifier: Apache-2.0
//
// The measures that exist for some rows, and a sentence for those that do not.
//
// Rows of one class have no ranking, a target without a spread has no part of it that could be explained, and a label
// that the model does not know has no probability.
//
// Before    Evaluation.swift     After    JudgedData.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTensors

/// The measures of answers.
struct Measures {
  private(set) var metrics: [Metric] = []
  private(set) var notes: [String] = []

  /// - Parameters:
  ///   - head: That of the model.
  ///   - labels: The head's labels, and behind them those of the truth that it does not know.
  ///   - truth: Its labels are positions in `labels`.
  init(_ head: any Head, labels: [String], _ truth: Truth, _ answers: Answers, predicted: [Int32]) {
    let known = head.labels.count
    if labels.count > known {
      let wide = Measures.probabilities(answers, width: labels.count)
      metrics = classificationMetrics(labels: truth.labels, predicted: predicted, probabilities: wide)
      leaveOut(["log_loss", "roc_auc", "average_precision"])
      let count = truth.labels.count { $0 >= known }
      let names = labels[known...].prefix(8).map { quoted($0) }.joined(separator: ", ")
      notes = [
        "Rows with a label that the model does not know (\(names)), which count as answered wrongly: \(count). log_loss and "
          + "the measures of ranking do not exist for them and are left out."
      ]
    } else {
      metrics = head.metrics(answers, truth)
      if known > 0 { noteOneClass(labels, truth) } else { noteConstants(head.targetNames, truth) }
    }
  }

  /// The same measures as functions of how often each row counts.
  static func counted(
    _ head: any Head, labels: [String], _ truth: Truth, _ answers: Answers, predicted: [Int32]
  ) -> [CountedMetric] {
    guard labels.count > head.labels.count else { return head.countedMetrics(answers, truth) }
    return countedClassificationMetrics(
      labels: truth.labels, predicted: predicted, probabilities: Measures.probabilities(answers, width: labels.count))
  }

  private mutating func leaveOut(_ names: [String]) { metrics.removeAll { names.contains($0.name) } }

  private mutating func noteOneClass(_ labels: [String], _ truth: Truth) {
    let expected = labels.count == 2 ? ["roc_auc", "average_precision"] : ["roc_auc"]
    let present = Set(truth.labels)
    guard present.count == 1, let only = present.first else { return }
    leaveOut(expected)
    let verb = expected.count == 1 ? "does" : "do"
    notes = [
      "\(expected.joined(separator: " and ")) \(verb) not exist, since all rows are \(quoted(labels[Int(only)]))."
    ]
  }

  private mutating func noteConstants(_ names: [String], _ truth: Truth) {
    let constant = zip(names, truth.numbers).filter { target in target.1.allSatisfy { $0 == target.1.first } }.map(\.0)
    guard !constant.isEmpty else { return }
    leaveOut(["r2"] + constant.map { "\($0).r2" })
    let shown = constant.map { quoted($0) }.joined(separator: ", ")
    notes = ["r2 does not exist, since \(shown) has the same value in every row."]
  }

  /// Probabilities of more labels: zero for those that the model does not know.
  private static func probabilities(_ answers: Answers, width: Int) -> Tensor {
    let rows = (0..<answers.count).flatMap { row in
      answers.row(row).map { Float($0) } + Array(repeating: 0, count: width - answers.width)
    }
    return Tensor(rows, shape: [answers.count, width])
  }
}
