// SPDX-License-Identifier: Apache-2.0
//
// Linear: a fully connected layer.
//
// Shapes    N examples, D inputs, H outputs
// Before    Layer.swift     After    Activations/ActivationLayers.swift

import SwiftletAutograd
import SwiftletTensors

/// x · Wᵀ + b
public struct Linear: Layer {
  /// One row for each output, shape `[H, D]`, as PyTorch stores it.
  public var weight: Tensor
  /// One number for each output, shape `[H]`.
  public var bias: Tensor

  /// A layer with random weights and biases from ±1/√D, as PyTorch makes it.
  public init(inputSize: Int, outputSize: Int, using generator: inout Generator) {
    weight = kaimingUniform([outputSize, inputSize], gain: (1.0 / 3).squareRoot(), using: &generator)
    let bound = 1 / Float(max(inputSize, 1)).squareRoot()
    bias = .uniform([outputSize], in: -bound..<bound, using: &generator)
  }

  /// A layer with the given parameters.
  public init(weight: Tensor, bias: Tensor) {
    guard weight.rank == 2, bias.shape == [weight.shape[0]] else {
      stop("Linear: a weight [H, D] needs a bias [H], but the shapes are \(weight.shape) and \(bias.shape)")
    }
    (self.weight, self.bias) = (weight, bias)
  }

  /// D, the numbers that come in.
  public var inputSize: Int { weight.shape[1] }
  /// H, the numbers that go out.
  public var outputSize: Int { weight.shape[0] }

  public var parameters: [NamedParameter] {
    [NamedParameter(name: "weight", value: weight), NamedParameter(name: "bias", value: bias)]
  }

  public mutating func updateParameters(_ body: (String, inout Tensor) throws -> Void) rethrows {
    try body("weight", &weight)
    try body("bias", &bias)
  }

  public func callAsFunction(_ input: Tensor) -> Tensor { self(input, activation: .identity) }
  public func callAsFunction(_ input: Variable) -> Variable { self(input, activation: .identity) }

  /// The layer and the activation behind it in one pass.
  func callAsFunction(_ input: Tensor, activation: Activation) -> Tensor {
    affine(input, weight: weight, bias: bias, activation: activation)
  }

  func callAsFunction(_ input: Variable, activation: Activation) -> Variable {
    let tape = input.tape
    return affine(input, weight: tape.parameter(weight), bias: tape.parameter(bias), activation: activation)
  }

  public func outputShape(for input: Shape) -> Shape { input.replacing(axis: input.rank - 1, with: outputSize) }
  public var summaryName: String { "Linear(\(inputSize) → \(outputSize))" }
}
