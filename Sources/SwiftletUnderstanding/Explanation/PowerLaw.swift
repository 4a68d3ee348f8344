// SPDX-License-Identifier: Apache-2.0
//
// PowerLaw: how a loss falls with the number of training rows.
//
// Of many models and data sets the loss is a + b · n^−c: a is what no number of rows takes away. For a given c the best a
// and b are those of a straight line, so only c is searched.
//
// Shapes    K points
// Before    PartialDependence.swift     After    RowsCurve.swift
// Source    Cortes et al., "Learning Curves: Asymptotic Values and Rate of Convergence" (1993), section 2

import Foundation

/// a + b · n^−c.
public struct PowerLaw: Codable, Equatable, Sendable {
  /// What is left with any number of rows.
  public let a: Double
  /// What one row leaves beside it.
  public let b: Double
  /// How fast that falls.
  public let c: Double

  /// A law with these numbers.
  public init(a: Double, b: Double, c: Double) {
    self.a = a
    self.b = b
    self.c = c
  }

  /// The loss with n rows.
  public func loss(_ n: Double) -> Double { a + b * pow(n, -c) }

  /// The exponents that are tried.
  private static let exponents = 0.05...2.5

  /// Whether neither a nor c is at the end of what is tried: there, the points do not decide them.
  package var isInside: Bool { a > 0 && c > 1.01 * Self.exponents.lowerBound && c < 0.99 * Self.exponents.upperBound }

  /// The law with the least squared distance from some points; `nil` if there are fewer than four sizes, or if the loss
  /// does not fall.
  ///
  /// - Parameters:
  ///   - sizes: Numbers of rows.
  ///   - losses: A loss for each.
  public init?(sizes: [Double], losses: [Double]) {
    guard Set(sizes).count >= 4, sizes.count == losses.count, losses.allSatisfy(\.isFinite) else { return nil }
    var best: (law: PowerLaw, error: Double)?
    for step in 0...120 {
      let (least, most) = (PowerLaw.exponents.lowerBound, PowerLaw.exponents.upperBound)
      let c = least * pow(most / least, Double(step) / 120)
      guard let law = PowerLaw.line(sizes, losses, c) else { continue }
      let error = zip(sizes, losses).reduce(0) { $0 + pow(law.loss($1.0) - $1.1, 2) }
      if error < best?.error ?? .infinity { best = (law, error) }
    }
    guard let law = best?.law else { return nil }
    self = law
  }

  /// The best a from 0 and b above 0 for one c.
  private static func line(_ sizes: [Double], _ losses: [Double], _ c: Double) -> PowerLaw? {
    let x = sizes.map { pow($0, -c) }
    let n = Double(x.count)
    let (centerX, centerY) = (x.reduce(0, +) / n, losses.reduce(0, +) / n)
    let xx = x.reduce(0) { $0 + ($1 - centerX) * ($1 - centerX) }
    let xy = zip(x, losses).reduce(0) { $0 + ($1.0 - centerX) * ($1.1 - centerY) }
    guard xx > 0, xy > 0 else { return nil }
    let b = xy / xx
    let a = centerY - b * centerX
    if a >= 0 { return PowerLaw(a: a, b: b, c: c) }
    // No loss is less than 0: the line through it.
    return PowerLaw(a: 0, b: zip(x, losses).reduce(0) { $0 + $1.0 * $1.1 } / x.reduce(0) { $0 + $1 * $1 }, c: c)
  }
}
