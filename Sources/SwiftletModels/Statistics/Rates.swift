// SPDX-License-Identifier: Apache-2.0
//
// Rates: the intervals of counted successes.
//
// The textbook's p ± z·√(p(1 − p)/n) has no width at all if every row was answered rightly, and contains the true value
// far too seldom before that. Wilson's interval asks which true rates would make the counted one surprising. For a mean
// of rates, such as the macro recall, the distances of their intervals add up as independent errors do.
//
// Before    Quantiles.swift     After    Bootstrap.swift
// Source    Wilson, "Probable Inference, the Law of Succession, and Statistical Inference" (1927); Zou, Donner,
//           "Construction of confidence limits about effect measures: A general approach" (2008), equation 6

import SwiftletFormats

/// Successes among trials, such as the rows that were answered rightly.
public struct Rate: Codable, Equatable, Sendable {
  /// Number of successes.
  public var successes: Double
  /// Number of trials.
  public var count: Double

  /// Successes among a number of trials.
  public init(successes: Double, count: Double) {
    self.successes = successes
    self.count = count
  }

  /// The part that succeeded; 0 if nothing was tried.
  public var value: Double { count > 0 ? successes / count : 0 }

  /// Wilson's interval; from 0 to 1 if nothing was tried.
  ///
  /// The center is (p + z²/2n)/(1 + z²/n), the half width z·√(p(1 − p)/n + z²/4n²)/(1 + z²/n).
  public func interval(confidence: Double = Interval.usualConfidence) -> Interval {
    guard count > 0 else { return Interval(low: 0, high: 1) }
    let z = normalQuantile((1 + confidence) / 2)
    let share = z * z / count
    let center = (value + share / 2) / (1 + share)
    let half = (value * (1 - value) * share + share * share / 4).squareRoot() / (1 + share)
    return Interval(
      low: successes == 0 ? 0 : max(0, center - half), high: successes == count ? 1 : min(1, center + half))
  }
}

/// The interval of the mean of several rates.
///
/// - Parameters:
///   - rates: At least one; that of one is Wilson's.
///   - confidence: The share of such intervals that hold the true mean.
public func intervalOfMean(of rates: [Rate], confidence: Double = Interval.usualConfidence) -> Interval {
  let center = mean(rates.map(\.value))
  let intervals = rates.map { $0.interval(confidence: confidence) }
  func distance(_ end: (Interval) -> Double) -> Double {
    let squares = zip(rates, intervals).map { ($0.value - end($1)) * ($0.value - end($1)) }
    return squares.reduce(0, +).squareRoot() / Double(max(rates.count, 1))
  }
  return Interval(low: max(0, center - distance(\.low)), high: min(1, center + distance(\.high)))
}
