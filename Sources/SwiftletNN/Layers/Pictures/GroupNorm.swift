// SPDX-License-Identifier: Apache-2.0
//
// Group normalization as a layer.
//
// Shapes    N pictures, H the height, W the width, C channels
// Before    Conv2d.swift     After    Pooling.swift

import SwiftletAutograd
import SwiftletFormats
import SwiftletTensors

/// The channels of a picture in groups with mean 0 and variance 1, scaled and shifted by learned numbers.
public struct GroupNorm: Layer {
  public static let kind = "group_norm"

  /// Number of groups.
  public let groups: Int
  /// The scale, shape `[C]`; ones at first.
  public var weight: Tensor
  /// The shift, shape `[C]`; zeros at first.
  public var bias: Tensor
  /// Added to the variance, so that nothing is divided by zero in a group of equal numbers.
  public let epsilon: Float

  /// Scale 1 and shift 0 for pictures of some channels, of which a multiple makes a group.
  public init(groups: Int, channels: Int, epsilon: Float = 1e-5) {
    guard groups >= 1, channels % groups == 0 else {
      stop("GroupNorm: \(channels) channels cannot be shared out among \(groups) groups")
    }
    self.groups = groups
    weight = .ones([channels])
    bias = .zeros([channels])
    self.epsilon = epsilon
  }

  /// Reads `groups`, `channels`, which is that of what comes in where it is absent, and `epsilon`.
  public init(from plan: LayerPlan) throws {
    groups = try plan.size("groups")
    let channels = try plan.size("channels", default: plan.inputShape.last)
    guard channels % groups == 0 else {
      throw plan.error("\(channels) channels cannot be shared out among \(groups) groups.")
    }
    epsilon = Float(try plan.number("epsilon", in: 1e-30..<1, default: 1e-5))
    weight = try plan.parameter("weight", [channels], .ones)
    bias = try plan.parameter("bias", [channels], .zeros)
  }

  public var settings: JSONValue {
    ["groups": JSONValue(groups), "channels": JSONValue(weight.count), "epsilon": JSONValue(epsilon)]
  }

  public var parameters: [NamedParameter] {
    [NamedParameter(name: "weight", value: weight), NamedParameter(name: "bias", value: bias)]
  }

  public mutating func updateParameters(_ body: (String, inout Tensor) throws -> Void) rethrows {
    try body("weight", &weight)
    try body("bias", &bias)
  }

  public func callAsFunction(_ input: Tensor) -> Tensor {
    groupNormalized(input, groups: groups, scale: weight, shift: bias, epsilon: epsilon).output
  }

  public func callAsFunction(_ input: Variable) -> Variable {
    let tape = input.tape
    return groupNorm(
      input, groups: groups, scale: tape.parameter(weight), shift: tape.parameter(bias), epsilon: epsilon)
  }

  public func outputShape(for input: Shape) throws -> Shape {
    guard input.rank == 4, input.last == weight.count else {
      throw LayerError("needs pictures of \(weight.count) channels, and the shape of what comes in is \(input).")
    }
    return input
  }

  public var summaryName: String { "GroupNorm(\(groups), \(weight.count))" }
}
