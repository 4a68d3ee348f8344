// SPDX-License-Identifier: Apache-2.0
//
// Transpose: the same scalars with the axes in another order.
//
// A product never needs this (GEMM reads a matrix either way); attention and printing do.
//
// Before    Products/ConvolutionGradients.swift     After    Gather.swift

extension Tensor {
  /// The matrix with rows and columns exchanged; with more axes, the last two exchanged.
  public func transposed() -> Tensor {
    guard rank >= 2 else { stop("transposed: needs at least two axes, but the shape is \(shape)") }
    return transposed(Array(0..<rank - 2) + [rank - 1, rank - 2])
  }

  /// The axes in another order.
  ///
  /// - Parameter axes: For each axis of the result, which axis of this tensor it is.
  /// - Returns: A new tensor with `shape[axes[0]], shape[axes[1]], …`.
  public func transposed(_ axes: [Int]) -> Tensor {
    guard axes.sorted() == Array(0..<rank) else {
      stop("transposed: \(axes) is not an order of the \(rank) axes of the shape \(shape)")
    }
    var steps = Array(repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) { steps[axis] = steps[axis + 1] * shape[axis + 1] }
    let order = axes.map { steps[$0] }
    let newShape = Shape(axes.map { shape[$0] })
    return Tensor(uninitialized: newShape) { target in
      withUnsafeScalars { source in
        guard target.count > 0 else { return }
        let width = newShape.last ?? 1
        let step = order.last ?? 1
        var walk = RowWalk(shape: newShape, steps: [order])
        for row in 0..<walk.rowCount {
          let start = walk.offsets[0]
          for i in 0..<width { target[row * width + i] = source[start + i * step] }
          walk.advance()
        }
      }
    }
  }
}

/// The rows and columns of a matrix exchanged, on bare memory.
///
/// - Parameters:
///   - x: rows · columns numbers, row by row.
///   - y: Room for as many, column by column.
package func transpose(
  _ x: UnsafePointer<Float>, rows: Int, columns: Int, into y: UnsafeMutablePointer<Float>
) {
  for column in 0..<columns {
    let target = y + column * rows
    for row in 0..<rows { target[row] = x[row * columns + column] }
  }
}
