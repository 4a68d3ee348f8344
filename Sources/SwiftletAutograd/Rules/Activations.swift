// SPDX-License-Identifier: Apache-2.0
//
// Activations on variables. The derivatives of ReLU, tanh and sigmoid follow from their outputs.
//
// Before    Pooling.swift     After    Exponential.swift

import Foundation
import SwiftletTensors

/// max(0, x); its derivative is 1 above zero, and 0 elsewhere, at zero itself too, as in PyTorch.
public func relu(_ x: Variable) -> Variable { activated(x, .relu, .relu, relu(x.value)) }

/// tanh′ = 1 − tanh²
public func tanh(_ x: Variable) -> Variable { activated(x, .tanh, .tanh, tanh(x.value)) }

/// σ′ = σ (1 − σ)
public func sigmoid(_ x: Variable) -> Variable { activated(x, .sigmoid, .sigmoid, sigmoid(x.value)) }

private func activated(_ x: Variable, _ rule: Rule, _ activation: Activation, _ output: Tensor) -> Variable {
  x.tape.record(rule, output, from: [x]) { upstream in
    var gradient = upstream
    multiplyByDerivative(&gradient, of: activation, output: output)
    return [gradient]
  }
}

/// (x Φ(x))′ = Φ(x) + x φ(x), with φ the density of the normal distribution.
public func gelu(_ x: Variable) -> Variable {
  let input = x.value
  return x.tape.record(.gelu, gelu(input), from: [x]) { upstream in
    let slope = input.mappedOneByOne { x in
      0.5 * (1 + erff(x * 0.70710678)) + x * 0.39894228 * expf(-0.5 * x * x)  // 1/√2 and 1/√(2π)
    }
    return [upstream * slope]
  }
}
