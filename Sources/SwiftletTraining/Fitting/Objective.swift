// SPDX-License-Identifier: Apache-2.0
//
// The objective: what a fit minimizes.
//
//     multi-layer perceptron   mean loss
//     logistic regression      mean log loss + l2/(2N) · ‖W‖²             l2 = 1 is scikit-learn's C = 1
//     linear regression        ½ mean squared error + l2/(2N) · ‖W‖²      l2 = 1 is Ridge(alpha=1)
//
// It is the same for L-BFGS, which looks at all examples in every step, and for an optimizer that looks at a batch. The
// biases are not penalized.
//
// Shapes    N examples, C outputs
// Before    History.swift     After    Fitter.swift
// Source    Hastie, Tibshirani, Friedman (2009), sections 3.4.1 and 4.4.4

import SwiftletModels
import SwiftletNN
import SwiftletTensors

/// The mean loss of a head, and a penalty on the weights.
public struct Objective: Sendable {
  /// The head, which has the loss.
  public var head: any Head
  /// The strength of the penalty of a convex model, l2; `nil` for the plain mean loss.
  public var l2: Double?

  /// The mean loss of a head, with a penalty if `l2` is given.
  public init(_ head: any Head, l2: Double? = nil) {
    self.head = head
    self.l2 = l2
  }

  /// The factor on the mean loss: that of the textbook for a convex model.
  var lossFactor: Double { l2 == nil ? 1 : head.convexity?.factor ?? 1 }

  /// l2 / N: the factor on the weights in their gradient.
  func penalty(exampleCount: Int) -> Double { (l2 ?? 0) / Double(exampleCount) }

  /// Adds the penalty to the gradients of a model's parameters, and returns what it adds to the loss.
  func addPenalty(of network: some Layer, exampleCount: Int, to gradients: inout [Tensor]) -> Double {
    let factor = penalty(exampleCount: exampleCount)
    guard factor > 0 else { return 0 }
    let trainable = network.parameters.filter(\.isTrainable)  // as the gradients are
    var value = 0.0
    for (position, parameter) in trainable.enumerated() where parameter.value.rank > 1 {
      value += 0.5 * factor * Double(square(parameter.value).sum().scalar)
      gradients[position] += Float(factor) * parameter.value
    }
    return value
  }
}

/// The loss, and accuracy or R², of some examples.
struct Measured {
  let loss: Double
  let metric: Metric
}

extension Objective {
  /// Measures a network on examples: the mean loss, without a penalty.
  func measure(_ network: some Layer, _ examples: Examples) -> Measured {
    var lossSum = 0.0
    var metricSum = 0.0
    for start in stride(from: 0, to: examples.count, by: 1024) {
      let range = start..<min(start + 1024, examples.count)
      let scores = network(examples.features.rows(range))
      let truth = examples.truth.selecting(range.map { Int32($0) })
      lossSum += head.lossAndGradient(scores, truth).loss * truth.totalWeight
      metricSum += head.watchedSum(scores, truth)
    }
    return Measured(
      loss: lossSum / max(examples.truth.totalWeight, .leastNormalMagnitude),
      metric: Metric(head.watchedMetric, head.watchedValue(metricSum, examples.truth)))
  }
}
