// SPDX-License-Identifier: Apache-2.0
//
// Blueprint: a network as data, without its parameters.
//
//     [{"kind": "linear", "input": 62, "output": 64}, {"kind": "relu"}, {"kind": "linear", "input": 64, "output": 10}]
//
// Saved models hold one, and it is made into layers again with their parameters from a file. The kinds of layer
// stand in one table; a program that brings a layer of its own passes the table with that layer added.
//
// Shapes    D features, H hidden units, C outputs
// Before    LayerPlan.swift     After    ConvolutionalBlueprint.swift

import SwiftletFormats
import SwiftletTensors

/// The description of a network's layers.
///
///     let blueprint = Blueprint.mlp(inputSize: 4, hiddenSizes: [16], outputSize: 3)
///     let network = try blueprint.build(from: FreshParameters(using: Generator(seed: 1)), inputSize: 4)
public struct Blueprint: Sendable, Equatable {
  /// One description for each layer: an object with its `kind` and its settings.
  public var layers: [JSONValue]

  /// A network of the described layers.
  public init(_ layers: [JSONValue]) { self.layers = layers }

  /// The description of layers that exist.
  public init(_ network: Sequential) { layers = network.layers.map(\.description) }

  /// The kinds of layer that descriptions can name.
  public static let kinds: [any Layer.Type] = [
    Linear.self, ReLU.self, Tanh.self, Sigmoid.self, GELU.self, Dropout.self, LayerNorm.self, Sequential.self,
    Unflatten.self, Flatten.self, Conv2d.self, GroupNorm.self, MaxPool2d.self, GlobalAveragePool.self,
    EmbedColumns.self, Factors.self,
  ]

  /// The largest number of layers in a list.
  public static let layerLimit = 1024

  /// Makes the layers.
  ///
  /// - Parameters:
  ///   - source: Where the parameters come from.
  ///   - inputSize: D, how many numbers an example has.
  ///   - kinds: The kinds of layer that the descriptions can name.
  /// - Throws: ``LayerError`` for an unknown kind, a setting out of range, layers that do not follow each other, and
  ///   parameters that are missing from the source, or left over in it.
  public func build(
    from source: some ParameterSource, inputSize: Int, kinds: [any Layer.Type] = Blueprint.kinds
  ) throws -> Sequential {
    guard inputSize >= 1, inputSize <= LayerPlan.sizeLimit else {
      throw LayerError("\(inputSize) features are not from 1 to \(LayerPlan.sizeLimit).")
    }
    let plan = LayerPlan(
      description: ["kind": .string(Sequential.kind), "layers": .array(layers)], path: "", inputShape: [1, inputSize],
      source: source, kinds: kinds)
    let network = try Sequential(from: plan)
    try source.finish()
    return network
  }

  /// One linear layer: scores of classes, or predictions.
  public static func linear(inputSize: Int, outputSize: Int) -> Blueprint {
    Blueprint([linearLayer(inputSize, to: outputSize)])
  }

  /// A multi-layer perceptron: linear layers with an activation between them, and dropout behind each activation.
  ///
  /// - Parameters:
  ///   - inputSize: D, the number of features.
  ///   - hiddenSizes: The sizes of the hidden layers.
  ///   - outputSize: C, the number of scores.
  ///   - activation: What stands between the layers; nothing for `identity`.
  ///   - dropoutRate: The part of the hidden numbers that is dropped while training.
  public static func mlp(
    inputSize: Int, hiddenSizes: [Int], outputSize: Int, activation: Activation = .relu, dropoutRate: Float = 0
  ) -> Blueprint {
    var layers: [JSONValue] = []
    var size = inputSize
    for hiddenSize in hiddenSizes {
      layers.append(linearLayer(size, to: hiddenSize))
      if activation != .identity { layers.append(["kind": .string(activation.rawValue)]) }
      if dropoutRate > 0 { layers.append(["kind": .string(Dropout.kind), "rate": JSONValue(dropoutRate)]) }
      size = hiddenSize
    }
    layers.append(linearLayer(size, to: outputSize))
    return Blueprint(layers)
  }

  private static func linearLayer(_ inputSize: Int, to outputSize: Int) -> JSONValue {
    ["kind": .string(Linear.kind), "input": JSONValue(inputSize), "output": JSONValue(outputSize)]
  }
}

extension JSONValue {
  /// A 32-bit number with the digits that distinguish it from its neighbors: 0.1 and not 0.10000000149011612.
  init(_ value: Float) { self = .number(shortest(value)) }
}
