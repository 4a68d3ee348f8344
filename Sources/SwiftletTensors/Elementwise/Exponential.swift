// SPDX-License-Identifier: Apache-2.0
//
// The exponential function, eight at a time.
//
// Softmax, sigmoid and tanh are all made of exp, so it is worth more than a call into the C library per
// scalar. The method is the usual one: eˣ = 2ⁿ · eʳ with n the nearest whole number to x / ln 2, so that
// |r| ≤ ln 2 / 2, where a short polynomial is as exact as 32 bits allow; 2ⁿ is put together from bits.
//
// Before    Comparison.swift     After    Activations.swift
// Source    Cephes library (S. Moshier), expf: the range reduction and the six coefficients

import Foundation

/// e to the power of every scalar.
public func exp(_ x: Tensor) -> Tensor { x.mapped { exponential($0) } }

/// e to the power of each of eight numbers, within 2 units in the last place; exact limits 0 and infinity.
@inline(__always) package func exponential(_ x: Vector8) -> Vector8 {
  // Adding and taking away 1.5 · 2²³ leaves the nearest whole number, and its bits below.
  let roundingConstant = Vector8(repeating: 12_582_912)
  let clamped = x.replacing(with: 89, where: x .> 89).replacing(with: -104, where: x .< -104)
  let shifted = clamped * 1.44269504088896341 + roundingConstant
  let n = shifted - roundingConstant
  let r = clamped - n * 0.693359375 - n * -2.12194440e-4  // ln 2 in two parts, the first exact in few bits

  var p = Vector8(repeating: 1.9875691500e-4)
  p = p * r + 1.3981999507e-3
  p = p * r + 8.3334519073e-3
  p = p * r + 4.1665795894e-2
  p = p * r + 1.6666665459e-1
  p = p * r + 5.0000001201e-1
  p = p * r * r + r + 1

  // 2ⁿ in two factors, because n reaches from −150 to 128 and one factor only from −126 to 127.
  let exponent = SIMD8<Int32>(truncatingIfNeeded: unsafeBitCast(shifted, to: SIMD8<UInt32>.self) &- 0x4B40_0000)
  let half = exponent &>> 1
  let result = p * power(ofTwo: half) * power(ofTwo: exponent &- half)
  return result.replacing(with: x, where: x .!= x)  // NaN stays NaN
}

/// 2 to the power of eight whole numbers from −126 to 127.
@inline(__always) private func power(ofTwo exponent: SIMD8<Int32>) -> Vector8 {
  unsafeBitCast((exponent &+ 127) &<< 23, to: Vector8.self)
}
