// SPDX-License-Identifier: Apache-2.0
//
// Dropout as a layer: at work in training, and absent from the answers.
//
// Before    Activations/ActivationLayers.swift     After    LayerNorm.swift

import SwiftletAutograd
import SwiftletTensors

/// Sets numbers to zero at random while training.
public struct Dropout: Layer {
  /// The part of the numbers that is dropped, from 0 up to but not including 1.
  public let rate: Float

  /// Drops this part of the numbers while training, from 0 up to but not including 1.
  public init(rate: Float) { self.rate = rate }

  public func callAsFunction(_ input: Tensor) -> Tensor { input }
  public func callAsFunction(_ input: Variable) -> Variable { dropout(input, rate: rate) }
  public var summaryName: String { "Dropout(\(rate))" }
}
