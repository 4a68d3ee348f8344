// SPDX-License-Identifier: Apache-2.0
//
// Verdict: whether a difference is more than luck.
//
// Before    ScoreMetric.swift     After    Tuning/TuningSpace.swift

import SwiftletModels

/// What a paired difference says.
public enum Verdict: String, Codable, Sendable, CaseIterable {
  /// The interval of the difference lies on the better side of 0.
  case better
  /// The interval contains 0, or there is none.
  case notDistinguishable = "not distinguishable"
  /// The interval lies on the worse side.
  case worse

  /// What the difference of one recipe's scores from another's says.
  ///
  /// - Parameters:
  ///   - difference: The mean of the differences.
  ///   - isLoss: Whether the smaller of two values is the better one.
  public init(_ difference: FoldMean, isLoss: Bool) {
    guard let interval = difference.interval, interval.low > 0 || interval.high < 0 else {
      self = .notDistinguishable
      return
    }
    self = (interval.high < 0) == isLoss ? .better : .worse
  }
}
