// SPDX-License-Identifier: Apache-2.0
//
// Rearranging variables: the gradient is rearranged back.
//
// Before    Dropout.swift     After    Reductions.swift

import SwiftletTensors

extension Variable {
  /// The same scalars under another shape.
  public func reshaped(to newShape: Shape) -> Variable {
    let shape = shape
    return tape.record(.reshape, value.reshaped(to: newShape), from: [self]) { [$0.reshaped(to: shape)] }
  }

  /// The axes in another order.
  public func transposed(_ axes: [Int]) -> Variable {
    var inverse = axes
    let output = value.transposed(axes)  // checks that `axes` is an order
    for (position, axis) in axes.enumerated() { inverse[axis] = position }
    return tape.record(.transpose, output, from: [self]) { [inverse] upstream in [upstream.transposed(inverse)] }
  }
}

/// Puts variables one after another along an axis.
public func concatenated(_ variables: [Variable], axis: Int) -> Variable {
  guard let first = variables.first else { stop("concatenated: needs at least one variable") }
  let axis = first.shape.normalized(axis: axis, for: "concatenated")
  let sizes = variables.map { $0.shape[axis] }
  let rank = first.value.rank
  let output = concatenated(variables.map(\.value), axis: axis)
  return first.tape.record(.concatenation, output, from: variables) { upstream in
    // The axis goes to the front, where a part is a range of rows, and back.
    let toFront = [axis] + (0..<rank).filter { $0 != axis }
    let back = (0..<rank).map { $0 == axis ? 0 : $0 < axis ? $0 + 1 : $0 }
    let rows = upstream.transposed(toFront)
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return rows.rows(start..<start + size).transposed(back)
    }
  }
}
