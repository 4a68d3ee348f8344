// SPDX-License-Identifier: Apache-2.0
//
// The square root, eight at a time.
//
// Swift's own `squareRoot()` of a vector goes number by number, and asks of each whether it is negative; in Adam,
// which needs one root for every parameter in every step, that took a fifth of the whole training. Here the bits
// of the number, halved as if they were its logarithm, give a first guess of 1/√x, and Newton's method doubles
// its digits three times: multiplications and additions only, which all eight do at once.
//
// Before    Exponential.swift     After    Activations.swift
// Source    Lomont, "Fast Inverse Square Root" (2003), for the first guess

/// The square roots of eight numbers from 0 up, within 2 units in the last place; below 10⁻³⁸, within 10⁻¹⁹ of zero.
///
/// `sqrt(_:)` of a tensor is exact, and is what tests compare this with. Negative numbers and infinity give no root.
@inlinable @inline(__always) package func fastSquareRoot(_ x: Vector8) -> Vector8 {
  let halfLogarithm = unsafeBitCast(x, to: SIMD8<UInt32>.self) &>> 1
  var root = unsafeBitCast(0x5F37_59DF &- halfLogarithm, to: Vector8.self)  // 1/√x within 3.5 %
  let half = 0.5 * x
  root = root * (1.5 - half * root * root)  // within 2 · 10⁻³
  root = root * (1.5 - half * root * root)  // within 5 · 10⁻⁶
  root = root * (1.5 - half * root * root)  // as exact as 32 bits allow
  return x * root  // x/√x; and 0 at 0, because the guess is finite there
}
