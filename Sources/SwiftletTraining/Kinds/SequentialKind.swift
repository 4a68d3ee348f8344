// SPDX-License-Identifier: Apache-2.0
//
// A network of any layers, one after the other.
//
// The recipe lists them as a saved model does, so every kind of layer in `Blueprint.kinds` can be chosen.
//
// Before    FactorsKind.swift     After    Run/RunEvent.swift

import SwiftletFormats
import SwiftletModels
import SwiftletNN
import SwiftletTensors

/// The layers of a recipe, and a linear layer that gives the scores.
public enum SequentialKind: ConfigurableKind {
  public static let name = "sequential"
  public static let help = "the layers of model.layers"
  public static let isConvex = false

  public static func check(_ head: any Head) throws {}

  public static func blueprint(featureShape: Shape, scoreCount: Int, _ settings: Recipe.Model) -> Blueprint {
    Blueprint(settings.layers + [["kind": .string(Linear.kind), "output": JSONValue(scoreCount)]])
  }

  public static func title(_ network: Sequential) -> String {
    "network of " + network.layers.map { type(of: $0).kind }.joined(separator: ", ")
  }
}

// MARK: - Settings

extension SequentialKind {
  package static let settings: [Setting<Recipe>] = [
    Setting(
      "model.layers", .parts(noun: "layers", example: "[{kind: linear, output: 16}, relu]"),
      "The layers of a sequential model."
    ) {
      .array($0.model.layers)
    } set: {
      $0.model.layers = $1.array ?? []
    }
    .written { !$0.model.layers.isEmpty }
    .example("[{kind: linear, output: 16}, layer_norm, relu]")
    .detail(
      """
      Each is a word or a mapping with a kind and its settings: \(Blueprint.kinds.map { $0.kind }.joined(separator: ", ")). \
      Sizes of inputs follow from the layer before, and a last linear layer gives the scores.
      """)
  ]
}

extension Recipe.Model {
  /// The layers of a sequential model before its last one: words, or mappings of a kind and its settings.
  public var layers: [JSONValue] {
    get { own["layers"]?.array ?? [] }
    set { own["layers"] = newValue.isEmpty ? nil : .array(newValue) }
  }
}
