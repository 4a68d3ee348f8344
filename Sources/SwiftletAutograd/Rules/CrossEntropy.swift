// SPDX-License-Identifier: Apache-2.0
//
// Cross-entropy: how surprised a classifier is by the right answer.
//
// The loss of one example is −log p(label). Computed from the scores instead of the probabilities, it
// cannot overflow and its gradient is p − 1 at the label and p elsewhere: value and gradient come out of
// one pass over the scores, which is why softmax and loss are one rule.
//
// Shapes    N examples, C classes
// Before    Reductions.swift     After    BinaryCrossEntropy.swift
// Source    Bishop, "Pattern Recognition and Machine Learning" (2006), equations 4.108 and 4.109

import Foundation
import SwiftletTensors

/// The weighted mean of −log softmax(logits)[label].
///
/// - Parameters:
///   - logits: Scores, shape `[N, C]`.
///   - labels: N class positions, from 0 to C − 1.
///   - weights: One weight per example; all 1 if there are none. The mean divides by their sum, as PyTorch's does.
/// - Returns: One number. ln C for scores that are all equal.
public func crossEntropy(logits: Variable, labels: [Int32], weights: [Float]? = nil) -> Variable {
  let (loss, gradient) = crossEntropyAndGradient(logits: logits.value, labels: labels, weights: weights)
  return logits.tape.record(.crossEntropy, Tensor(Float(loss)), from: [logits]) { upstream in
    let factor = upstream.scalar
    return [factor == 1 ? gradient : gradient * factor]
  }
}

/// The loss, and its gradient with respect to the scores.
package func crossEntropyAndGradient(
  logits: Tensor, labels: [Int32], weights: [Float]?
) -> (loss: Double, gradient: Tensor) {
  let (n, c) = logits.rowsAndColumns(for: "crossEntropy")
  guard labels.count == n, weights.map({ $0.count == n }) ?? true else {
    stop("crossEntropy: \(n) rows of scores need as many labels and weights, but there are \(labels.count) labels")
  }
  if let wrong = labels.first(where: { $0 < 0 || $0 >= c }) {
    stop("crossEntropy: the label \(wrong) is not from 0 to \(c - 1), as \(c) columns of scores need")
  }
  let totalWeight = weights.map { $0.reduce(0, +) } ?? Float(n)
  var total = 0.0
  var gradient = softmaxRows(logits)
  gradient.withUnsafeMutableScalars { gradient in
    logits.withUnsafeScalars { logits in
      for row in 0..<n {
        let range = row * c..<(row + 1) * c
        let scores = UnsafeBufferPointer(rebasing: logits[range])
        let p = UnsafeMutableBufferPointer(rebasing: gradient[range])
        let label = Int(labels[row])
        let weight = weights.map { $0[row] } ?? 1
        // −log p is taken from the scores where p has no digits left.
        let surprise = p[label] > 1e-3 ? -logf(p[label]) : logSumExp(scores) - scores[label]
        total += Double(weight * surprise)
        p[label] -= 1
        let factor = weight / totalWeight
        for i in 0..<c { p[i] *= factor }
      }
    }
  }
  return (total / Double(totalWeight), gradient)
}
