// SPDX-License-Identifier: Apache-2.0
//
// GELU as a layer: x, weighted by how likely a normal number is to be smaller.
//
// Before    Sigmoid.swift     After    Layers/Dropout.swift

import SwiftletAutograd
import SwiftletTensors

/// x · Φ(x), exact.
public struct GELU: ActivationLayer {
  static let activation = Activation.gelu
  /// A layer without parameters.
  public init() {}
  public func callAsFunction(_ input: Tensor) -> Tensor { gelu(input) }
  public func callAsFunction(_ input: Variable) -> Variable { gelu(input) }
}
