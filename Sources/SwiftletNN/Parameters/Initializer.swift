// SPDX-License-Identifier: Apache-2.0
//
// Initializer: the first values of a parameter.
//
// Weights that are too large make the numbers grow from layer to layer, weights that are too small make
// them vanish. Kaiming's and Xavier's rules choose the spread so that the variance stays about the same.
//
// Shapes    H outputs, D inputs of each: [H, D], or [H, …] whose other axes multiply to D
// Before    Layers/Layer.swift     After    ParameterSource.swift
// Source    He et al., "Delving Deep into Rectifiers" (2015), equation 10; Glorot, Bengio,
//           "Understanding the difficulty of training deep feedforward neural networks" (2010), equation 16

import SwiftletTensors

/// A rule for the first values of a parameter.
///
///     var generator = Generator(seed: 1)
///     let weight = Initializer.kaimingUniform()([64, 784], using: &generator)
///
/// A rule of your own is one more static function in an extension.
public struct Initializer: Sendable {
  private let values: @Sendable (_ shape: Shape, _ generator: inout Generator) -> Tensor

  /// A rule that makes a tensor of a given shape.
  public init(_ values: @escaping @Sendable (_ shape: Shape, _ generator: inout Generator) -> Tensor) {
    self.values = values
  }

  /// The first values of a parameter of the given shape.
  public func callAsFunction(_ shape: Shape, using generator: inout Generator) -> Tensor { values(shape, &generator) }

  /// All zeros.
  public static let zeros = constant(0)
  /// All ones.
  public static let ones = constant(1)
  /// The same number everywhere.
  public static func constant(_ value: Float) -> Initializer {
    Initializer { shape, _ in Tensor(repeating: value, shape: shape) }
  }

  /// Even between −bound and bound.
  public static func uniform(bound: Float) -> Initializer {
    Initializer { shape, generator in .uniform(shape, in: -bound..<bound, using: &generator) }
  }

  /// Normal around 0.
  public static func normal(standardDeviation: Float = 1) -> Initializer {
    Initializer { shape, generator in
      .normal(shape, standardDeviation: standardDeviation, using: &generator)
    }
  }

  /// Even between ±gain · √(3 / D). The gain is √2 for ReLU.
  public static func kaimingUniform(gain: Float = Float(2).squareRoot()) -> Initializer {
    Initializer { shape, generator in
      uniform(bound: gain * (3 / Float(inputCount(shape))).squareRoot())(shape, using: &generator)
    }
  }

  /// Normal with standard deviation gain / √D.
  public static func kaimingNormal(gain: Float = Float(2).squareRoot()) -> Initializer {
    Initializer { shape, generator in
      normal(standardDeviation: gain / Float(inputCount(shape)).squareRoot())(shape, using: &generator)
    }
  }

  /// Even between ±√(6 / (D + H)).
  public static let xavierUniform = Initializer { shape, generator in
    uniform(bound: (6 / Float(inputCount(shape) + outputCount(shape))).squareRoot())(shape, using: &generator)
  }

  /// Normal with standard deviation √(2 / (D + H)).
  public static let xavierNormal = Initializer { shape, generator in
    normal(standardDeviation: (2 / Float(inputCount(shape) + outputCount(shape))).squareRoot())(
      shape, using: &generator)
  }

  /// D: how many inputs an output has, over all axes but the first; at least 1.
  private static func inputCount(_ shape: Shape) -> Int {
    guard shape.rank >= 2 else { stop("Initializer: a weight has the shape [H, D], but this one has \(shape)") }
    return max(shape.dropFirst().reduce(1, *), 1)
  }

  /// H: how many outputs an input goes to, with the positions of a convolution's window, as PyTorch counts; at least 1.
  private static func outputCount(_ shape: Shape) -> Int { max(shape[0] * shape.dropFirst(2).reduce(1, *), 1) }
}
