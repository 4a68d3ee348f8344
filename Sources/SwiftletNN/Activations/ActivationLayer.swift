// SPDX-License-Identifier: Apache-2.0
//
// Activations as layers, to stand between others in a Sequential.
//
// Before    Layers/Linear.swift     After    ReLU.swift

import SwiftletAutograd
import SwiftletTensors

/// A layer that is an activation, which a ``Linear`` before it can apply in its own pass.
protocol ActivationLayer: Layer {
  static var activation: Activation { get }
  init()
}

extension ActivationLayer {
  var activation: Activation { Self.activation }
  public static var kind: String { activation.rawValue }
  public init(from plan: LayerPlan) throws { self.init() }
}
