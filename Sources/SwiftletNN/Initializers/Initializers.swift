// SPDX-License-Identifier: Apache-2.0
//
// Initializers: the first values of the weights.
//
// Weights that are too large make the numbers grow from layer to layer, weights that are too small make
// them vanish. Each rule here chooses the spread so that the variance stays about the same.
//
// Shapes    H outputs, D inputs
// Before    Layers/Sequential.swift     After    Optimizers/Optimizer.swift
// Source    He et al., "Delving Deep into Rectifiers" (2015), equation 10; Glorot, Bengio,
//           "Understanding the difficulty of training deep feedforward neural networks" (2010), equation 16

import SwiftletTensors

/// Even between ±gain · √(3 / D). The gain is √2 for ReLU.
public func kaimingUniform(_ shape: Shape, gain: Float = Float(2).squareRoot(), using generator: inout Generator)
  -> Tensor
{
  let bound = gain * (3 / Float(fanIn(shape))).squareRoot()
  return .uniform(shape, in: -bound..<bound, using: &generator)
}

/// Normal with standard deviation gain / √D.
public func kaimingNormal(_ shape: Shape, gain: Float = Float(2).squareRoot(), using generator: inout Generator)
  -> Tensor
{
  .normal(shape, standardDeviation: gain / Float(fanIn(shape)).squareRoot(), using: &generator)
}

/// Even between ±√(6 / (D + H)).
public func xavierUniform(_ shape: Shape, using generator: inout Generator) -> Tensor {
  let bound = (6 / Float(fanIn(shape) + max(shape.first ?? 1, 1))).squareRoot()
  return .uniform(shape, in: -bound..<bound, using: &generator)
}

/// Normal with standard deviation √(2 / (D + H)).
public func xavierNormal(_ shape: Shape, using generator: inout Generator) -> Tensor {
  let deviation = (2 / Float(fanIn(shape) + max(shape.first ?? 1, 1))).squareRoot()
  return .normal(shape, standardDeviation: deviation, using: &generator)
}

/// How many inputs an output of a weight `[H, D]` has; at least 1.
private func fanIn(_ shape: Shape) -> Int {
  guard shape.rank == 2 else { stop("Initializer: a weight has the shape [H, D], but this one has \(shape)") }
  return max(shape[1], 1)
}
