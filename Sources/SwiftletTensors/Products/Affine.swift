// SPDX-License-Identifier: Apache-2.0
//
// Affine: what a fully connected layer computes.
//
// The product leaves its result in the cache; bias and activation are then applied in one pass over it
// instead of three, each of which would read and write the whole result again.
//
// Shapes    N examples, D inputs, H outputs; N may stand for several leading axes
// Before    Cholesky.swift     After    PackedMatrix.swift

import COpenBLAS

/// activation(x · Wᵀ + b)
///
/// - Parameters:
///   - x: Examples, shape `[N, D]`, or with more leading axes `[…, D]`.
///   - weight: One row for each output, shape `[H, D]`, as PyTorch stores it.
///   - bias: One number for each output, shape `[H]`.
///   - activation: What is applied to every output.
/// - Returns: Shape `[N, H]`, with the leading axes of `x`.
public func affine(_ x: Tensor, weight: Tensor, bias: Tensor?, activation: Activation = .identity) -> Tensor {
  guard x.rank <= 2 else {
    let rows = affine(x.rowsOfLastAxis, weight: weight, bias: bias, activation: activation)
    return rows.reshaped(to: x.shape.replacing(axis: x.rank - 1, with: rows.shape[1]))
  }
  let (n, d) = x.rowsAndColumns(for: "affine")
  let (h, inputSize) = weight.rowsAndColumns(for: "affine")
  guard d == inputSize, bias.map({ $0.shape == [h] }) ?? true else {
    stop(
      "affine: examples of shape \(x.shape) do not fit a weight of shape \(weight.shape)"
        + (bias.map { " and a bias of shape \($0.shape)" } ?? "")
        + ": the weight needs \(d) columns, and the bias as many numbers as the weight has rows")
  }
  return Tensor(uninitialized: [n, h]) { y in
    x.withUnsafeScalars { x in
      weight.withUnsafeScalars { weight in
        guard let x = x.baseAddress, let weight = weight.baseAddress, let y = y.baseAddress else { return }
        let zeros = bias == nil ? Tensor.zeros([h]) : nil
        (bias ?? zeros ?? Tensor(0)).withUnsafeScalars { bias in
          guard let bias = bias.baseAddress else { return }
          affine(x, rows: n, weight: weight, bias: bias, inputSize: d, outputSize: h, activation, into: y)
        }
      }
    }
  }
}

extension Tensor {
  /// The same numbers as one matrix, whose rows run along the last axis: `[…, D]` becomes `[N, D]`.
  package var rowsOfLastAxis: Tensor {
    rank <= 2 ? self : reshaped(to: Shape(shape.dropLast().reduce(1, *), shape[rank - 1]))
  }
}

/// The same on bare memory, for callers that own their buffers: `Predictor` allocates nothing per call.
///
/// - Parameters:
///   - bias: H numbers, readable to the next multiple of eight.
///   - y: N · H numbers, writable to seven beyond the end.
package func affine(
  _ x: UnsafePointer<Float>, rows n: Int, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>, inputSize d: Int,
  outputSize h: Int, _ activation: Activation, into y: UnsafeMutablePointer<Float>
) {
  multiply(
    MatrixView(base: x, rows: n, columns: d, isTransposed: false),
    MatrixView(base: weight, rows: h, columns: d, isTransposed: true), into: y, beta: 0)
  addBias(bias, activation, to: y, rows: n, width: h)
}

/// y ← activation(y + b), row by row.
///
/// - Parameters:
///   - bias: H numbers, readable to the next multiple of eight.
///   - y: N · H numbers, readable to seven beyond the end.
func addBias(
  _ bias: UnsafePointer<Float>, _ activation: Activation, to y: UnsafeMutablePointer<Float>, rows n: Int, width h: Int
) {
  switch activation {
  case .identity: addBias(y, n, h, bias) { $0 }
  case .relu: addBias(y, n, h, bias) { rectified($0) }
  case .tanh: addBias(y, n, h, bias) { hyperbolicTangent($0) }
  case .sigmoid: addBias(y, n, h, bias) { logistic($0) }
  case .gelu:
    addBias(y, n, h, bias) { x in
      var y = x
      for lane in 0..<8 { y[lane] = gaussianErrorLinearUnit(x[lane]) }
      return y
    }
  }
}

@inline(__always)
private func addBias(
  _ y: UnsafeMutablePointer<Float>, _ n: Int, _ h: Int, _ bias: UnsafePointer<Float>, _ activation: (Vector8) -> Vector8
) {
  let whole = h / 8 * 8
  for row in 0..<n {
    let y = y + row * h
    for i in stride(from: 0, to: whole, by: 8) { y.store(activation(y.vector(at: i) + bias.vector(at: i)), at: i) }
    guard whole < h else { continue }
    // The rest of the row: its neighbors belong to the next row and must not be changed twice.
    let rest = activation(y.vector(at: whole) + bias.vector(at: whole))
    for lane in 0..<h - whole { y[whole + lane] = rest[lane] }
  }
}
