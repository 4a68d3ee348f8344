// SPDX-License-Identifier: Apache-2.0
//
// Layer: a step from an input to an output, with parameters that are learned.
//
// A layer is a value that holds tensors: it can be copied, sent to another thread and kept as "the best
// so far" by an assignment. For training it is called with a variable, and lifts its parameters onto the
// variable's tape; for answering it is called with a tensor, and no tape exists.
//
// Before    SwiftletAutograd     After    Linear.swift

import SwiftletAutograd
import SwiftletTensors

/// A parameter and its name, which is `weight`, `0.bias` and so on, as in PyTorch's `state_dict`.
public struct NamedParameter: Sendable {
  /// The name in a saved model, such as `0.weight`.
  public let name: String
  /// The numbers that are learned.
  public let value: Tensor

  /// A parameter under its name.
  public init(name: String, value: Tensor) { (self.name, self.value) = (name, value) }
}

/// A part of a network.
public protocol Layer: Sendable {
  /// The parameters, in a fixed order.
  var parameters: [NamedParameter] { get }

  /// Calls `body` with every parameter, to be changed in place, in the order of `parameters`.
  mutating func updateParameters(_ body: (_ name: String, _ value: inout Tensor) throws -> Void) rethrows

  /// The output for an input, without a tape.
  func callAsFunction(_ input: Tensor) -> Tensor

  /// The output for an input on a tape. Lifts every parameter, in the order of `parameters`.
  func callAsFunction(_ input: Variable) -> Variable

  /// The shape of the output for an input of the given shape.
  func outputShape(for input: Shape) -> Shape

  /// How a summary names the layer, for example `Linear(784 → 256)`.
  var summaryName: String { get }
}

extension Layer {
  // A layer that learns nothing is the common case among activations.
  public var parameters: [NamedParameter] { [] }
  public mutating func updateParameters(_ body: (_ name: String, _ value: inout Tensor) throws -> Void) rethrows {}
  public func outputShape(for input: Shape) -> Shape { input }

  /// How many numbers are learned.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.value.count } }
}
