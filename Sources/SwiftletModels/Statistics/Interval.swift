// SPDX-License-Identifier: Apache-2.0
//
// Interval: where the true value of a figure probably is.
//
// A figure that was measured on 30 rows would be another on 30 others. An interval says how different: of a hundred such
// intervals, about 95 contain the value that all rows of the world would give.
//
// Before    Metrics/RegressionMetrics.swift     After    Quantiles.swift
// Source    Cumming, "The New Statistics: Why and How" (2014)

import SwiftletFormats

/// Two ends, between which a value probably is.
public struct Interval: Codable, Equatable, Sendable {
  /// The lower end.
  public var low: Double
  /// The upper end.
  public var high: Double

  /// The part of all intervals that contain the true value, unless a caller asks for another.
  public static let usualConfidence = 0.95

  /// An interval with these ends.
  public init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  /// Both ends, as `evaluate --json` prints them.
  public var json: JSONValue { [.number(low), .number(high)] }
}
