// SPDX-License-Identifier: Apache-2.0
//
// Histogram: how values are spread, in buckets with fixed bounds, as Prometheus counts.
//
// Before    Batching/WaitingRequest.swift     After    ModelStatistics.swift

import NIOCore

/// Counts of values by size.
struct Histogram: Sendable {
  /// The largest value of every bucket but the last, which has no bound.
  let bounds: [Double]
  private(set) var counts: [Int]
  private(set) var sum = 0.0
  private(set) var count = 0

  init(bounds: [Double]) {
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count + 1)
  }

  mutating func record(_ value: Double) {
    var bucket = 0
    while bucket < bounds.count, value > bounds[bucket] { bucket += 1 }
    counts[bucket] += 1
    sum += value
    count += 1
  }

  mutating func record(_ time: TimeAmount) { record(Double(time.nanoseconds) / 1e9) }

  /// From fifty microseconds to ten seconds.
  static let seconds = Histogram(
    bounds: [
      0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ])
  static let rows = Histogram(bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 16_384])
}
