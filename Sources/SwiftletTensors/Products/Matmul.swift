// SPDX-License-Identifier: Apache-2.0
//
// Matmul: the product of matrices, on which everything else stands.
//
// A layer of a network is a product, and so are both of its gradients; nine tenths of a training step
// are spent here. A transposed matrix is never copied: GEMM reads it the other way round when told to.
//
// Shapes    M rows of the left, K inner size, N columns of the right
// Before    OpenBLAS.swift     After    Cholesky.swift

/// The matrix product.
///
///     let a = Tensor([[1, 2], [3, 4]])
///     print(matmul(a, a))                         // [[ 7. 10.]
///                                                 //  [15. 22.]]
///     print(matmul(a, a, transposingRight: true)) // [[ 5. 11.]
///                                                 //  [11. 25.]]
///
/// - Parameters:
///   - a: `[M, K]`, or a vector `[K]`, which counts as one row; with more axes, a batch of matrices.
///   - b: `[K, N]`, or a vector `[K]`, which counts as one column; with more axes, a batch of matrices.
///   - transposingLeft: Whether `a` is read as its transpose, so that it is stored as `[K, M]`.
///   - transposingRight: Whether `b` is read as its transpose, so that it is stored as `[N, K]`.
/// - Returns: `[M, N]`, without the axis of a vector. The leading axes of batches broadcast.
/// - Complexity: O(M · K · N) for each product of the batch.
public func matmul(
  _ a: Tensor, _ b: Tensor, transposingLeft: Bool = false, transposingRight: Bool = false
) -> Tensor {
  guard a.rank > 0, b.rank > 0 else {
    stop("matmul: needs vectors or matrices, but the shapes are \(a.shape) and \(b.shape)")
  }
  if a.rank == 2, b.rank == 2 {
    // The common case, without the arrays that batches need: a small product takes three microseconds.
    let (m, n) = productSizes(a, b, transposingLeft: transposingLeft, transposingRight: transposingRight)
    return Tensor(uninitialized: Shape(m, n)) { c in
      multiply(a, b, transposingLeft, transposingRight, aMatrix: 0, bMatrix: 0, into: c.baseAddress, beta: 0)
    }
  }
  let left = a.rank == 1 ? a.reshaped(to: [1, a.count]) : a
  let right = b.rank == 1 ? b.reshaped(to: [b.count, 1]) : b
  let product = batchedProduct(
    left, right, transposingLeft: transposingLeft && a.rank > 1, transposingRight: transposingRight && b.rank > 1)
  var shape = Array(product.shape)
  if b.rank == 1 { shape.removeLast() }
  if a.rank == 1 { shape.remove(at: shape.count - (b.rank == 1 ? 1 : 2)) }
  return product.reshaped(to: Shape(shape))
}

/// Adds the matrix product to `c`, by GEMM with β = 1: gradients are collected without a temporary.
///
/// - Precondition: `a` and `b` are matrices, and `c` has the shape of their product.
package func matmul(
  _ a: Tensor, _ b: Tensor, transposingLeft: Bool = false, transposingRight: Bool = false, addingTo c: inout Tensor
) {
  let (m, n) = productSizes(a, b, transposingLeft: transposingLeft, transposingRight: transposingRight)
  guard a.rank == 2, b.rank == 2, c.shape == [m, n] else {
    stop("matmul: cannot add the product of \(a.shape) and \(b.shape) to a tensor of shape \(c.shape)")
  }
  c.withUnsafeMutableScalars { c in
    multiply(a, b, transposingLeft, transposingRight, aMatrix: 0, bMatrix: 0, into: c.baseAddress, beta: 1)
  }
}

/// The products of all pairs of matrices in two batches, whose leading axes broadcast.
private func batchedProduct(_ a: Tensor, _ b: Tensor, transposingLeft: Bool, transposingRight: Bool) -> Tensor {
  let (m, n) = productSizes(a, b, transposingLeft: transposingLeft, transposingRight: transposingRight)
  let aBatch = Shape(a.shape.dropLast(2))
  let bBatch = Shape(b.shape.dropLast(2))

  // A batch on the left against one matrix on the right is one tall product.
  if b.rank == 2, a.rank > 2, !transposingLeft {
    let tall = a.reshaped(to: [aBatch.elementCount * m, a.shape[a.rank - 1]])
    let product = batchedProduct(tall, b, transposingLeft: false, transposingRight: transposingRight)
    return product.reshaped(to: Shape(aBatch + [m, n]))
  }
  guard let batch = aBatch.broadcast(with: bBatch) else {
    stop("matmul: the leading axes of \(a.shape) and \(b.shape) do not broadcast")
  }
  return Tensor(uninitialized: Shape(batch + [m, n])) { c in
    var walk = RowWalk(
      shape: Shape(batch + [1]),
      steps: [aBatch.steps(broadcastTo: batch) + [1], bBatch.steps(broadcastTo: batch) + [1]])
    for product in 0..<walk.rowCount {
      multiply(
        a, b, transposingLeft, transposingRight, aMatrix: walk.offsets[0], bMatrix: walk.offsets[1],
        into: c.baseAddress.map { $0 + product * m * n }, beta: 0)
      walk.advance()
    }
  }
}

/// One product of one matrix of each batch, counted from the first.
private func multiply(
  _ a: Tensor, _ b: Tensor, _ transposingLeft: Bool, _ transposingRight: Bool, aMatrix: Int, bMatrix: Int,
  into c: UnsafeMutablePointer<Float>?, beta: Float
) {
  let aRows = a.shape[a.rank - 2]
  let aColumns = a.shape[a.rank - 1]
  let bRows = b.shape[b.rank - 2]
  let bColumns = b.shape[b.rank - 1]
  a.withUnsafeScalars { aScalars in
    b.withUnsafeScalars { bScalars in
      guard let aBase = aScalars.baseAddress, let bBase = bScalars.baseAddress, let c else { return }
      multiply(
        MatrixView(
          base: aBase + aMatrix * aRows * aColumns, rows: aRows, columns: aColumns, isTransposed: transposingLeft),
        MatrixView(
          base: bBase + bMatrix * bRows * bColumns, rows: bRows, columns: bColumns, isTransposed: transposingRight),
        into: c, beta: beta)
    }
  }
}

/// M and N of a product, or a stop that says which sizes do not agree.
private func productSizes(_ a: Tensor, _ b: Tensor, transposingLeft: Bool, transposingRight: Bool) -> (m: Int, n: Int) {
  guard a.rank >= 2, b.rank >= 2 else { stop("matmul: needs matrices, but the shapes are \(a.shape) and \(b.shape)") }
  let left = (a.shape[a.rank - 2], a.shape[a.rank - 1])
  let right = (b.shape[b.rank - 2], b.shape[b.rank - 1])
  let (m, k) = transposingLeft ? (left.1, left.0) : left
  let (inner, n) = transposingRight ? (right.1, right.0) : right
  guard k == inner else {
    let remedy =
      right.1 == k && !transposingRight ? "\nDid you mean other.transposed(), or transposingRight: true?" : ""
    stop(
      "matmul: the inner sizes must agree, but \(a.shape)\(transposingLeft ? "ᵀ" : "") · \(b.shape)"
        + "\(transposingRight ? "ᵀ" : "") would need \(k) = \(inner).\(remedy)")
  }
  return (m, n)
}
