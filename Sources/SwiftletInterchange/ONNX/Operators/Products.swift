// SPDX-License-Identifier: Apache-2.0
//
// Products of matrices, by OpenBLAS.
//
// A matrix of weights is a constant, and is made ready when the model is loaded.
//
// Shapes    M rows of the left, K inner size, N columns of the right
// Before    Normalization.swift     After    Windows.swift
// Source    onnx, docs/Operators.md: MatMul, Gemm, MatMulInteger

import SwiftletTensors

extension Operators {
  static let products: [Operator] = [
    Operator("MatMul") { context in
      let weight = try context.constant(1).flatMap { try tensor($0) }
      return { x in [try product(try x[0], try x[1], weight: weight, x)] }
    },
    Operator("Gemm", since: 7) { context in
      let gemm = try Gemm(context)
      return { x in [try gemm(x)] }
    },
    Operator("MatMulInteger", since: 10) { _ in
      { x in
        let a = try shifted(try x[0], by: x.optional(2), axis: -2)
        let b = try shifted(try x[1], by: x.optional(3), axis: -1)
        let result = try product(a, b, weight: nil, x)
        return [cast(result, to: .int32) ?? result]
      }
    },
  ]

  /// The numbers of 32 bits as a tensor; `nil` for those of other types.
  static func tensor(_ value: GraphValue) throws -> Tensor? {
    guard case .single(let values) = value.elements, value.rank <= Shape.maximumRank else { return nil }
    return Tensor(values, shape: Shape(value.shape))
  }

  /// Whole numbers as Double, less their zero point, which may be one for each row or column.
  private static func shifted(_ value: GraphValue, by zero: GraphValue?, axis: Int) throws -> GraphValue {
    guard var zero else { return GraphValue(value.shape, .double(try value.doubles.orThrow(GraphError("no numbers")))) }
    if axis == -2, zero.rank == 1, zero.count > 1 { zero = zero.reshaped([zero.count, 1]) }
    guard let numbers = value.doubles, let zeros = zero.doubles,
      try broadcastShape(value.shape, zero.shape) == value.shape
    else { throw GraphError("the zero point of the shape \(zero.shape) does not fit \(value.shape)") }
    return GraphValue(value.shape, .double(zipped(numbers, value.shape, zeros, zero.shape, to: value.shape, -)))
  }

  /// The product of matrices, or of batches of them whose leading axes are stretched to each other.
  static func product(_ a: GraphValue, _ b: GraphValue, weight: Tensor?, _ x: Operands) throws -> GraphValue {
    guard a.rank > 0, b.rank > 0 else { throw GraphError("it multiplies matrices, and was given a single number") }
    let left = a.rank == 1 ? [1, a.shape[0]] : a.shape
    let right = b.rank == 1 ? [b.shape[0], 1] : b.shape
    let m = left[left.count - 2]
    let k = left[left.count - 1]
    let n = right[right.count - 1]
    guard k == right[right.count - 2] else {
      throw GraphError("the inner sizes must agree, and the shapes are \(a.shape) and \(b.shape)")
    }
    let batch = try broadcastShape(Array(left.dropLast(2)), Array(right.dropLast(2)))
    try x.count(of: batch + [m, n])
    let shape = batch + (a.rank == 1 ? [] : [m]) + (b.rank == 1 ? [] : [n])
    if let first = try tensor(a), let second = try weight ?? tensor(b), shape.count <= Shape.maximumRank {
      return GraphValue(shape, matmul(first, second).scalars).cast(to: a.type)
    }
    let result = try multiplied(a, b, left: left, right: right, batch: batch)
    return GraphValue(shape, .double(result)).cast(to: a.type)
  }

  /// The obvious three loops, for numbers that OpenBLAS does not multiply here.
  private static func multiplied(
    _ a: GraphValue, _ b: GraphValue, left: [Int], right: [Int], batch: [Int]
  ) throws -> [Double] {
    guard let first = a.doubles, let second = b.doubles else { throw GraphError("it multiplies numbers") }
    let m = left[left.count - 2]
    let k = left[left.count - 1]
    let n = right[right.count - 1]
    let startsA = broadcastPositions(of: Array(left.dropLast(2)), to: batch)
    let startsB = broadcastPositions(of: Array(right.dropLast(2)), to: batch)
    return startsA.indices.flatMap { matrix in
      (0..<m * n).map { cell in
        (0..<k).reduce(0.0) { sum, inner in
          let row = startsA[matrix] * m * k + cell / n * k
          return sum + first[row + inner] * second[startsB[matrix] * k * n + inner * n + cell % n]
        }
      }
    }
  }
}

extension GraphValue {
  /// The numbers in another type.
  func cast(to type: ElementType) -> GraphValue { Operators.cast(self, to: type) ?? self }
}

/// α · A · B + β · C.
private struct Gemm: Sendable {
  let alpha: Float
  let beta: Float
  let transposesLeft: Bool
  let transposesRight: Bool
  let weight: Tensor?

  init(_ context: NodeContext) throws {
    alpha = context.float("alpha", 1)
    beta = context.float("beta", 1)
    transposesLeft = context.flag("transA")
    transposesRight = context.flag("transB")
    weight = try context.constant(1).flatMap { try Operators.tensor($0) }
  }

  func callAsFunction(_ x: Operands) throws -> GraphValue {
    let a = try x[0]
    let b = try x[1]
    guard a.rank == 2, b.rank == 2 else {
      throw GraphError("it multiplies two matrices, and was given \(a.shape) and \(b.shape)")
    }
    let m = a.shape[transposesLeft ? 1 : 0]
    let n = b.shape[transposesRight ? 0 : 1]
    guard a.shape[transposesLeft ? 0 : 1] == b.shape[transposesRight ? 1 : 0] else {
      throw GraphError("the inner sizes must agree, and the shapes are \(a.shape) and \(b.shape)")
    }
    try x.count(of: [m, n])
    var product: GraphValue
    if let first = try Operators.tensor(a), let second = try weight ?? Operators.tensor(b) {
      let result = matmul(first, second, transposingLeft: transposesLeft, transposingRight: transposesRight)
      product = GraphValue([m, n], result.scalars).cast(to: a.type)
    } else {
      let first = transposesLeft ? try Operators.transposed(a, [1, 0]) : a
      let second = transposesRight ? try Operators.transposed(b, [1, 0]) : b
      product = try Operators.product(first, second, weight: nil, x)
    }
    if alpha != 1 { product = try Operators.mapped(product) { $0 * Double(alpha) } }
    guard let c = x.optional(2), beta != 0 else { return product }
    guard try broadcastShape(c.shape, [m, n]) == [m, n] else {
      throw GraphError("the shape \(c.shape) cannot be stretched to \([m, n])")
    }
    return try Operators.add(product, beta == 1 ? c : try Operators.mapped(c) { $0 * Double(beta) }, x)
  }
}
