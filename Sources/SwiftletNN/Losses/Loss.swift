// SPDX-License-Identifier: Apache-2.0
//
// Loss: what training makes small.
//
// Shapes    N examples, C classes, T targets
// Before    Layers/Sequential.swift     After    Optimizers/Optimizer.swift

import SwiftletAutograd
import SwiftletTensors

/// What the outputs of a network are compared with.
public enum Targets: Sendable {
  /// N class positions.
  case labels([Int32])
  /// Shape `[N, T]`.
  case numbers(Tensor)

  /// N, the number of examples.
  public var count: Int {
    switch self {
    case .labels(let labels): labels.count
    case .numbers(let numbers): numbers.shape[0]
    }
  }

  /// The targets of the examples with the given positions.
  public func gathered(_ indices: [Int32]) -> Targets {
    switch self {
    case .labels(let labels): .labels(indices.map { labels[Int($0)] })
    case .numbers(let numbers): .numbers(numbers.gathered(indices))
    }
  }
}

/// A measure of how wrong the outputs of a network are.
public enum Loss: String, Sendable {
  /// For C classes: one score each.
  case crossEntropy = "cross_entropy"
  /// For two classes: one score, of the second.
  case binaryCrossEntropy = "binary_cross_entropy"
  /// For numbers.
  case meanSquaredError = "mean_squared_error"

  /// The loss of outputs on a tape.
  ///
  /// - Parameters:
  ///   - outputs: Shape `[N, C]`, `[N, 1]` or `[N, T]`.
  ///   - targets: N labels, or numbers of the shape `[N, T]`.
  ///   - classWeights: How much an example of each class counts; C numbers.
  public func callAsFunction(_ outputs: Variable, _ targets: Targets, classWeights: [Float]? = nil) -> Variable {
    switch (self, targets) {
    case (.crossEntropy, .labels(let labels)):
      return SwiftletAutograd.crossEntropy(
        logits: outputs, labels: labels, weights: exampleWeights(labels, classWeights))
    case (.binaryCrossEntropy, .labels(let labels)):
      return SwiftletAutograd.binaryCrossEntropy(
        logits: outputs, labels: labels, weights: exampleWeights(labels, classWeights))
    case (.meanSquaredError, .numbers(let numbers)):
      return SwiftletAutograd.meanSquaredError(outputs, targets: numbers)
    default:
      stop("Loss: \(rawValue) needs \(self == .meanSquaredError ? "numbers" : "labels") as targets")
    }
  }

  /// The loss of outputs, and its gradient with respect to them, without a tape.
  public func valueAndGradient(
    _ outputs: Tensor, _ targets: Targets, classWeights: [Float]? = nil
  ) -> (loss: Double, gradient: Tensor) {
    switch (self, targets) {
    case (.crossEntropy, .labels(let labels)):
      return crossEntropyAndGradient(logits: outputs, labels: labels, weights: exampleWeights(labels, classWeights))
    case (.binaryCrossEntropy, .labels(let labels)):
      return binaryCrossEntropyAndGradient(
        logits: outputs, labels: labels, weights: exampleWeights(labels, classWeights))
    case (.meanSquaredError, .numbers(let numbers)):
      let difference = outputs - numbers
      return (loss: Double(square(difference).mean().scalar), gradient: difference * (2 / Float(difference.count)))
    default:
      stop("Loss: \(rawValue) needs \(self == .meanSquaredError ? "numbers" : "labels") as targets")
    }
  }

  /// How much each example counts, by its class.
  private func exampleWeights(_ labels: [Int32], _ classWeights: [Float]?) -> [Float]? {
    classWeights.map { weights in
      labels.map { label in
        guard label >= 0, label < weights.count else {
          stop("Loss: the label \(label) has no class weight: there are \(weights.count)")
        }
        return weights[Int(label)]
      }
    }
  }
}
