// SPDX-License-Identifier: Apache-2.0
//
// Convolution on variables: product, bias and activation as one rule, as in a fully connected layer.
//
// Shapes    N pictures, H the height, W the width, C channels in, K channels out
// Before    Affine.swift     After    Pooling.swift
// Source    LeCun et al., "Backpropagation Applied to Handwritten Zip Code Recognition" (1989)

import SwiftletTensors

/// activation(x ∗ w + b), with a border of zeros, so that the picture keeps its size.
///
/// - Parameters:
///   - x: Pictures, shape `[N, H, W, C]`.
///   - weight: Shape `[K, C, 3, 3]` or `[K, C, 1, 1]`.
///   - bias: Shape `[K]`.
///   - activation: What is applied to every output. `gelu` is recorded as a rule of its own behind this one.
/// - Returns: Shape `[N, H, W, K]`.
public func convolution(
  _ x: Variable, weight: Variable, bias: Variable, activation: Activation = .identity
) -> Variable {
  guard activation != .gelu else { return gelu(convolution(x, weight: weight, bias: bias)) }
  let input = x.value
  let w = weight.value
  let output = convolution(input, weight: w, bias: bias.value, activation: activation)
  let needsInput = x.needsGradient
  let needsWeight = weight.needsGradient
  let needsBias = bias.needsGradient
  return x.tape.record(.convolution, output, from: [x, weight, bias]) { upstream in
    var d = upstream  // the gradient of x ∗ w + b
    multiplyByDerivative(&d, of: activation, output: output)
    return [
      needsInput ? convolutionInputGradient(d, weight: w) : nil,
      needsWeight ? convolutionWeightGradient(d, input: input, size: w.shape[2]) : nil,
      needsBias ? d.rowsOfLastAxis.sum(axis: 0) : nil,
    ]
  }
}
