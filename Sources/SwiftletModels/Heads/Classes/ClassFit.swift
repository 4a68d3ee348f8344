// SPDX-License-Identifier: Apache-2.0
//
// The loss of a classifier, and how good it is.
//
// Shapes    N rows, C classes, S scores: 1 of two classes, else C
// Before    ClassTruth.swift     After    Heads/Numbers/NumberHead.swift

import SwiftletAutograd
import SwiftletTensors

// MARK: In a fit

extension ClassHead {
  public func loss(_ scores: Variable, _ truth: Truth) -> Variable {
    isBinary
      ? binaryCrossEntropy(logits: scores, labels: truth.labels, weights: truth.weights)
      : crossEntropy(logits: scores, labels: truth.labels, weights: truth.weights)
  }

  public func lossAndGradient(_ scores: Tensor, _ truth: Truth) -> (loss: Double, gradient: Tensor) {
    isBinary
      ? binaryCrossEntropyAndGradient(logits: scores, labels: truth.labels, weights: truth.weights)
      : crossEntropyAndGradient(logits: scores, labels: truth.labels, weights: truth.weights)
  }

  /// p (1 − p) is at most ¼.
  public var convexity: Convexity? { Convexity(curvature: 0.25) }

  /// n / (C · nₖ) for a row of class k.
  public func balancingWeights(of truth: Truth, trainedOn train: Truth) -> [Float]? {
    let weights = counts(of: train).map { Float(train.count) / Float(labels.count * max($0, 1)) }
    return truth.labels.map { weights[Int($0)] }
  }

  private func counts(of truth: Truth) -> [Int] {
    var counts = Array(repeating: 0, count: labels.count)
    for label in truth.labels { counts[Int(label)] += 1 }
    return counts
  }
}

// MARK: In the figures

extension ClassHead {
  public var watchedMetric: String { "accuracy" }

  /// The number of rows that are right.
  public func watchedSum(_ scores: Tensor, _ truth: Truth) -> Double {
    let answers = isBinary ? scores.scalars.map { $0 > 0 ? 1 : 0 } : scores.argmax(axis: 1)
    return Double(zip(truth.labels, answers).count { $0 == $1 })
  }

  public func watchedValue(_ sum: Double, _ truth: Truth) -> Double { sum / Double(truth.count) }

  public func metrics(_ answers: Answers, _ truth: Truth) -> [Metric] {
    classificationMetrics(
      labels: truth.labels, predicted: (0..<answers.count).map { Int32(label(of: answers.row($0))) },
      probabilities: Tensor(answers.values.map { Float($0) }, shape: [answers.count, answers.width]))
  }

  public func comparedLoss(of answers: Answers, _ truth: Truth) -> Metric {
    Metric("log_loss", mean(rowLosses(of: answers, truth)))
  }

  public func rowLosses(of answers: Answers, _ truth: Truth) -> [Double] {
    truth.labels.indices.map { row in
      rowLogLoss(Float(answers.values[row * answers.width + Int(truth.labels[row])]))
    }
  }

  public func countedMetrics(_ answers: Answers, _ truth: Truth) -> [CountedMetric] {
    countedClassificationMetrics(
      labels: truth.labels, predicted: (0..<answers.count).map { Int32(label(of: answers.row($0))) },
      probabilities: Tensor(answers.values.map { Float($0) }, shape: [answers.count, answers.width]))
  }

  /// Always the most frequent class; the probabilities are the shares of the classes.
  public func baselineMetrics(trainedOn train: Truth, judgedOn truth: Truth) -> [Metric] {
    let majority = Int32(mostFrequent(in: train))
    let shares = Tensor(counts(of: train).map { Float($0) / Float(max(train.count, 1)) }, shape: [1, labels.count])
    return classificationMetrics(
      labels: truth.labels, predicted: truth.labels.map { _ in majority },
      probabilities: shares.gathered(Array(repeating: 0, count: truth.count)))
  }

  /// 1 where only the answer is right, −1 where only the most frequent class is.
  public func gains(of answers: Answers, _ truth: Truth, trainedOn train: Truth) -> [Double] {
    let majority = mostFrequent(in: train)
    return truth.labels.enumerated().map { row, own in
      (label(of: answers.row(row)) == Int(own) ? 1 : 0) - (majority == Int(own) ? 1 : 0)
    }
  }

  private func mostFrequent(in truth: Truth) -> Int {
    let counts = counts(of: truth)
    return counts.indices.max { counts[$0] < counts[$1] } ?? 0
  }

  public var baselineName: String { "the most frequent class" }
  public var summary: String { "tells \(labels.count) classes apart" }
  public var hubTask: String { "tabular-classification" }
}
