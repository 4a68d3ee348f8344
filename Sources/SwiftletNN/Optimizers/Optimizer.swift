// SPDX-License-Identifier: Apache-2.0
//
// Optimizers: from gradients to better parameters.
//
// Before    Initializers/Initializers.swift     After    SGD.swift

import SwiftletTensors

/// A rule that changes parameters against their gradients, step by step.
public protocol Optimizer: Sendable {
  var learningRate: Float { get set }

  /// Called once before the parameters of a step are updated.
  mutating func beginStep()

  /// Changes one parameter in place.
  ///
  /// - Parameters:
  ///   - position: Which parameter of the model this is: an optimizer remembers past gradients by it.
  mutating func update(_ parameter: inout Tensor, gradient: Tensor, at position: Int)
}

extension Optimizer {
  /// One step: changes every parameter of a model.
  ///
  /// - Parameter gradients: One for each parameter, in their order, as ``Tape/gradients(of:)`` gives them.
  public mutating func step(_ model: inout some Layer, gradients: [Tensor]) {
    beginStep()
    var position = 0
    model.updateParameters { name, parameter in
      guard position < gradients.count, gradients[position].shape == parameter.shape else {
        stop(
          "step: the parameter \(name) of shape \(parameter.shape) has no gradient of its shape.\n"
            + "Was the model called with a variable, once, on the tape that gave these gradients?")
      }
      update(&parameter, gradient: gradients[position], at: position)
      position += 1
    }
  }
}
