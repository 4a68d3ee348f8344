// SPDX-License-Identifier: Apache-2.0
//
// Dropout as a layer: at work in training, and absent from the answers.
//
// Before    Activations/GELU.swift     After    Layers/Pictures/Unflatten.swift

import SwiftletAutograd
import SwiftletFormats
import SwiftletTensors

/// Sets numbers to zero at random while training.
public struct Dropout: Layer {
  public static let kind = "dropout"

  /// The part of the numbers that is dropped, from 0 up to but not including 1.
  public let rate: Float

  /// Drops this part of the numbers while training, from 0 up to but not including 1.
  public init(rate: Float) {
    guard rate >= 0, rate < 1 else { stop("Dropout: the rate must be at least 0 and below 1, but it is \(rate)") }
    self.rate = rate
  }

  /// Reads `rate`.
  public init(from plan: LayerPlan) throws {
    rate = Float(try plan.number("rate", in: 0..<1))
    guard rate < 1 else { throw plan.error("\"rate\" rounds to 1, which would drop everything.") }
  }

  public var settings: JSONValue { ["rate": JSONValue(rate)] }
  public func callAsFunction(_ input: Tensor) -> Tensor { input }
  public func callAsFunction(_ input: Variable) -> Variable { dropout(input, rate: rate) }
  public var answering: [any Layer] { [] }
  public var summaryName: String { "Dropout(\(rate))" }
}
