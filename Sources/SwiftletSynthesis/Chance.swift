// SPDX-License-Identifier: Apache-2.0
//
// Chance: the random draws of the simulations.
//
// Every record has a stream of its own, named by a seed and the record's number. So a record does not depend on those
// before it, and the first thousand rows of a larger set are those of a smaller one.
//
// Before    -     After    CSVFile.swift
// Source    Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014); Box, Muller, "A note on the
//           generation of random normal deviates" (1958); Knuth, "The Art of Computer Programming" 2, section 3.4.1

import Foundation
import SwiftletTensors

/// A stream of random draws.
struct Chance {
  private var generator: Generator

  /// - Parameter keys: What the stream is for, such as the number of a customer.
  init(seed: UInt64, _ keys: Int...) {
    generator = Generator(seed: seed, streams: keys.map { UInt64(truncatingIfNeeded: $0) })
  }

  /// From 0 up to but not including 1.
  mutating func unit() -> Double { generator.uniform() }

  mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }

  /// A whole number from 0 up to but not including `bound`, which is below 2³².
  mutating func below(_ bound: Int) -> Int { Int(((generator.next() >> 32) &* UInt64(max(0, bound))) >> 32) }

  mutating func happens(_ probability: Double) -> Bool { unit() < probability }

  mutating func normal(_ mean: Double = 0, _ deviation: Double = 1) -> Double {
    let a = 1 - unit()
    let b = unit()
    return mean + deviation * (-2 * log(a)).squareRoot() * cos(2 * .pi * b)
  }

  /// A count from the Poisson distribution.
  mutating func poisson(_ mean: Double) -> Int {
    let limit = exp(-mean)
    var count = 0
    var product = 1.0
    while true {
      product *= unit()
      if product <= limit { return count }
      count += 1
    }
  }

  /// A random position; `weights` are the probabilities, up to a factor.
  mutating func pick(_ weights: [Double]) -> Int {
    var left = unit() * weights.reduce(0, +)
    for (position, weight) in weights.enumerated() {
      left -= weight
      if left < 0 { return position }
    }
    return weights.count - 1
  }
}

extension Double {
  /// The nearest number inside the bounds.
  func clamped(to bounds: ClosedRange<Double>) -> Double { min(max(self, bounds.lowerBound), bounds.upperBound) }
}

/// The fifth of the rows that judge, for sets without an order: by a hash of the row's number.
func hashSplit(_ row: Int) -> String { Generator.mix(UInt64(row)) % 5 == 0 ? "test" : "train" }
