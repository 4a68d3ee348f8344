// SPDX-License-Identifier: Apache-2.0
//
// Is the mean of some rows greater than that of the others, and of many such questions, which may be answered with yes?
//
// A test at 5 % is wrong in one of twenty cases, and a search through a thousand slices asks a thousand times. Benjamini and
// Hochberg's bound is lower the more was asked, so that of what is reported no more than 5 % is chance.
//
// Before    ColumnParts.swift     After    Slices.swift
// Source    Welch, "The Generalization of 'Student's' Problem when Several Different Population Variances are Involved"
//           (1947); Benjamini, Hochberg, "Controlling the False Discovery Rate" (1995), section 3

import SwiftletModels

/// The number of some values, their sum, and that of their squares.
struct Moments: Sendable, Equatable {
  var count = 0.0
  var sum = 0.0
  var squares = 0.0

  mutating func add(_ value: Double) {
    count += 1
    sum += value
    squares += value * value
  }

  static func - (a: Moments, b: Moments) -> Moments {
    Moments(count: a.count - b.count, sum: a.sum - b.sum, squares: a.squares - b.squares)
  }

  var mean: Double { count > 0 ? sum / count : 0 }
  /// The variance of the population that these are drawn from.
  var variance: Double { count > 1 ? max(0, squares - sum * sum / count) / (count - 1) : 0 }
}

/// Whether the mean of some values is greater than that of others, with variances of their own.
struct WelchTest: Sendable, Equatable {
  /// The difference of the means in its standard errors.
  let t: Double
  /// The probability of such a t, or a greater one, if the true means are equal.
  let p: Double
  /// The difference of the means in standard deviations of a row: the root of the mean of the two variances.
  let effect: Double

  /// `nil` if there are fewer than two values on a side, or none of them varies.
  init?(_ some: Moments, against others: Moments) {
    guard some.count > 1, others.count > 1 else { return nil }
    let own = some.variance / some.count
    let other = others.variance / others.count
    guard own + other > 0 else { return nil }
    let difference = some.mean - others.mean
    t = difference / (own + other).squareRoot()
    let freedom =
      (own + other) * (own + other) / (own * own / (some.count - 1) + other * other / (others.count - 1))
    p = studentCDF(-t, degreesOfFreedom: freedom)
    effect = difference / ((some.variance + others.variance) / 2).squareRoot()
  }
}

/// Up to which p several are discoveries; 0 if none is.
///
/// - Parameters:
///   - values: Every p of the search, those of what does not interest too.
///   - rate: The part of the discoveries that may be chance.
func discoveryBound(_ values: [Double], rate: Double) -> Double {
  let sorted = values.sorted()
  let last = sorted.indices.last { sorted[$0] <= rate * Double($0 + 1) / Double(sorted.count) }
  return last.map { rate * Double($0 + 1) / Double(sorted.count) } ?? 0
}
