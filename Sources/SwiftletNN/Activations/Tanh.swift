// SPDX-License-Identifier: Apache-2.0
//
// The hyperbolic tangent as a layer.
//
// Before    ReLU.swift     After    Sigmoid.swift

import SwiftletAutograd
import SwiftletTensors

/// The hyperbolic tangent: a number between −1 and 1.
public struct Tanh: ActivationLayer {
  static let activation = Activation.tanh
  /// A layer without parameters.
  public init() {}
  public func callAsFunction(_ input: Tensor) -> Tensor { tanh(input) }
  public func callAsFunction(_ input: Variable) -> Variable { tanh(input) }
}
