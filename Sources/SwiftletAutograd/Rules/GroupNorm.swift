// SPDX-License-Identifier: Apache-2.0
//
// Group normalization on variables.
//
// Shapes    N pictures, H the height, W the width, C channels, G groups
// Before    LayerNorm.swift     After    Embedding.swift
// Source    Wu, He, "Group Normalization" (2018), arXiv:1803.08494

import SwiftletTensors

/// (x − mean) / √(variance + ε) · scale + shift, with mean and variance of a group of channels of one picture.
///
/// - Parameters:
///   - x: Shape `[N, H, W, C]`.
///   - groups: G, of which C is a multiple.
///   - scale: Shape `[C]`.
///   - shift: Shape `[C]`.
///   - epsilon: Keeps a group of equal numbers from a division by zero.
public func groupNorm(
  _ x: Variable, groups: Int, scale: Variable, shift: Variable, epsilon: Float = 1e-5
) -> Variable {
  let input = x.value
  let gamma = scale.value
  let (output, statistics) = groupNormalized(
    input, groups: groups, scale: gamma, shift: shift.value, epsilon: epsilon)
  return x.tape.record(.groupNorm, output, from: [x, scale, shift]) { upstream in
    let gradients = groupNormalizationGradients(upstream, input: input, groups: groups, scale: gamma, statistics)
    return [gradients.input, gradients.scale, gradients.shift]
  }
}
