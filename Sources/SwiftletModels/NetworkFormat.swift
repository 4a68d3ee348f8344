// SPDX-License-Identifier: Apache-2.0
//
// The network in model.json: its layers as data, and how the first format of bundles wrote them.
//
//     swiftlet-model/2   "kind": "mlp", "network": [{"kind": "linear", "input": 4, "output": 16}, {"kind": "relu"}, …]
//     swiftlet-model/1   "network": {"kind": "mlp", "input": 4, "hidden": [16], "output": 3, "activation": "relu", "dropout": 0}
//
// Nothing here is trusted: the layers take their parameters from model.safetensors, and each checks what it gets.
//
// Before    ModelBundle.swift     After    BundleFiles.swift

import SwiftletFormats
import SwiftletNN
import SwiftletTensors

extension ModelBundle {
  /// The kind of model and the layers that a model.json of either format describes.
  static func network(in json: JSONValue, _ file: String) throws -> (kind: String, blueprint: Blueprint) {
    if json["format"]?.string == ModelBundle.firstFormat {
      guard let network = json["network"].flatMap(network(firstFormat:)) else {
        throw FormatError(file, "needs a \"network\".")
      }
      return network
    }
    guard let kind = json["kind"]?.string, !kind.isEmpty else {
      throw FormatError(file, "needs a \"kind\", the name of its family of models.")
    }
    guard let layers = json["network"]?.array else { throw FormatError(file, "needs a list of layers as \"network\".") }
    return (kind, Blueprint(layers))
  }

  /// The network of the first format; `nil` if no model can have it.
  private static func network(firstFormat json: JSONValue) -> (kind: String, blueprint: Blueprint)? {
    guard let kind = json["kind"]?.string, !kind.isEmpty, let inputSize = json["input"]?.integer,
      let outputSize = json["output"]?.integer, let hidden = json["hidden"]?.array,
      case let hiddenSizes = hidden.compactMap(\.integer), hiddenSizes.count == hidden.count, hiddenSizes.count <= 64,
      let activation = json["activation"]?.string.flatMap(Activation.init(rawValue:)), activation != .identity,
      let dropoutRate = json["dropout"]?.number, dropoutRate >= 0, dropoutRate < 1
    else { return nil }
    let blueprint = Blueprint.mlp(
      inputSize: inputSize, hiddenSizes: hiddenSizes, outputSize: outputSize, activation: activation,
      dropoutRate: Float(dropoutRate))
    return (kind, blueprint)
  }
}
