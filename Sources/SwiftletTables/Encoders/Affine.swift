// SPDX-License-Identifier: Apache-2.0
//
// Affine: a number, shifted and scaled.
//
// Before    Encoders.swift     After    NumberEncoder.swift

import CVectorMath
import SwiftletTensors

/// (x − offset) · factor, with `fill` for a missing x.
public struct Affine: Sendable, Equatable {
  /// The value that replaces a missing one, in the column's unit.
  public let fill: Double
  /// The number that becomes 0.
  public let offset: Double
  /// The number that one unit of the column becomes.
  public let factor: Double
  /// The feature of a missing number.
  private let filled: Float

  /// - Returns: `nil` if 32-bit numbers cannot hold the features of `fill` and of the numbers that training had.
  ///   Fitting and loading obey this one rule, so that every saved model can be loaded.
  init?(fill: Double, offset: Double, factor: Double, holding numbers: [Double] = []) {
    self.fill = fill
    self.offset = offset
    self.factor = factor
    filled = Float((fill - offset) * factor)
    guard Float(factor).isFinite, factor != 0, filled.isFinite, numbers.allSatisfy({ self($0).isFinite }) else {
      return nil
    }
  }

  /// The feature of a number; NaN is missing. Computed in 64 bits, because 32 ruin a timestamp.
  @inline(__always) func callAsFunction(_ x: Double) -> Float { x.isNaN ? filled : Float((x - offset) * factor) }
}

extension Affine {
  /// Writes the features of whole rows of numbers, a column for each affine: exactly what each of them computes.
  static func writer(_ columns: [Affine]) -> BareRowWriter {
    let offsets = columns.map(\.offset)
    let factors = columns.map(\.factor)
    let fills = columns.map(\.filled)
    return { rows, target in
      guard let numbers = rows.baseAddress, let features = target.baseAddress, !columns.isEmpty else { return }
      // In bounds: whole rows, and room for as many numbers.
      swiftlet_scale_rows(
        VectorInstructions.best.rawValue, numbers, min(rows.count, target.count) / columns.count, columns.count,
        offsets, factors, fills, features)
    }
  }
}
