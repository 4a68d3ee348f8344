// SPDX-License-Identifier: Apache-2.0
//
// The generator: random numbers that are the same every time.
//
// A run that cannot be repeated cannot be debugged. So the toolkit brings a generator of its own, whose
// numbers depend on the seed alone, on every platform: it uses whole numbers and those floating-point
// operations that IEEE 754 defines to the last bit, and never the C library's logarithm, which differs.
//
// Before    Rearranging/Concatenate.swift     After    RandomTensors.swift
// Source    Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators" (OOPSLA 2014), SplitMix64;
//           Marsaglia, Bray, "A Convenient Method for Generating Normal Variables" (1964)

/// A seeded source of random numbers: SplitMix64.
///
///     var generator = Generator(seed: 7)
///     let first = generator.uniform()  // 0.7215038…, here and everywhere
public struct Generator: RandomNumberGenerator, Sendable, Equatable {
  /// The one word that all numbers to come depend on: kept, a run can go on from it.
  package var state: UInt64

  /// The step between two states: 2⁶⁴ divided by the golden ratio, made odd.
  public static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// The same seed gives the same numbers, on every machine.
  public init(seed: UInt64) { state = Generator.mix(seed &+ Generator.increment) }

  /// A generator whose numbers have nothing to do with those of the same seed and another stream.
  ///
  /// A run draws its initial weights, its order of examples and its dropout from three streams, so that
  /// more of one does not shift the others.
  public init(seed: UInt64, stream: UInt64) {
    self.init(seed: seed, streams: [stream])
  }

  /// A generator for one of many things, named by several numbers, such as a kind and a row.
  public init(seed: UInt64, streams: [UInt64]) {
    self.init(seed: seed)
    for stream in streams { state = Generator.mix(state ^ Generator.mix(stream &+ Generator.increment)) }
  }

  public mutating func next() -> UInt64 {
    state &+= Generator.increment
    return Generator.mix(state)
  }

  /// Spreads every bit of a number over all bits of another: a bijection, and a good hash.
  public static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number from 0 up to but not including 1, with 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A whole number from 0 up to but not including `bound`.
  public mutating func below(_ bound: Int) -> Int {
    guard bound > 0 else { stop("below: the bound must be positive, but it is \(bound)") }
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A number from the normal distribution with mean 0 and standard deviation 1.
  ///
  /// The polar method: a point drawn evenly from the unit disk gives √(−2 ln s / s) · u, s its squared
  /// distance from the center. The disk's second number is dropped, which keeps the generator one word of state.
  public mutating func normal() -> Double {
    while true {
      let u = 2 * uniform() - 1
      let v = 2 * uniform() - 1
      let s = u * u + v * v
      if s > 0, s < 1 { return u * (-2 * portableLogarithm(s) / s).squareRoot() }
    }
  }

  /// The numbers from 0 to `count` − 1 in random order (Fisher and Yates, from the end).
  public mutating func permutation(of count: Int) -> [Int32] {
    guard count <= Int(Int32.max) else { stop("permutation: at most 2^31 - 1 numbers, but \(count) were asked for") }
    var order = (0..<Int32(count)).map { $0 }
    for i in stride(from: count - 1, to: 0, by: -1) { order.swapAt(i, below(i + 1)) }
    return order
  }
}

/// The natural logarithm of a positive normal number, by operations that are exact everywhere.
///
/// With x = m · 2ᵉ, m near 1 and t = (m − 1)/(m + 1): ln m = 2 (t + t³/3 + t⁵/5 + …), |t| ≤ 0.1716.
private func portableLogarithm(_ x: Double) -> Double {
  var m = x.significand  // from 1 up to 2
  var e = Double(x.exponent)
  if m > 1.4142135623730951 {
    m /= 2
    e += 1
  }
  let t = (m - 1) / (m + 1)
  let t2 = t * t
  var series = 0.0
  for k in stride(from: 23, through: 1, by: -2) { series = series * t2 + 1 / Double(k) }
  return 2 * t * series + e * 0.6931471805599453
}
