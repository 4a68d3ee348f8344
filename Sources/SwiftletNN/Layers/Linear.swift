// SPDX-License-Identifier: Apache-2.0
//
// Linear: a fully connected layer.
//
// Shapes    N examples, D inputs, H outputs
// Before    Blueprint/ConvolutionalBlueprint.swift     After    Activations/ActivationLayer.swift

import SwiftletAutograd
import SwiftletFormats
import SwiftletTensors

/// x · Wᵀ + b, and an activation of it where one is fused in.
public struct Linear: Layer {
  public static let kind = "linear"

  /// One row for each output, shape `[H, D]`, as PyTorch stores it.
  public var weight: Tensor { didSet { packedWeight = nil } }
  /// One number for each output, shape `[H]`.
  public var bias: Tensor
  /// What is applied to every output in the same pass; `identity` for nothing.
  public var activation = Activation.identity
  /// The weight as ``packed`` lays it out, until it is changed.
  private var packedWeight: PackedMatrix?

  /// A layer with random weights and biases from ±1/√D, as PyTorch makes it.
  public init(inputSize: Int, outputSize: Int, using generator: inout Generator) {
    weight = Linear.firstWeight([outputSize, inputSize], using: &generator)
    bias = Linear.firstBias(inputSize)([outputSize], using: &generator)
  }

  /// A layer with the given parameters.
  public init(weight: Tensor, bias: Tensor) {
    guard weight.rank == 2, bias.shape == [weight.shape[0]] else {
      stop("Linear: a weight [H, D] needs a bias [H], but the shapes are \(weight.shape) and \(bias.shape)")
    }
    self.weight = weight
    self.bias = bias
  }

  /// Reads `input` (by default the size of what comes in), `output` and `activation`.
  public init(from plan: LayerPlan) throws {
    let inputSize = try plan.size("input", default: plan.inputShape.last)
    let outputSize = try plan.size("output")
    activation = try plan.choice("activation", default: .identity)
    weight = try plan.parameter("weight", [outputSize, inputSize], Linear.firstWeight)
    bias = try plan.parameter("bias", [outputSize], Linear.firstBias(inputSize))
  }

  private static let firstWeight = Initializer.kaimingUniform(gain: (1.0 / 3).squareRoot())
  private static func firstBias(_ inputSize: Int) -> Initializer {
    .uniform(bound: 1 / Float(max(inputSize, 1)).squareRoot())
  }

  public var settings: JSONValue {
    let sizes: [JSONValue.Member] = [.init("input", JSONValue(inputSize)), .init("output", JSONValue(outputSize))]
    return .object(sizes + (activation == .identity ? [] : [.init("activation", .string(activation.rawValue))]))
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

  public func callAsFunction(_ input: Tensor) -> Tensor {
    affine(input, weight: weight, bias: bias, activation: activation)
  }

  public func callAsFunction(_ input: Variable) -> Variable {
    let tape = input.tape
    return affine(input, weight: tape.parameter(weight), bias: tape.parameter(bias), activation: activation)
  }

  public func answer(_ input: UnsafeBufferPointer<Float>, shape: Shape, into output: UnsafeMutableBufferPointer<Float>)
  {
    weight.withUnsafeScalars { weight in
      bias.withUnsafeScalars { bias in
        // In bounds: the shape is accepted already, the bias is padded, and so is the output.
        guard let x = input.baseAddress, let y = output.baseAddress, let weight = weight.baseAddress,
          let bias = bias.baseAddress
        else { return }
        if let packedWeight {
          return packedWeight.affine(x, rows: input.count / inputSize, bias: bias, activation, into: y)
        }
        affine(
          x, rows: input.count / inputSize, weight: weight, bias: bias, inputSize: inputSize, outputSize: outputSize,
          activation, into: y)
      }
    }
  }

  /// With its weight in panels, which needs the memory of the weight once more.
  public var packed: any Layer {
    var packed = self
    packed.packedWeight = PackedMatrix(weight)
    return packed
  }

  /// With an activation behind it: bias and activation take one pass over the product.
  public func fused(with next: any Layer) -> (any Layer)? {
    guard activation == .identity, let next = next as? any ActivationLayer else { return nil }
    var fused = self
    fused.activation = next.activation
    return fused
  }

  public func outputShape(for input: Shape) throws -> Shape {
    guard input.last == inputSize else {
      throw LayerError("needs \(inputSize) numbers in a row, and the shape of what comes in is \(input).")
    }
    return input.replacing(axis: input.rank - 1, with: outputSize)
  }

  public var summaryName: String {
    "Linear(\(inputSize) → \(outputSize)\(activation == .identity ? "" : ", \(activation.rawValue)"))"
  }
}
