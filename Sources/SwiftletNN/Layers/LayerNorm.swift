// SPDX-License-Identifier: Apache-2.0
//
// Layer normalization as a layer.
//
// Shapes    D numbers in a row
// Before    Layers/Pictures/Pooling.swift     After    Embedding.swift

import SwiftletAutograd
import SwiftletFormats
import SwiftletTensors

/// Rows with mean 0 and variance 1, scaled and shifted by learned numbers.
public struct LayerNorm: Layer {
  public static let kind = "layer_norm"

  /// The scale, shape `[D]`; ones at first.
  public var weight: Tensor
  /// The shift, shape `[D]`; zeros at first.
  public var bias: Tensor
  /// Added to the variance, so that nothing is divided by zero in a constant row.
  public let epsilon: Float

  /// Scale 1 and shift 0 for rows of `size` numbers.
  public init(size: Int, epsilon: Float = 1e-5) {
    weight = .ones([size])
    bias = .zeros([size])
    self.epsilon = epsilon
  }

  /// Reads `size` (by default that of what comes in) and `epsilon`.
  public init(from plan: LayerPlan) throws {
    let size = try plan.size("size", default: plan.inputShape.last)
    epsilon = Float(try plan.number("epsilon", in: 1e-30..<1, default: 1e-5))
    weight = try plan.parameter("weight", [size], .ones)
    bias = try plan.parameter("bias", [size], .zeros)
  }

  public var settings: JSONValue { ["size": JSONValue(weight.count), "epsilon": JSONValue(epsilon)] }

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

  public func outputShape(for input: Shape) throws -> Shape {
    guard input.last == weight.count else {
      throw LayerError("needs \(weight.count) numbers in a row, and the shape of what comes in is \(input).")
    }
    return input
  }

  public var summaryName: String { "LayerNorm(\(weight.count))" }
}
