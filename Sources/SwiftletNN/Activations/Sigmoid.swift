// SPDX-License-Identifier: Apache-2.0
//
// The logistic function as a layer.
//
// Before    Tanh.swift     After    GELU.swift

import SwiftletAutograd
import SwiftletTensors

/// 1 / (1 + e⁻ˣ): a number between 0 and 1.
public struct Sigmoid: ActivationLayer {
  static let activation = Activation.sigmoid
  /// A layer without parameters.
  public init() {}
  public func callAsFunction(_ input: Tensor) -> Tensor { sigmoid(input) }
  public func callAsFunction(_ input: Variable) -> Variable { sigmoid(input) }
}
