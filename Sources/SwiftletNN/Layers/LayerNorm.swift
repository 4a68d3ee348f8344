// SPDX-License-Identifier: Apache-2.0
//
// Layer normalization as a layer.
//
// Shapes    D numbers in a row
// Before    Dropout.swift     After    Embedding.swift

import SwiftletAutograd
import SwiftletTensors

/// Rows with mean 0 and variance 1, scaled and shifted by learned numbers.
public struct LayerNorm: Layer {
  /// The scale, shape `[D]`; ones at first.
  public var weight: Tensor
  /// The shift, shape `[D]`; zeros at first.
  public var bias: Tensor
  /// Added to the variance, so that a constant row divides by no zero.
  public let epsilon: Float

  /// Scale 1 and shift 0 for rows of so many numbers.
  public init(size: Int, epsilon: Float = 1e-5) {
    (weight, bias, self.epsilon) = (.ones([size]), .zeros([size]), epsilon)
  }

  public var parameters: [NamedParameter] {
    [NamedParameter(name: "weight", value: weight), NamedParameter(name: "bias", value: bias)]
  }

  public mutating func updateParameters(_ body: (String, inout Tensor) throws -> Void) rethrows {
    try body("weight", &weight)
    try body("bias", &bias)
  }

  public func callAsFunction(_ input: Tensor) -> Tensor {
    normalizedRows(input, epsilon: epsilon).normalized * weight + bias
  }

  public func callAsFunction(_ input: Variable) -> Variable {
    let tape = input.tape
    return layerNorm(input, scale: tape.parameter(weight), shift: tape.parameter(bias), epsilon: epsilon)
  }

  public var summaryName: String { "LayerNorm(\(weight.count))" }
}
