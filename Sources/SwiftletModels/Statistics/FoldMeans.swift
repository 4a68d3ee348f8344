// SPDX-License-Identifier: Apache-2.0
//
// The mean of scores by fold, with an interval that allows for what the folds share.
//
// Any two of k training sets have most of their rows in common, so their scores are not independent, and the usual
// interval of a mean is far too narrow: it finds a difference between two equal learners in up to half of all
// comparisons. Nadeau and Bengio add the share that the scores have in common to the variance.
//
// Shapes    m scores, k folds
// Before    Bootstrap.swift     After    CountedMetric.swift
// Source    Nadeau, Bengio, "Inference for the Generalization Error" (2003), section 3, with n₂/n₁ = 1/(k − 1)

import SwiftletFormats

/// The mean of scores by fold, and where the true one probably is.
public struct FoldMean: Codable, Equatable, Sendable {
  /// The mean of the scores.
  public let mean: Double
  /// The corrected interval; `nil` if there are fewer than two scores.
  public let interval: Interval?

  /// The mean of m scores, and mean ± t(m − 1) · s · √(1/m + 1/(k − 1)).
  ///
  /// - Parameters:
  ///   - scores: One for each fold of each repeat, or differences of such.
  ///   - folds: k, the number of folds in a repeat.
  ///   - range: The values that there are: an interval does not say that an accuracy may be above 1.
  ///   - confidence: The share of such intervals that hold the true mean.
  public init(
    _ scores: [Double], folds: Int, within range: ClosedRange<Double> = -.infinity ... .infinity,
    confidence: Double = Interval.usualConfidence
  ) {
    mean = SwiftletModels.mean(scores)
    guard scores.count > 1, folds > 1 else {
      interval = nil
      return
    }
    let m = Double(scores.count)
    let center = mean
    let variance = scores.reduce(0) { $0 + ($1 - center) * ($1 - center) } / (m - 1)
    let t = studentQuantile((1 + confidence) / 2, degreesOfFreedom: m - 1)
    let half = t * (variance * (1 / m + 1 / Double(folds - 1))).squareRoot()
    interval = Interval(low: max(range.lowerBound, center - half), high: min(range.upperBound, center + half))
  }
}
