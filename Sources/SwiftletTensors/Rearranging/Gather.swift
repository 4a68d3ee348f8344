// SPDX-License-Identifier: Apache-2.0
//
// Gather: rows in any order, as often as wanted. A shuffled batch is a gathering of rows.
//
// Before    Transpose.swift     After    Concatenate.swift

extension Tensor {
  /// The rows with the given positions, in their order.
  ///
  /// - Parameter indices: Positions on the first axis; one may come several times.
  /// - Returns: `[indices.count, …]`.
  public func gathered(_ indices: [Int32]) -> Tensor {
    guard rank >= 1 else { stop("gathered: needs at least one axis, but the tensor is a single number") }
    let rowCount = shape[0]
    let width = shape.dropFirst().reduce(1, *)
    return Tensor(uninitialized: shape.replacing(axis: 0, with: indices.count)) { target in
      withUnsafeScalars { source in
        for (row, index) in indices.enumerated() {
          guard index >= 0, index < rowCount else { stop("gathered: there is no row \(index) in the shape \(shape)") }
          let start = Int(index) * width
          _ = UnsafeMutableBufferPointer(rebasing: target[row * width..<(row + 1) * width])
            .update(fromContentsOf: source[start..<start + width])
        }
      }
    }
  }
}
