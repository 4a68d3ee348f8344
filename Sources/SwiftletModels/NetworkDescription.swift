// SPDX-License-Identifier: Apache-2.0
//
// NetworkDescription: the form of a network, without its parameters.
//
// Shapes    D features, H hidden units, C outputs
// Before    SwiftletNN     After    Illustration.swift

import SwiftletFormats
import SwiftletNN
import SwiftletTensors

/// The kinds of model.
public enum ModelKind: String, Sendable, CaseIterable {
  /// Linear scores of classes.
  case logistic
  /// A linear prediction of numbers.
  case linear
  /// A multi-layer perceptron: fully connected layers with an activation between them.
  case mlp
}

/// How a network is put together.
public struct NetworkDescription: Sendable, Equatable {
  /// Logistic, linear or a multi-layer perceptron.
  public var kind: ModelKind
  /// D: how many numbers the pipeline makes of a row.
  public var inputSize: Int
  /// The sizes of the hidden layers; none for a linear model.
  public var hiddenSizes: [Int]
  /// C logits, 1 for two classes, or T targets.
  public var outputSize: Int
  /// The activation between the layers.
  public var activation: Activation
  /// The part of the hidden numbers that is dropped while training, from 0 to 1.
  public var dropoutRate: Float

  /// A description of layers that do not exist yet.
  public init(
    kind: ModelKind, inputSize: Int, hiddenSizes: [Int] = [], outputSize: Int, activation: Activation = .relu,
    dropoutRate: Float = 0
  ) {
    (self.kind, self.inputSize, self.hiddenSizes) = (kind, inputSize, hiddenSizes)
    (self.outputSize, self.activation, self.dropoutRate) = (outputSize, activation, dropoutRate)
  }

  /// No network has more weights: what is trained and what is loaded is held to the same limit.
  public static let weightLimit = 1 << 30

  /// Whether every layer has a size, and all together no more weights than ``weightLimit``.
  public var isWithinLimits: Bool {
    let sizes = [inputSize] + hiddenSizes + [outputSize]
    return sizes.allSatisfy { $0 > 0 && $0 <= 1 << 24 }
      && zip(sizes, sizes.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } <= NetworkDescription.weightLimit
  }

  /// A network with random weights; a linear model begins at zero, where its convex problem may begin anywhere.
  public func makeNetwork(using generator: inout Generator) -> Sequential {
    var layers: [any Layer] = []
    var size = inputSize
    for hiddenSize in hiddenSizes {
      layers.append(Linear(inputSize: size, outputSize: hiddenSize, using: &generator))
      layers.append(activationLayer)
      if dropoutRate > 0 { layers.append(Dropout(rate: dropoutRate)) }
      size = hiddenSize
    }
    if kind == .mlp {
      layers.append(Linear(inputSize: size, outputSize: outputSize, using: &generator))
    } else {
      layers.append(Linear(weight: .zeros([outputSize, size]), bias: .zeros([outputSize])))
    }
    return Sequential(layers)
  }

  private var activationLayer: any Layer {
    switch activation {
    case .tanh: Tanh()
    case .sigmoid: Sigmoid()
    case .gelu: GELU()
    case .relu, .identity: ReLU()
    }
  }

  var json: JSONValue {
    [
      "kind": .string(kind.rawValue), "input": JSONValue(inputSize),
      "hidden": .array(hiddenSizes.map { JSONValue($0) }),
      "output": JSONValue(outputSize), "activation": .string(activation.rawValue),
      "dropout": .number(Double(dropoutRate)),
    ]
  }

  /// Reads what `json` wrote; `nil` for what is no network, or one of more than a billion parameters.
  init?(json: JSONValue) {
    guard let kind = json["kind"]?.string.flatMap(ModelKind.init(rawValue:)), let inputSize = json["input"]?.integer,
      let outputSize = json["output"]?.integer, let hidden = json["hidden"]?.array,
      case let hiddenSizes = hidden.compactMap(\.integer), hiddenSizes.count == hidden.count, hiddenSizes.count <= 64,
      let activation = json["activation"]?.string.flatMap(Activation.init(rawValue:)), activation != .identity,
      let dropout = json["dropout"]?.number, dropout >= 0, dropout < 1
    else { return nil }
    self.init(
      kind: kind, inputSize: inputSize, hiddenSizes: hiddenSizes, outputSize: outputSize, activation: activation,
      dropoutRate: Float(dropout))
    guard isWithinLimits, kind == .mlp || hiddenSizes.isEmpty else { return nil }
  }
}
