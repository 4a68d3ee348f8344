// SPDX-License-Identifier: Apache-2.0
//
// The objective: what a fit makes small.
//
//     multi-layer perceptron   mean loss
//     logistic regression      mean log loss + l2/(2N) · ‖W‖²             l2 = 1 is scikit-learn's C = 1
//     linear regression        ½ mean squared error + l2/(2N) · ‖W‖²      l2 = 1 is Ridge(alpha=1)
//
// It is the same whoever minimizes it: L-BFGS, which looks at all examples in every step, or an optimizer that looks
// at a batch. The biases are not penalized.
//
// Shapes    N examples, C outputs
// Before    History.swift     After    Fitter.swift
// Source    Hastie, Tibshirani, Friedman (2009), sections 3.4.1 and 4.4.4

import SwiftletModels
import SwiftletNN
import SwiftletTensors

/// A loss, what each class counts, and a penalty on the weights.
public struct Objective: Sendable {
  /// What is made small.
  public var loss: Loss
  /// One weight per class, C in all; `nil` where all count the same.
  public var classWeights: [Float]?
  /// The strength of the penalty of a convex model, l2; `nil` for the plain mean loss.
  public var l2: Double?

  /// A mean loss, with a penalty where `l2` is given.
  public init(_ loss: Loss, classWeights: [Float]? = nil, l2: Double? = nil) {
    self.loss = loss
    self.classWeights = classWeights
    self.l2 = l2
  }

  /// The factor on the mean loss: of convex models ½ for squares, which are a mean over C targets too.
  func lossFactor(outputSize: Int) -> Double {
    l2 != nil && loss == .meanSquaredError ? 0.5 * Double(outputSize) : 1
  }

  /// l2 / N: the factor on the weights in their gradient.
  func penalty(exampleCount: Int) -> Double { (l2 ?? 0) / Double(exampleCount) }

  /// How much the loss bends along a score at most: the preconditioner's curvature.
  var curvature: Double { loss == .meanSquaredError ? 1 : 0.25 }

  /// The name of the measure on validation rows.
  var metricName: String { loss == .meanSquaredError ? "r2" : "accuracy" }

  /// What the examples at the given positions count together.
  func totalWeight(_ targets: Targets, _ positions: ArraySlice<Int32>) -> Double {
    guard case .labels(let labels) = targets, let classWeights else { return Double(positions.count) }
    return positions.reduce(0) { $0 + Double(classWeights[Int(labels[Int($1)])]) }
  }

  /// What all examples count together.
  func totalWeight(_ targets: Targets) -> Double {
    guard case .labels(let labels) = targets, let classWeights else { return Double(targets.count) }
    return labels.reduce(0) { $0 + Double(classWeights[Int($1)]) }
  }

  /// Adds the penalty to the gradients of a model's parameters, and returns what it adds to the loss.
  func addPenalty(of network: some Layer, exampleCount: Int, to gradients: inout [Tensor]) -> Double {
    let factor = penalty(exampleCount: exampleCount)
    guard factor > 0 else { return 0 }
    var value = 0.0
    for (position, parameter) in network.parameters.enumerated() where parameter.value.rank > 1 {
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
    var weight = 0.0
    var metricSum = 0.0
    var variance = 0.0
    let means: Tensor? = if case .numbers(let numbers) = examples.targets { numbers.mean(axis: 0) } else { nil }
    for start in stride(from: 0, to: examples.count, by: 1024) {
      let range = start..<min(start + 1024, examples.count)
      let outputs = network(examples.features.rows(range))
      let targets = examples.targets.gathered(range.map { Int32($0) })
      let blockWeight = totalWeight(targets)
      lossSum += loss.valueAndGradient(outputs, targets, classWeights: classWeights).loss * blockWeight
      weight += blockWeight
      switch targets {
      case .labels(let labels):
        let answers = outputs.shape[1] == 1 ? outputs.scalars.map { $0 > 0 ? 1 : 0 } : outputs.argmax(axis: 1)
        metricSum += Double(zip(labels, answers).count { $0 == $1 })
      case .numbers(let numbers):
        metricSum += Double(square(outputs - numbers).sum().scalar)
        if let means { variance += Double(square(numbers - means).sum().scalar) }
      }
    }
    let metric = means == nil ? metricSum / Double(examples.count) : variance > 0 ? 1 - metricSum / variance : 0
    return Measured(loss: lossSum / max(weight, .leastNormalMagnitude), metric: Metric(metricName, metric))
  }
}
