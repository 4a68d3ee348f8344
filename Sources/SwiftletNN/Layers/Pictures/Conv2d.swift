// SPDX-License-Identifier: Apache-2.0
//
// Conv2d: a convolution as a layer.
//
// Shapes    N pictures, H the height, W the width, C channels in, K channels out
// Before    Unflatten.swift     After    GroupNorm.swift

import SwiftletAutograd
import SwiftletFormats
import SwiftletTensors

/// x ∗ w + b with a border of zeros, and an activation of it where one is fused in.
public struct Conv2d: Layer {
  public static let kind = "conv2d"

  /// A window for each pair of channels, shape `[K, C, 3, 3]` or `[K, C, 1, 1]`, as PyTorch stores it.
  public private(set) var weight: Tensor
  /// One number for each channel that comes out, shape `[K]`.
  public private(set) var bias: Tensor
  /// What is applied to every output in the same pass; `identity` where nothing is.
  public var activation = Activation.identity
  /// Whether of every square of four outputs only the largest is kept, as a pooling layer behind would do.
  private var keepsLargest = false
  /// The weight as its products read it, where nothing is learned any more.
  private var packedWeight: PackedConvolution?

  /// A layer with random weights and biases from ±1/√(C · size²), as PyTorch makes it.
  ///
  /// - Parameters:
  ///   - inputChannels: C.
  ///   - outputChannels: K.
  ///   - size: Height and width of the window, 3 or 1.
  ///   - generator: Where chance comes from.
  public init(inputChannels: Int, outputChannels: Int, size: Int = 3, using generator: inout Generator) {
    guard Conv2d.sizes.contains(size) else { stop("Conv2d: the window must be 3 or 1 pixels wide, but it is \(size)") }
    weight = Conv2d.firstWeight([outputChannels, inputChannels, size, size], using: &generator)
    bias = Conv2d.firstBias(inputChannels * size * size)([outputChannels], using: &generator)
  }

  /// Reads `input`, which is that of what comes in where it is absent, `output`, `size`, and `activation`.
  public init(from plan: LayerPlan) throws {
    let inputChannels = try plan.size("input", default: plan.inputShape.last)
    let outputChannels = try plan.size("output")
    let size = try plan.size("size", default: 3)
    guard Conv2d.sizes.contains(size) else { throw plan.error("\"size\" must be 3 or 1.") }
    activation = try plan.choice("activation", default: .identity)
    weight = try plan.parameter("weight", [outputChannels, inputChannels, size, size], Conv2d.firstWeight)
    bias = try plan.parameter("bias", [outputChannels], Conv2d.firstBias(inputChannels * size * size))
  }

  private static let sizes = [1, 3]
  private static let firstWeight = Initializer.kaimingUniform(gain: (1.0 / 3).squareRoot())
  private static func firstBias(_ inputCount: Int) -> Initializer {
    .uniform(bound: 1 / Float(max(inputCount, 1)).squareRoot())
  }

  public var settings: JSONValue {
    let sizes: [JSONValue.Member] = [
      .init("input", JSONValue(inputChannels)), .init("output", JSONValue(outputChannels)),
      .init("size", JSONValue(weight.shape[2])),
    ]
    return .object(sizes + (activation == .identity ? [] : [.init("activation", .string(activation.rawValue))]))
  }

  /// C, the channels that come in.
  public var inputChannels: Int { weight.shape[1] }
  /// K, the channels that go out.
  public var outputChannels: Int { weight.shape[0] }

  public var parameters: [NamedParameter] {
    [NamedParameter(name: "weight", value: weight), NamedParameter(name: "bias", value: bias)]
  }

  public mutating func updateParameters(_ body: (String, inout Tensor) throws -> Void) rethrows {
    packedWeight = nil
    try body("weight", &weight)
    try body("bias", &bias)
  }

  public func callAsFunction(_ input: Tensor) -> Tensor {
    let output = convolution(input, weight: weight, bias: bias, activation: activation)
    return keepsLargest ? maxPooled(output) : output
  }

  public func callAsFunction(_ input: Variable) -> Variable {
    let tape = input.tape
    let output = convolution(
      input, weight: tape.parameter(weight), bias: tape.parameter(bias), activation: activation)
    return keepsLargest ? maxPooled(output) : output
  }

  public func answer(_ input: UnsafeBufferPointer<Float>, shape: Shape, into output: UnsafeMutableBufferPointer<Float>)
  {
    guard let packedWeight else { return answerByTensors(input, shape: shape, into: output) }
    bias.withUnsafeScalars { bias in
      guard let bias = bias.baseAddress else { return }
      packedWeight.answer(
        input, PictureSize(height: shape[1], width: shape[2]), bias: bias, activation, keepsLargest: keepsLargest,
        into: output)
    }
  }

  /// With its weight laid out once for all products.
  public var packed: any Layer {
    var packed = self
    packed.packedWeight = PackedConvolution(weight)
    return packed
  }

  /// With an activation behind it, bias and activation take one pass over the product; with pooling behind it, only
  /// what is kept is written.
  public func fused(with next: any Layer) -> (any Layer)? {
    guard !keepsLargest else { return nil }
    var fused = self
    if next is MaxPool2d {
      guard activation.keepsOrder else { return nil }
      fused.keepsLargest = true
    } else {
      guard activation == .identity, let next = next as? any ActivationLayer else { return nil }
      fused.activation = next.activation
    }
    return fused
  }

  public func outputShape(for input: Shape) throws -> Shape {
    guard input.rank == 4, input.last == inputChannels else {
      throw LayerError("needs pictures of \(inputChannels) channels, and the shape of what comes in is \(input).")
    }
    let output = input.replacing(axis: 3, with: outputChannels)
    return keepsLargest ? try MaxPool2d().outputShape(for: output) : output
  }

  public var summaryName: String {
    let size = weight.shape[2]
    return "Conv2d(\(inputChannels) → \(outputChannels), \(size) × \(size)"
      + "\(activation == .identity ? "" : ", \(activation.rawValue)"))"
  }
}
