// SPDX-License-Identifier: Apache-2.0
//
// Optimizers: from gradients to better parameters.
//
// Before    Layers/SilentUnits.swift     After    SGD.swift

import SwiftletTensors

/// A rule that changes parameters against their gradients, step by step.
public protocol Optimizer: Sendable {
  /// About the length of a step. A schedule is a factor on it.
  var learningRate: Float { get }

  /// What is remembered from step to step: enough to go on later as if nothing had happened.
  var state: OptimizerState { get set }

  /// Called once before the parameters of a step are updated.
  ///
  /// - Parameter rateFactor: The factor on the learning rate in this step.
  mutating func beginStep(rateFactor: Float)

  /// Changes one parameter in place.
  ///
  /// - Parameters:
  ///   - parameter: What is changed, of any shape.
  ///   - gradient: The slope of the loss by each of its numbers, of the same shape.
  ///   - position: Which parameter of the model this is: an optimizer remembers past gradients by it.
  ///   - team: The threads that share out a large parameter; every number is changed by one of them.
  mutating func update(_ parameter: inout Tensor, gradient: Tensor, at position: Int, over team: ThreadTeam)
}

/// What an optimizer remembers.
public struct OptimizerState: Sendable, Equatable {
  /// Number of steps that were taken.
  public var stepCount: Int
  /// By its name, a tensor for each parameter in the parameter's shape; empty before the first step.
  public var memories: [String: [Tensor]]

  /// The state after some steps.
  public init(stepCount: Int = 0, memories: [String: [Tensor]] = [:]) {
    self.stepCount = stepCount
    self.memories = memories
  }
}

extension Optimizer {
  /// One step: changes every parameter of a model that is not frozen.
  ///
  /// - Parameters:
  ///   - model: The model, whose parameters are changed in place.
  ///   - gradients: One for each trainable parameter, in their order, as a tape's `gradients(of:)` gives them.
  ///   - rateFactor: The factor on the learning rate, as a ``Schedule`` gives it.
  ///   - team: The threads over which large parameters are shared out.
  public mutating func step(
    _ model: inout some Layer, gradients: [Tensor], rateFactor: Float = 1, over team: ThreadTeam = .alone
  ) {
    beginStep(rateFactor: rateFactor)
    var position = 0
    model.updateTrainableParameters { name, parameter in
      guard position < gradients.count, gradients[position].shape == parameter.shape else {
        stop(
          "step: the parameter \(name) of shape \(parameter.shape) has no gradient of its shape.\n"
            + "Was the model called with a variable, once, on the tape that gave these gradients?")
      }
      update(&parameter, gradient: gradients[position], at: position, over: team)
      position += 1
    }
    guard position == gradients.count else {
      stop(
        "step: there are \(gradients.count) gradients for \(position) parameters: the model was called twice on one tape."
      )
    }
  }
}

/// What an optimizer remembers about one parameter, which has the shape of the parameter.
///
/// - Parameters:
///   - memory: A tensor for each parameter that was updated before; zeros are added for the next one.
///   - position: Which parameter this is.
func remember(
  _ memory: inout [Tensor], _ parameter: Tensor, gradient: Tensor, at position: Int
) {
  if position == memory.count { memory.append(.zeros(parameter.shape)) }
  guard position >= 0, position < memory.count, memory[position].shape == parameter.shape,
    gradient.shape == parameter.shape
  else {
    stop(
      "update: the parameter \(position) of shape \(parameter.shape), with a gradient of shape \(gradient.shape), is not "
        + "the one that this optimizer knows. An optimizer serves one model; make a new one for another.")
  }
}
