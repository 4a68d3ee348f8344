// SPDX-License-Identifier: Apache-2.0
//
// Binary cross-entropy: the loss of a classifier of two classes with one score.
//
// Shapes    N examples
// Before    CrossEntropy.swift     After    MeanSquaredError.swift
// Source    Bishop, "Pattern Recognition and Machine Learning" (2006), equations 4.90 and 4.91

import Foundation
import SwiftletTensors

/// The weighted mean of −log σ(x) where the label is 1, and of −log(1 − σ(x)) where it is 0.
///
/// Both are softplus(±x) = max(0, ±x) + log(1 + e^−|x|), which overflows nowhere.
///
/// - Parameters:
///   - logits: One score for each example, shape `[N, 1]` or `[N]`.
///   - labels: N labels, 0 or 1.
///   - weights: One weight per example; all 1 if there are none.
public func binaryCrossEntropy(logits: Variable, labels: [Int32], weights: [Float]? = nil) -> Variable {
  let (loss, gradient) = binaryCrossEntropyAndGradient(logits: logits.value, labels: labels, weights: weights)
  return logits.tape.record(.binaryCrossEntropy, Tensor(Float(loss)), from: [logits]) { [gradient * $0.scalar] }
}

/// The loss, and its gradient (σ(x) − label) · weight / Σ weights.
package func binaryCrossEntropyAndGradient(
  logits: Tensor, labels: [Int32], weights: [Float]?
) -> (loss: Double, gradient: Tensor) {
  guard labels.count == logits.count, weights.map({ $0.count == labels.count }) ?? true,
    labels.allSatisfy({ $0 == 0 || $0 == 1 })
  else {
    stop(
      "binaryCrossEntropy: \(logits.count) scores need as many labels, each 0 or 1, but there are \(labels.count) labels"
    )
  }
  let totalWeight = weights.map { $0.reduce(0, +) } ?? Float(labels.count)
  var total = 0.0
  var gradient = sigmoid(logits)
  gradient.withUnsafeMutableScalars { gradient in
    logits.withUnsafeScalars { logits in
      for i in labels.indices {
        let weight = weights.map { $0[i] } ?? 1
        let x = labels[i] == 1 ? -logits[i] : logits[i]
        total += Double(weight) * (max(0, Double(x)) + log1p(Foundation.exp(-Double(Swift.abs(x)))))
        gradient[i] = (gradient[i] - Float(labels[i])) * weight / totalWeight
      }
    }
  }
  return (total / Double(totalWeight), gradient)
}
