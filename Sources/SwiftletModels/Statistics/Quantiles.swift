// SPDX-License-Identifier: Apache-2.0
//
// Two distributions that intervals are made of: the normal one, and Student's t.
//
// The standard deviation of a few scores is itself uncertain. Student's t allows for that: its quantiles are farther out
// than those of the normal distribution, and come closer to them with every degree of freedom.
//
// Shapes    ν degrees of freedom
// Before    Interval.swift     After    Rates.swift
// Source    Press et al., "Numerical Recipes" (2007), section 6.4, for the incomplete beta function

import Foundation

/// The probability that a normal variable with mean 0 and standard deviation 1 is at most `x`.
public func normalCDF(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }

/// The value that such a variable exceeds with the probability 1 − p.
///
/// - Parameter p: Between 0 and 1.
public func normalQuantile(_ p: Double) -> Double { quantile(p) { erfc($0 / 2.0.squareRoot()) / 2 } }

/// The probability that a variable with Student's t distribution is at most `t`.
///
/// - Parameters:
///   - t: Any number.
///   - degreesOfFreedom: ν, greater than 0.
public func studentCDF(_ t: Double, degreesOfFreedom: Double) -> Double {
  t < 0 ? studentTail(-t, degreesOfFreedom) : 1 - studentTail(t, degreesOfFreedom)
}

/// The value that such a variable exceeds with the probability 1 − p.
///
/// - Parameters:
///   - p: Between 0 and 1.
///   - degreesOfFreedom: ν, greater than 0.
public func studentQuantile(_ p: Double, degreesOfFreedom: Double) -> Double {
  quantile(p) { studentTail($0, degreesOfFreedom) }
}

/// The probability of more than t ≥ 0: half of I(x; ν/2, 1/2) with x = ν/(ν + t²).
private func studentTail(_ t: Double, _ ν: Double) -> Double {
  incompleteBeta(ν / (ν + t * t), rest: t * t / (ν + t * t), a: ν / 2, b: 0.5) / 2
}

/// The quantile of a distribution that is symmetric around 0, by bisection of its upper tail.
private func quantile(_ p: Double, tail: (Double) -> Double) -> Double {
  guard p > 0, p < 1 else { return p <= 0 ? -.infinity : .infinity }
  let wanted = min(p, 1 - p)
  var low = 0.0
  var high = 1.0
  while tail(high) > wanted, high.isFinite {
    low = high
    high *= 2
  }
  while true {
    let middle = low + (high - low) / 2
    guard middle > low, middle < high else { return p < 0.5 ? -middle : middle }
    if tail(middle) > wanted { low = middle } else { high = middle }
  }
}

/// The regularized incomplete beta function I(x; a, b).
///
/// - Parameter rest: 1 − x, which the caller knows without rounding.
private func incompleteBeta(_ x: Double, rest: Double, a: Double, b: Double) -> Double {
  guard x > 0 else { return 0 }
  guard rest > 0 else { return 1 }
  let factor = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(rest))
  // The fraction converges fast below the mean of the distribution; above it, its mirror image does.
  return x < (a + 1) / (a + b + 2)
    ? factor * betaFraction(x, a: a, b: b) / a : 1 - factor * betaFraction(rest, a: b, b: a) / b
}

/// The continued fraction of the incomplete beta function, by Lentz's method.
private func betaFraction(_ x: Double, a: Double, b: Double) -> Double {
  let tiny = 1e-300
  func nonzero(_ value: Double) -> Double { value.magnitude < tiny ? tiny : value }
  var c = 1.0
  var d = 1 / nonzero(1 - (a + b) * x / (a + 1))
  var result = d
  for m in stride(from: 1.0, through: 10_000, by: 1) {
    for term in [
      m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
      -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
    ] {
      d = 1 / nonzero(1 + term * d)
      c = nonzero(1 + term / c)
      result *= d * c
    }
    if (d * c - 1).magnitude < 1e-16 { break }
  }
  return result
}
