// SPDX-License-Identifier: Apache-2.0
//
// Scores that are multiplied by a factor, without another layer.
//
// (x · Wᵀ + b) · f = x · (f W)ᵀ + f b, so a network with larger or smaller scores is a network of the same layers. Whatever
// saves, serves or exports it need not know.
//
// Before    CodeLookup.swift     After    SilentUnits.swift

import SwiftletTensors

extension Sequential {
  /// The same network with scores that are `factor` times as large: weight and bias of its last layer are multiplied.
  ///
  /// - Throws: ``LayerError`` if the last layer is not a ``Linear`` one without an activation.
  public func multiplyingScores(by factor: Float) throws -> Sequential {
    var network = self
    if let inner = layers.last as? Sequential {
      network.layers[layers.count - 1] = try inner.multiplyingScores(by: factor)
      return network
    }
    guard var last = layers.last as? Linear, last.activation == .identity else {
      throw LayerError("the scores cannot be scaled, because the last layer is not a linear one without an activation.")
    }
    last.weight = last.weight * factor
    last.bias = last.bias * factor
    network.layers[layers.count - 1] = last
    return network
  }
}
