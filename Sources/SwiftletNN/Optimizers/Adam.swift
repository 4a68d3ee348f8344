// SPDX-License-Identifier: Apache-2.0
//
// Adam: a step size of its own for each parameter, from the running mean of its gradient and of its square.
//
// Before    SGD.swift     After    LBFGS.swift
// Source    Kingma, Ba, "Adam" (2014), arXiv:1412.6980, algorithm 1; Loshchilov, Hutter, "Decoupled Weight
//           Decay Regularization" (2017), arXiv:1711.05101, algorithm 2, for AdamW

import CVectorMath
import Foundation
import SwiftletTensors

/// m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², w ← w − rate · m̂ / (√v̂ + ε).
///
/// The hats divide by 1 − βᵗ, because both means begin at zero and would be too small at first.
public struct Adam: Optimizer {
  /// About the length of a step, in units of the parameters.
  public let learningRate: Float
  /// How much of the mean of gradients is kept from step to step.
  public let beta1: Float
  /// How much of the mean of squared gradients is kept.
  public let beta2: Float
  /// Added to the root of the mean square, so that nothing is divided by zero.
  public let epsilon: Float
  /// How strongly weights are pulled to zero.
  public let weightDecay: Float
  /// Whether the decay shrinks the weights themselves (AdamW) instead of being added to the gradient.
  public let isDecoupled: Bool
  /// The learning rate of the step that has begun.
  private var rate: Float
  private var stepCount = 0
  private var means: [Tensor] = []
  private var squares: [Tensor] = []

  /// Adam, whose weight decay is a part of the gradient.
  public init(
    learningRate: Float = 0.001, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0
  ) {
    self.init(
      learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
      isDecoupled: false)
  }

  /// Adam with decoupled weight decay.
  public static func adamW(
    learningRate: Float = 0.001, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
    weightDecay: Float = 0.01
  ) -> Adam {
    Adam(
      learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
      isDecoupled: true)
  }

  private init(
    learningRate: Float, beta1: Float, beta2: Float, epsilon: Float, weightDecay: Float, isDecoupled: Bool
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.isDecoupled = isDecoupled
    rate = learningRate
  }

  public var state: OptimizerState {
    get { OptimizerState(stepCount: stepCount, memories: ["means": means, "squares": squares]) }
    set {
      stepCount = newValue.stepCount
      means = newValue.memories["means"] ?? []
      squares = newValue.memories["squares"] ?? []
    }
  }

  public mutating func beginStep(rateFactor: Float) {
    rate = learningRate * rateFactor
    stepCount += 1
  }

  public mutating func update(_ parameter: inout Tensor, gradient: Tensor, at position: Int, over team: ThreadTeam) {
    remember(&means, parameter, gradient: gradient, at: position)
    remember(&squares, parameter, gradient: gradient, at: position)
    // The corrections are folded into two numbers: rate/(1 − β₁ᵗ), and 1/√(1 − β₂ᵗ) on the root.
    let step = rate / Float(1 - pow(Double(beta1), Double(stepCount)))
    let rootScale = Float(1 / (1 - pow(Double(beta2), Double(stepCount))).squareRoot())
    let adam = swiftlet_adam(
      beta1: beta1, beta2: beta2, new1: 1 - beta1, new2: 1 - beta2, decay: isDecoupled ? 0 : weightDecay,
      shrink: isDecoupled ? 1 - rate * weightDecay : 1, step: step, root_scale: rootScale, epsilon: epsilon)
    // One pass over four arrays.
    means[position].withUnsafeMutableScalars { means in
      squares[position].withUnsafeMutableScalars { squares in
        parameter.withUnsafeMutableScalars { parameter in
          gradient.withUnsafeScalars { gradient in
            guard let means = means.baseAddress, let squares = squares.baseAddress, let weights = parameter.baseAddress,
              let slopes = gradient.baseAddress
            else { return }
            // Each range has one thread, and the arrays outlive the loop.
            nonisolated(unsafe) let m = means
            nonisolated(unsafe) let v = squares
            nonisolated(unsafe) let w = weights
            nonisolated(unsafe) let g = slopes
            team.forEachRange(of: parameter.count) { range in
              let start = range.lowerBound
              swiftlet_adam_step(
                VectorInstructions.best.rawValue, adam, range.count, g + start, m + start, v + start, w + start)
            }
          }
        }
      }
    }
  }
}
