// SPDX-License-Identifier: Apache-2.0
//
// Layer normalization: each row with mean 0 and variance 1, then scaled and shifted by what was learned.
//
// Shapes    N rows, D numbers in each; any leading axes
// Before    Softmax.swift     After    GroupNorm.swift
// Source    Ba, Kiros, Hinton, "Layer Normalization" (2016), arXiv:1607.06450, equation 4

import SwiftletTensors

/// (x − mean) / √(variance + ε) · scale + shift, along the last axis.
///
/// - Parameters:
///   - x: Shape `[…, D]`.
///   - scale: Shape `[D]`.
///   - shift: Shape `[D]`.
///   - epsilon: Keeps a row of equal numbers from a division by zero.
public func layerNorm(_ x: Variable, scale: Variable, shift: Variable, epsilon: Float = 1e-5) -> Variable {
  let (normalized, inverse) = normalizedRows(x.value, epsilon: epsilon)
  let (gamma, width) = (scale.value, x.shape.last ?? 1)
  let output = normalized * gamma + shift.value
  return x.tape.record(.layerNorm, output, from: [x, scale, shift]) { upstream in
    // Mean and variance depend on every number of the row, hence the two means that are taken away.
    let d = upstream * gamma
    let meanOfD = d.mean(axis: -1, keepingAxis: true)
    let meanOfProduct = (d * normalized).mean(axis: -1, keepingAxis: true)
    return [
      (d - meanOfD - normalized * meanOfProduct) * inverse,
      (upstream * normalized).reduced(to: [width]),
      upstream.reduced(to: [width]),
    ]
  }
}

/// The rows with mean 0 and variance 1, and 1/√(variance + ε) of each.
package func normalizedRows(_ x: Tensor, epsilon: Float) -> (normalized: Tensor, inverse: Tensor) {
  let centered = x - x.mean(axis: -1, keepingAxis: true)
  let inverse = 1 / sqrt(square(centered).mean(axis: -1, keepingAxis: true) + epsilon)
  return (centered * inverse, inverse)
}
