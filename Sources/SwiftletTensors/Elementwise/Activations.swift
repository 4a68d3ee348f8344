// SPDX-License-Identifier: Apache-2.0
//
// Activations: what makes a network more than one straight line after another.
//
// Each is given for a tensor, and for eight numbers at a time, so that a layer can apply it in the same
// pass as its bias (Products/Affine.swift).
//
// Before    Exponential.swift     After    Functions.swift
// Source    Goodfellow, Bengio, Courville, "Deep Learning" (2016), section 6.3;
//           Hendrycks, Gimpel, "Gaussian Error Linear Units" (2016), arXiv:1606.08415, equation 1

import Foundation

/// The larger of x and 0.
public func relu(_ x: Tensor) -> Tensor { x.mapped { rectified($0) } }

/// 1 / (1 + e⁻ˣ): a number between 0 and 1. Neither end overflows.
public func sigmoid(_ x: Tensor) -> Tensor { x.mapped { logistic($0) } }

/// The hyperbolic tangent: a number between −1 and 1.
public func tanh(_ x: Tensor) -> Tensor { x.mapped { hyperbolicTangent($0) } }

/// x · Φ(x), with Φ the distribution function of the normal distribution: the exact form, by `erf`.
///
/// The exact form is PyTorch's default; GPT-2's checkpoints were trained with an approximation by tanh,
/// which differs from it by up to 0.0005.
public func gelu(_ x: Tensor) -> Tensor { x.mappedOneByOne { gaussianErrorLinearUnit($0) } }

/// The activations that a layer can apply together with its bias.
public enum Activation: String, Sendable, CaseIterable {
  /// The functions that a layer can end with; identity changes nothing.
  case identity, relu, tanh, sigmoid, gelu

  /// Whether a larger number never gives a smaller one, so that the largest stays the largest.
  package var keepsOrder: Bool { self != .gelu }
}

@inline(__always) package func rectified(_ x: Vector8) -> Vector8 {
  x.replacing(with: 0, where: x .< 0)  // and not max(0, x), which would turn a NaN into 0 and hide it
}

@inline(__always) package func logistic(_ x: Vector8) -> Vector8 { 1 / (1 + exponential(-x)) }

@inline(__always) package func hyperbolicTangent(_ x: Vector8) -> Vector8 {
  // Near zero 1 − 2/(e²ˣ + 1) loses its digits to cancellation; Cephes' polynomial does not.
  let z = x * x
  var p = Vector8(repeating: -5.70498872745e-3)
  p = p * z + 2.06390887954e-2
  p = p * z - 5.37397155531e-2
  p = p * z + 1.33314422036e-1
  p = p * z - 3.33332819422e-1
  let small = p * z * x + x
  let large = 1 - 2 / (exponential(2 * x) + 1)
  return large.replacing(with: small, where: z .< 0.390625)  // |x| < 0.625
}

@inline(__always) package func gaussianErrorLinearUnit(_ x: Float) -> Float {
  0.5 * x * (1 + erff(x * 0.70710678))  // 1/√2
}
