// SPDX-License-Identifier: Apache-2.0
//
// Clipping: a limit to how far one step can go.
//
// Before    LBFGS.swift     After    Schedules/Schedule.swift
// Source    Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent neural networks" (2013), algorithm 1

import SwiftletTensors

/// Scales gradients down together, so that their common Euclidean norm is at most `limit`.
///
/// - Returns: The norm before.
@discardableResult
public func clipGradients(_ gradients: inout [Tensor], toNorm limit: Float) -> Float {
  var squares = gradients.reduce(0.0) { $0 + Double(square($1).sum().scalar) }
  if squares == .infinity {  // a square beyond Float, of a gradient that is within it
    squares = gradients.reduce(0.0) { $1.scalars.reduce($0) { $0 + Double($1) * Double($1) } }
  }
  let norm = Float(squares.squareRoot())
  guard norm > limit, norm.isFinite else { return norm }
  for position in gradients.indices { gradients[position] *= limit / norm }
  return norm
}
