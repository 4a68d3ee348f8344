// SPDX-License-Identifier: Apache-2.0
//
// SGD: stochastic gradient descent, with momentum.
//
// Before    Optimizer.swift     After    Adam.swift
// Source    Sutskever et al., "On the importance of initialization and momentum in deep learning" (2013),
//           in the form of torch.optim.SGD

import SwiftletTensors

/// w ← w − rate · v, with v the gradient, or its running sum where there is momentum.
public struct SGD: Optimizer {
  /// How far a step goes for a gradient of 1.
  public let learningRate: Float
  /// How much of the last step is added to the next, from 0 up to but not including 1.
  public let momentum: Float
  /// Whether the gradient is used as if the momentum had been applied already.
  public let nesterov: Bool
  /// How strongly weights are pulled to zero.
  public let weightDecay: Float
  /// The learning rate of the step that has begun.
  private var rate: Float
  private var stepCount = 0
  private var velocities: [Tensor] = []

  /// By default, plain steps against the gradient.
  public init(learningRate: Float, momentum: Float = 0, nesterov: Bool = false, weightDecay: Float = 0) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay
    rate = learningRate
  }

  public var state: OptimizerState {
    get { OptimizerState(stepCount: stepCount, memories: ["velocities": velocities]) }
    set {
      stepCount = newValue.stepCount
      velocities = newValue.memories["velocities"] ?? []
    }
  }

  public mutating func beginStep(rateFactor: Float) {
    rate = learningRate * rateFactor
    stepCount += 1
  }

  public mutating func update(_ parameter: inout Tensor, gradient: Tensor, at position: Int, over team: ThreadTeam) {
    let (rate, decay) = (rate, weightDecay)
    let (momentum, nesterov) = (momentum, nesterov)
    guard momentum != 0 else {
      return parameter.update(with: gradient) { w, g in w - rate * (g + decay * w) }
    }
    remember(&velocities, parameter, gradient: gradient, at: position)
    velocities[position].withUnsafeMutableScalars { velocity in
      parameter.withUnsafeMutableScalars { parameter in
        gradient.withUnsafeScalars { gradient in
          guard let velocities = velocity.baseAddress, let weights = parameter.baseAddress,
            let slopes = gradient.baseAddress
          else { return }
          // In bounds: all three are padded to a multiple of eight. Each range has one thread, and the arrays
          // have one owner or are only read.
          nonisolated(unsafe) let v = velocities
          nonisolated(unsafe) let w = weights
          nonisolated(unsafe) let g = slopes
          team.forEachRange(of: parameter.count) { range in
            for i in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
              let slope = g.vector(at: i) + decay * w.vector(at: i)
              let sum = momentum * v.vector(at: i) + slope
              v.store(sum, at: i)
              w.store(w.vector(at: i) - rate * (nesterov ? slope + momentum * sum : sum), at: i)
            }
          }
        }
      }
    }
  }
}
