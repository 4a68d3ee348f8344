// SPDX-License-Identifier: Apache-2.0
//
// Activations as layers, to stand between others in a Sequential.
//
// Before    Layers/Linear.swift     After    Layers/Dropout.swift

import SwiftletAutograd
import SwiftletTensors

/// A layer that is an activation, which a ``Linear`` before it can apply in its own pass.
protocol ActivationLayer: Layer {
  var activation: Activation { get }
}

/// max(0, x)
public struct ReLU: ActivationLayer {
  /// A layer without parameters.
  public init() {}
  var activation: Activation { .relu }
  public func callAsFunction(_ input: Tensor) -> Tensor { relu(input) }
  public func callAsFunction(_ input: Variable) -> Variable { relu(input) }
  public var summaryName: String { "ReLU" }
}

/// The hyperbolic tangent.
public struct Tanh: ActivationLayer {
  /// A layer without parameters.
  public init() {}
  var activation: Activation { .tanh }
  public func callAsFunction(_ input: Tensor) -> Tensor { tanh(input) }
  public func callAsFunction(_ input: Variable) -> Variable { tanh(input) }
  public var summaryName: String { "Tanh" }
}

/// 1 / (1 + e⁻ˣ)
public struct Sigmoid: ActivationLayer {
  /// A layer without parameters.
  public init() {}
  var activation: Activation { .sigmoid }
  public func callAsFunction(_ input: Tensor) -> Tensor { sigmoid(input) }
  public func callAsFunction(_ input: Variable) -> Variable { sigmoid(input) }
  public var summaryName: String { "Sigmoid" }
}

/// x · Φ(x), exact.
public struct GELU: ActivationLayer {
  /// A layer without parameters.
  public init() {}
  var activation: Activation { .gelu }
  public func callAsFunction(_ input: Tensor) -> Tensor { gelu(input) }
  public func callAsFunction(_ input: Variable) -> Variable { gelu(input) }
  public var summaryName: String { "GELU" }
}
