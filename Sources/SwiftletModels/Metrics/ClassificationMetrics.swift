// SPDX-License-Identifier: Apache-2.0
//
// How good a classifier is.
//
// Accuracy alone says little if one class is rare: a model that never sees a fraud is right 98.6 % of
// the time. So recall and precision of each class stand beside it, and the measures of its ranking.
//
// Shapes    N examples, C classes
// Before    ListMetrics.swift     After    RankingMetrics.swift
// Source    Sokolova, Lapalme, "A systematic analysis of performance measures for classification tasks" (2009)

import Foundation
import SwiftletTensors

/// Counts of true labels (rows) against predicted labels (columns).
public func confusionMatrix(labels: [Int32], predicted: [Int32], classCount: Int) -> [[Int]] {
  var matrix = Array(repeating: Array(repeating: 0, count: classCount), count: classCount)
  for (label, answer) in zip(labels, predicted) { matrix[Int(label)][Int(answer)] += 1 }
  return matrix
}

/// All measures of a classification.
///
/// - Parameters:
///   - labels: The true classes.
///   - predicted: The predicted ones.
///   - probabilities: Shape `[N, C]`.
public func classificationMetrics(labels: [Int32], predicted: [Int32], probabilities: Tensor) -> [Metric] {
  let c = probabilities.shape[1]
  let n = Double(labels.count)
  let matrix = confusionMatrix(labels: labels, predicted: predicted, classCount: c)
  let correct = matrix.indices.reduce(0) { $0 + matrix[$1][$1] }
  let p = probabilities.scalars
  let logLoss = labels.indices.reduce(0.0) { $0 + rowLogLoss(p[$1 * c + Int(labels[$1])]) } / n

  var precisions: [Double] = []
  var recalls: [Double] = []
  var f1s: [Double] = []
  for k in 0..<c {
    let hits = Double(matrix[k][k])
    let answered = Double(matrix.reduce(0) { $0 + $1[k] })
    let present = Double(matrix[k].reduce(0, +))
    guard answered + present > 0 else { continue }  // a class that neither is nor was predicted
    precisions.append(answered > 0 ? hits / answered : 0)
    recalls.append(present > 0 ? hits / present : 0)
    f1s.append(2 * hits / (answered + present))
  }
  var metrics = [
    Metric("accuracy", Double(correct) / n), Metric("log_loss", logLoss), Metric("macro_f1", mean(f1s)),
    Metric("macro_precision", mean(precisions)), Metric("macro_recall", mean(recalls)),
  ]
  let columns = (0..<c).map { k in labels.indices.map { p[$0 * c + k] } }
  let areas = (c == 2 ? [1] : Array(0..<c)).compactMap { k in
    areaUnderROC(scores: columns[k], isPositive: labels.map { $0 == Int32(k) })
  }
  if !areas.isEmpty { metrics.append(Metric("roc_auc", mean(areas))) }
  if c == 2, let precision = averagePrecision(scores: columns[1], isPositive: labels.map { $0 == 1 }) {
    metrics.append(Metric("average_precision", precision))
  }
  return metrics
}

/// What a row adds to the log loss, by the probability of its true class.
///
/// As scikit-learn: no probability counts for less than the gap between 1 and the next Float, so that one sure and
/// wrong answer does not make the loss infinite.
func rowLogLoss(_ p: Float) -> Double { -Foundation.log(max(Double(p), Double(Float.ulpOfOne))) }

package func mean(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count) }
