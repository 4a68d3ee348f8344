// SPDX-License-Identifier: Apache-2.0
//
// A network of any layers, one after the other.
//
// The recipe lists them as a saved model does, so every kind of layer in `Blueprint.kinds` can be chosen.
//
// Before    CNNKind.swift     After    Run/RunEvent.swift

import SwiftletFormats
import SwiftletModels
import SwiftletNN
import SwiftletTensors

/// The layers of a recipe, and a linear layer that gives the scores.
public enum SequentialKind: ModelKind {
  public static let name = "sequential"
  public static let help = "the layers of model.layers"
  public static let isConvex = false

  public static func check(_ head: any Head) throws {}

  public static func blueprint(featureShape: Shape, scoreCount: Int, _ settings: Recipe.Model) -> Blueprint {
    let layers = settings.layers.map { $0.string == nil ? $0 : ["kind": $0] }
    return Blueprint(layers + [["kind": .string(Linear.kind), "output": JSONValue(scoreCount)]])
  }

  public static func title(_ network: Sequential) -> String {
    "network of " + network.layers.map { type(of: $0).kind }.joined(separator: ", ")
  }
}
