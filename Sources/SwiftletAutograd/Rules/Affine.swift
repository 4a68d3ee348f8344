// SPDX-License-Identifier: Apache-2.0
//
// A fully connected layer on variables: product, bias and activation as one rule.
//
// Nine tenths of the training of an MLP are this rule. The gradient goes back through the activation in
// place and is computed from the layer's *output*, so that what came before the activation need not be
// kept; a constant, such as the first layer's input or a frozen weight, gets no gradient.
//
// Shapes    N examples, D inputs, H outputs; N may stand for several leading axes
// Before    Matmul.swift     After    Convolution.swift
// Source    Rumelhart, Hinton, Williams, "Learning representations by back-propagating errors" (1986)

import SwiftletTensors

/// activation(x · Wᵀ + b)
///
/// - Parameters:
///   - x: Examples, shape `[N, D]`, or with more leading axes `[…, D]`.
///   - weight: Shape `[H, D]`.
///   - bias: Shape `[H]`.
///   - activation: What is applied to every output. `gelu` is recorded as a rule of its own behind this one, because its
///     gradient cannot be computed from its output.
/// - Returns: Shape `[N, H]`, with the leading axes of `x`.
public func affine(_ x: Variable, weight: Variable, bias: Variable, activation: Activation = .identity) -> Variable {
  guard activation != .gelu else { return gelu(affine(x, weight: weight, bias: bias)) }
  let input = x.value.rowsOfLastAxis  // [N, D]
  let w = weight.value
  let output = affine(x.value, weight: w, bias: bias.value, activation: activation)
  let inputShape = x.shape
  let needsInput = x.needsGradient
  let needsWeight = weight.needsGradient
  let needsBias = bias.needsGradient
  return x.tape.record(.affine, output, from: [x, weight, bias]) { upstream in
    var d = upstream  // the gradient of x · Wᵀ + b
    multiplyByDerivative(&d, of: activation, output: output)
    d = d.rowsOfLastAxis  // [N, H]
    return [
      needsInput ? matmul(d, w).reshaped(to: inputShape) : nil,
      needsWeight ? matmul(d, input, transposingLeft: true) : nil,  // [H, D]
      needsBias ? d.sum(axis: 0) : nil,  // [H]
    ]
  }
}

/// Multiplies a gradient by an activation's derivative, in place, given what the activation put out.
func multiplyByDerivative(_ gradient: inout Tensor, of activation: Activation, output: Tensor) {
  switch activation {
  case .identity: break
  case .relu: gradient.update(with: output) { d, y in d.replacing(with: 0, where: y .<= 0) }
  case .tanh: gradient.update(with: output) { d, y in d * (1 - y * y) }
  case .sigmoid: gradient.update(with: output) { d, y in d * y * (1 - y) }
  case .gelu: stop("affine: the gradient of GELU cannot be computed from its output")
  }
}
