// SPDX-License-Identifier: Apache-2.0
//
// ReLU as a layer: what is below zero becomes zero.
//
// Before    ActivationLayer.swift     After    Tanh.swift

import SwiftletAutograd
import SwiftletTensors

/// max(0, x)
public struct ReLU: ActivationLayer {
  static let activation = Activation.relu
  /// A layer without parameters.
  public init() {}
  public func callAsFunction(_ input: Tensor) -> Tensor { relu(input) }
  public func callAsFunction(_ input: Variable) -> Variable { relu(input) }
}
