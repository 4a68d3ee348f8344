// SPDX-License-Identifier: Apache-2.0
//
// The bootstrap: how much a figure would differ on other rows, from the rows that there are.
//
// As many rows as there are, drawn with replacement, are a test set that could have been. A thousand of those give a
// thousand values, and the middle 95 % of them are the interval. Each class keeps its number of rows, so that no
// resample loses a rare one. A row is not copied: it counts as often as it was drawn, so what takes sorting is sorted
// once.
//
// Shapes    N rows
// Before    Rates.swift     After    FoldMeans.swift
// Source    Efron, Tibshirani, "An Introduction to the Bootstrap" (1993), section 13.3

import SwiftletTensors

/// Resamples of N rows.
public struct Bootstrap: Sendable {
  /// A figure, from how often each of the N rows counts; `nil` if it does not exist for them.
  public typealias Statistic = @Sendable (_ counts: [Double]) -> Double?

  private let strata: [[Int32]]
  private let rowCount: Int
  private let seed: UInt64
  /// Number of resamples.
  public let resampleCount: Int

  /// Resamples that are the same every time.
  ///
  /// - Parameters:
  ///   - classes: The class of each row; the same for all if there are none.
  ///   - resampleCount: How many resamples there are.
  ///   - seed: Draws the rows.
  public init(classes: [Int32], resampleCount: Int = 1000, seed: UInt64 = 7) {
    var rows: [Int32: [Int32]] = [:]
    for (row, label) in classes.enumerated() { rows[label, default: []].append(Int32(row)) }
    strata = rows.sorted { $0.key < $1.key }.map(\.value)
    rowCount = classes.count
    self.resampleCount = resampleCount
    self.seed = seed
  }

  /// The interval of each figure: the percentiles of its values.
  ///
  /// - Returns: `nil` for a figure that is the same in every resample: then the rows cannot say how it varies.
  /// - Complexity: O(resamples · (N + what the figures take))
  public func intervals(
    of statistics: [Statistic], confidence: Double = Interval.usualConfidence
  ) -> [Interval?] {
    var values = statistics.map { _ in [Double]() }
    var generator = Generator(seed: seed)
    for _ in 0..<resampleCount {
      let counts = draw(&generator)
      for (position, statistic) in statistics.enumerated() {
        if let value = statistic(counts), value.isFinite { values[position].append(value) }
      }
    }
    return values.map { values in
      let sorted = values.sorted()
      guard let least = sorted.first, let greatest = sorted.last, least < greatest else { return nil }
      return Interval(
        low: percentile((1 - confidence) / 2, of: sorted), high: percentile((1 + confidence) / 2, of: sorted))
    }
  }

  /// A figure in each of the resamples, NaN where it does not exist. Resample i draws the same rows for every figure.
  package func values(of statistic: Statistic) -> [Double] {
    var generator = Generator(seed: seed)
    return (0..<resampleCount).map { _ in statistic(draw(&generator)) ?? .nan }
  }

  /// How often each row is drawn in one resample.
  private func draw(_ generator: inout Generator) -> [Double] {
    var counts = Array(repeating: 0.0, count: rowCount)
    counts.withUnsafeMutableBufferPointer { counts in
      for rows in strata {
        rows.withUnsafeBufferPointer { rows in
          // Every row is one of 0..<rowCount.
          for _ in 0..<rows.count { counts[Int(rows[generator.below(rows.count)])] += 1 }
        }
      }
    }
    return counts
  }
}

/// A percentile of sorted values, between two of them by their distance.
private func percentile(_ part: Double, of sorted: [Double]) -> Double {
  let place = part * Double(sorted.count - 1)
  let below = Int(place)
  let above = min(below + 1, sorted.count - 1)
  return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
}
