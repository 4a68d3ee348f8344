// SPDX-License-Identifier: Apache-2.0
//
// A fully connected layer on variables: product, bias and activation as one rule.
//
// Nine tenths of the training of an MLP are this rule. The gradient goes back through the activation in
// place and is computed from the layer's *output*, so that what came before the activation need not be
// kept; a layer whose input is a constant, which the first one's is, computes no gradient for it.
//
// Shapes    N examples, D inputs, H outputs
// Before    Matmul.swift     After    Activations.swift
// Source    Rumelhart, Hinton, Williams, "Learning representations by back-propagating errors" (1986)

import SwiftletTensors

/// activation(x · Wᵀ + b)
///
/// - Parameters:
///   - x: Examples, shape `[N, D]`.
///   - weight: Shape `[H, D]`.
///   - bias: Shape `[H]`.
///   - activation: Any but `gelu`, whose gradient cannot be computed from its output.
/// - Returns: Shape `[N, H]`.
public func affine(_ x: Variable, weight: Variable, bias: Variable, activation: Activation = .identity) -> Variable {
  guard activation != .gelu else { return gelu(affine(x, weight: weight, bias: bias)) }
  let (input, w) = (x.value, weight.value)
  let output = affine(input, weight: w, bias: bias.value, activation: activation)
  let needsInput = x.needsGradient
  return x.tape.record(.affine, output, from: [x, weight, bias]) { upstream in
    var d = upstream  // [N, H], the gradient of x · Wᵀ + b
    multiplyByDerivative(&d, of: activation, output: output)
    return [
      needsInput ? matmul(d, w) : nil,  // [N, D]
      matmul(d, input, transposingLeft: true),  // [H, D]
      d.sum(axis: 0),  // [H]
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
