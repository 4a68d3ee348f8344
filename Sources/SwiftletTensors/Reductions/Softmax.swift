// SPDX-License-Identifier: Apache-2.0
//
// Softmax: from scores to probabilities.
//
// A classifier ends in one score per class. Softmax turns each row of scores into numbers that are
// positive and add up to one; its logarithm is what the cross-entropy loss needs.
//
// Shapes    N rows, C classes
// Before    Reductions.swift     After    Pooling.swift
// Source    Goodfellow, Bengio, Courville, "Deep Learning" (2016), sections 4.1 and 6.2.2.3

import Foundation

/// Turns every row of scores into a probability distribution.
///
///     softmax(x)ᵢ = exp(xᵢ − max x) / Σⱼ exp(xⱼ − max x)
///
/// Taking away the row's largest score changes nothing on paper, because the factor cancels, and
/// keeps `exp` from overflowing: `exp(89)` is already infinite in 32-bit floating point.
///
/// - Parameter logits: The scores, shape `[…, C]`.
/// - Returns: The probabilities, in the same shape. Every row along the last axis sums to one.
public func softmax(_ logits: Tensor) -> Tensor {
  logits.mappedRows("softmax") { row, result in
    softmax(row, into: result)
  }
}

/// The logarithm of ``softmax(_:)``, without taking the logarithm of a probability that rounded to zero.
///
///     logSoftmax(x)ᵢ = xᵢ − max x − log Σⱼ exp(xⱼ − max x)
///
/// - Parameter logits: The scores, shape `[…, C]`.
/// - Returns: The logarithms of the probabilities, in the same shape.
public func logSoftmax(_ logits: Tensor) -> Tensor {
  logits.mappedRows("logSoftmax") { row, result in
    let shift = logSumExp(row)
    for i in 0..<row.count { result[i] = row[i] - shift }
  }
}

/// Softmax of one row, into a row of the same length.
package func softmax(_ row: UnsafeBufferPointer<Float>, into result: UnsafeMutableBufferPointer<Float>) {
  guard let target = result.baseAddress, row.count > 0 else { return }
  let largest = largest(row)
  let total = exponentials(of: row, minus: largest) { start, values, count in
    if count == 8 { return target.store(values, at: start) }
    for lane in 0..<count { target[start + lane] = values[lane] }
  }
  let scale = 1 / total
  for i in 0..<row.count { target[i] *= scale }
}

/// log Σ exp(xᵢ), without overflow. −∞ for an empty row.
package func logSumExp(_ row: UnsafeBufferPointer<Float>) -> Float {
  guard row.count > 0 else { return -.infinity }
  let largest = largest(row)
  return largest + logf(exponentials(of: row, minus: largest) { _, _, _ in })
}

/// Calls `body` with every exp(xᵢ − shift), eight at a time, and gives their sum.
@inline(__always)
private func exponentials(
  of row: UnsafeBufferPointer<Float>, minus shift: Float,
  _ body: (_ start: Int, _ values: Vector8, _ count: Int) -> Void
) -> Float {
  guard let x = row.baseAddress else { return 0 }
  let whole = row.count / 8 * 8
  var total: Float = 0
  for i in stride(from: 0, to: whole, by: 8) {
    let values = exponential(x.vector(at: i) - shift)
    body(i, values, 8)
    total += values.sum()
  }
  guard whole < row.count else { return total }
  var rest = Vector8(repeating: -.infinity)  // what is past the end adds nothing: exp(−∞) = 0
  for i in whole..<row.count { rest[i - whole] = x[i] - shift }
  let values = exponential(rest)
  body(whole, values, row.count - whole)
  return total + values.sum()
}

extension Tensor {
  /// A new tensor whose rows along the last axis are written by `body` from this tensor's rows.
  package func mappedRows(
    _ name: String, _ body: (UnsafeBufferPointer<Float>, UnsafeMutableBufferPointer<Float>) -> Void
  ) -> Tensor {
    guard let width = shape.last else {
      stop("\(name): needs at least one axis, such as [N, C], but the tensor is a single number")
    }
    return Tensor(uninitialized: shape) { target in
      withUnsafeScalars { source in
        guard width > 0 else { return }
        for start in stride(from: 0, to: source.count, by: width) {
          body(
            UnsafeBufferPointer(rebasing: source[start..<start + width]),
            UnsafeMutableBufferPointer(rebasing: target[start..<start + width]))
        }
      }
    }
  }

  /// The sizes of a matrix, or a stop with an explanation when this is not one.
  package func rowsAndColumns(for operation: String) -> (rows: Int, columns: Int) {
    guard rank == 2 else {
      stop("\(operation): needs a matrix of shape [N, C], but the shape is \(shape)")
    }
    return (shape[0], shape[1])
  }
}
