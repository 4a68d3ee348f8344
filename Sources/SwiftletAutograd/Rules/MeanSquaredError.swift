// SPDX-License-Identifier: Apache-2.0
//
// Mean squared error: the loss of a regression.
//
// Shapes    N examples, T targets
// Before    BinaryCrossEntropy.swift     After    SwiftletNN
// Source    Bishop, "Pattern Recognition and Machine Learning" (2006), equation 1.2

import SwiftletTensors

/// The mean of (prediction − target)² over all N · T numbers, as PyTorch's.
///
/// - Parameters:
///   - predictions: Shape `[N, T]`.
///   - targets: The same shape.
public func meanSquaredError(_ predictions: Variable, targets: Tensor) -> Variable {
  guard predictions.shape == targets.shape else {
    stop(
      "meanSquaredError: predictions and targets must have one shape, but they have \(predictions.shape) and \(targets.shape)"
    )
  }
  let difference = predictions.value - targets
  return predictions.tape.record(.meanSquaredError, square(difference).mean(), from: [predictions]) { upstream in
    [difference * (2 * upstream.scalar / Float(difference.count))]
  }
}
