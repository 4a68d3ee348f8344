// SPDX-License-Identifier: Apache-2.0
//
// The multi-layer perceptron: fully connected layers with an activation between them.
//
// Before    LinearKind.swift     After    CNNKind.swift
// Source    Goodfellow, Bengio, Courville (2016), chapter 6

import SwiftletModels
import SwiftletNN
import SwiftletTensors

/// Hidden layers, for every head.
public enum MLPKind: ModelKind {
  public static let name = "mlp"
  public static let help = "layers with an activation between them"
  public static let isConvex = false
  public static let reads = ["hidden", "activation", "dropout"]

  public static func check(_ head: any Head) throws {}

  public static func blueprint(featureShape: Shape, scoreCount: Int, _ settings: Recipe.Model) -> Blueprint {
    .mlp(
      inputSize: featureShape.elementCount, hiddenSizes: settings.hidden, outputSize: scoreCount,
      activation: settings.activation,
      dropoutRate: settings.dropout)
  }

  public static let remedy = "Use smaller layers (--hidden 64,32)."

  public static func title(_ network: Sequential) -> String {
    let layers = Blueprint(network).layers.filter { $0["kind"]?.string == Linear.kind }
    let sizes = layers.dropLast().map { $0["output"]?.integer.map { "\($0)" } ?? "" }
    return "multi-layer perceptron (\(sizes.joined(separator: ", ")) hidden units)"
  }
}
