// SPDX-License-Identifier: Apache-2.0
//
// Concatenate and stack: several tensors into one.
//
// Before    Gather.swift     After    Random/Generator.swift

/// Puts tensors one after another along an axis that they have.
///
/// - Parameters:
///   - tensors: At least one; their shapes agree but for `axis`.
///   - axis: From 0; negative ones count from the last.
public func concatenated(_ tensors: [Tensor], axis: Int) -> Tensor {
  guard let first = tensors.first else { stop("concatenated: needs at least one tensor") }
  let axis = first.shape.normalized(axis: axis, for: "concatenated")
  guard
    tensors.allSatisfy({ $0.rank == first.rank && $0.shape.removing(axis: axis) == first.shape.removing(axis: axis) })
  else {
    stop("concatenated: the shapes \(tensors.map(\.shape)) must agree in every axis but \(axis)")
  }
  let total = tensors.reduce(0) { $0 + $1.shape[axis] }
  let outer = first.shape[..<axis].reduce(1, *)
  let inner = first.shape[(axis + 1)...].reduce(1, *)
  return Tensor(uninitialized: first.shape.replacing(axis: axis, with: total)) { target in
    var column = 0
    for tensor in tensors {
      let run = tensor.shape[axis] * inner
      tensor.withUnsafeScalars { source in
        for block in 0..<outer {
          let start = block * total * inner + column
          _ = UnsafeMutableBufferPointer(rebasing: target[start..<start + run])
            .update(fromContentsOf: source[block * run..<(block + 1) * run])
        }
      }
      column += run
    }
  }
}

/// Puts tensors of one shape side by side along a new axis.
public func stacked(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
  guard let first = tensors.first else { stop("stacked: needs at least one tensor") }
  guard tensors.allSatisfy({ $0.shape == first.shape }) else {
    stop("stacked: all tensors must have one shape, but they have \(tensors.map(\.shape))")
  }
  guard axis >= 0, axis <= first.rank, first.rank < Shape.maximumRank else {
    stop("stacked: the new axis must be from 0 to \(first.rank), but it is \(axis)")
  }
  var sizes = Array(first.shape)
  sizes.insert(1, at: axis)
  return concatenated(tensors.map { $0.reshaped(to: Shape(sizes)) }, axis: axis)
}
