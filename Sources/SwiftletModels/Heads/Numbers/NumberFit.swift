// SPDX-License-Identifier: Apache-2.0
//
// The loss of a regression, and how good it is.
//
// Shapes    N rows, T targets, as many scores and answers
// Before    NumberTruth.swift     After    Heads/Ranking/RankingHead.swift

import SwiftletAutograd
import SwiftletTensors

// MARK: In a fit

extension NumberHead {
  /// The truth in the units of the scores, shape `[N, T]`.
  private func standardized(_ truth: Truth) -> Tensor {
    Tensor(uninitialized: [truth.count, targets.count]) { scaled in
      for (position, (column, scale)) in zip(truth.numbers, targets).enumerated() {
        for row in column.indices {
          scaled[row * targets.count + position] = Float((column[row] - scale.offset) / scale.factor)
        }
      }
    }
  }

  /// √(N wᵢ / Σ w) for each row, shape `[N, 1]`: errors times it have the weighted mean of squares as their mean.
  private func rootWeights(_ truth: Truth) -> Tensor? {
    truth.weights.map { weights in
      let mean = Float(truth.totalWeight / Double(truth.count))
      return Tensor(weights.map { ($0 / mean).squareRoot() }, shape: [weights.count, 1])
    }
  }

  public func loss(_ scores: Variable, _ truth: Truth) -> Variable {
    let targets = standardized(truth)
    guard let weights = rootWeights(truth) else { return meanSquaredError(scores, targets: targets) }
    return meanSquaredError(scores * scores.tape.constant(weights), targets: targets * weights)
  }

  public func lossAndGradient(_ scores: Tensor, _ truth: Truth) -> (loss: Double, gradient: Tensor) {
    var difference = scores - standardized(truth)
    let weights = rootWeights(truth)
    if let weights { difference = difference * weights }
    let loss = Double(square(difference).mean().scalar)
    if let weights { difference = difference * weights }
    return (loss: loss, gradient: difference * (2 / Float(difference.count)))
  }

  /// ½ the squared error, which is a mean over the T targets too.
  public var convexity: Convexity? { Convexity(curvature: 1, factor: 0.5 * Double(targets.count)) }

  public func balancingWeights(of truth: Truth, trainedOn train: Truth) -> [Float]? { nil }
}

// MARK: In the figures

extension NumberHead {
  public var watchedMetric: String { "r2" }

  /// The squared errors.
  public func watchedSum(_ scores: Tensor, _ truth: Truth) -> Double {
    Double(square(scores - standardized(truth)).sum().scalar)
  }

  /// 1 − their sum by the sum of the squared distances from the means.
  public func watchedValue(_ sum: Double, _ truth: Truth) -> Double {
    let spread = zip(truth.numbers, targets).reduce(0.0) { total, target in
      let center = mean(target.0)
      return total + target.0.reduce(0) { $0 + ($1 - center) * ($1 - center) } / (target.1.factor * target.1.factor)
    }
    return spread > 0 ? 1 - sum / spread : 0
  }

  public func metrics(_ answers: Answers, _ truth: Truth) -> [Metric] {
    regressionMetrics(
      targets: truth.numbers, predictions: (0..<answers.count).map { Array(answers.row($0)) }, names: targetNames)
  }

  public func comparedLoss(of answers: Answers, _ truth: Truth) -> Metric {
    let roots = truth.numbers.enumerated().map { position, column in
      mean(
        column.indices.map { row in
          let error = answers.values[row * answers.width + position] - column[row]
          return error * error
        }
      ).squareRoot()
    }
    return Metric("rmse", mean(roots))
  }

  public func rowLosses(of answers: Answers, _ truth: Truth) -> [Double] {
    (0..<truth.count).map { row in
      mean(
        zip(truth.numbers, targets).enumerated().map { position, target in
          let error = (answers.values[row * answers.width + position] - target.0[row]) / target.1.factor
          return error * error
        })
    }
  }

  public func countedMetrics(_ answers: Answers, _ truth: Truth) -> [CountedMetric] {
    countedRegressionMetrics(
      targets: truth.numbers, predictions: (0..<answers.count).map { Array(answers.row($0)) }, names: targetNames)
  }

  /// Always the mean.
  public func baselineMetrics(trainedOn train: Truth, judgedOn truth: Truth) -> [Metric] {
    let means = train.numbers.map { mean($0) }
    return regressionMetrics(
      targets: truth.numbers, predictions: Array(repeating: means, count: truth.count), names: targetNames)
  }

  /// The difference of the squared errors as a part of the mean square around the mean.
  public func gains(of answers: Answers, _ truth: Truth, trainedOn train: Truth) -> [Double] {
    var gains = Array(repeating: 0.0, count: truth.count)
    for (position, (column, trained)) in zip(truth.numbers, train.numbers).enumerated() {
      let simplest = mean(trained)
      let center = mean(column)
      let spread = mean(column.map { ($0 - center) * ($0 - center) })
      guard spread > 0 else { continue }
      for (row, value) in column.enumerated() {
        let own = answers.values[row * answers.width + position] - value
        let other = simplest - value
        gains[row] += (other * other - own * own) / spread / Double(targets.count)
      }
    }
    return gains
  }

  public var baselineName: String { "the mean" }
  public var summary: String { "predicts a number" }
  public var hubTask: String { "tabular-regression" }
}
