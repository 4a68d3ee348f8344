// SPDX-License-Identifier: Apache-2.0
//
// Reductions: one number of many.
//
// The axes that are reduced are brought to the end, so that what belongs together lies together.
//
// Before    Picking.swift     After    Planes.swift
// Source    onnx, docs/Operators.md: ReduceSum and those beside it

import Foundation

extension Operators {
  static let reductions: [Operator] = [
    reduction("ReduceSum", { $0.reduce(0, +) }, { $0.reduce(0, &+) }),
    reduction(
      "ReduceMean", { $0.reduce(0, +) / Double($0.count) }, { $0.isEmpty ? 0 : $0.reduce(0, &+) / Int64($0.count) }),
    reduction("ReduceProd", { $0.reduce(1, *) }, { $0.reduce(1, &*) }),
    reduction("ReduceMax", { $0.reduce(-.infinity) { $0.isNaN || $0 > $1 ? $0 : $1 } }, { $0.max() ?? .min }),
    reduction("ReduceMin", { $0.reduce(.infinity) { $0.isNaN || $0 < $1 ? $0 : $1 } }, { $0.min() ?? .max }),
    reduction("ReduceL1", { $0.reduce(0) { $0 + $1.magnitude } }, { $0.reduce(0) { $0 &+ ($1 < 0 ? 0 &- $1 : $1) } }),
    reduction("ReduceL2", { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }),
    reduction("ReduceSumSquare", { $0.reduce(0) { $0 + $1 * $1 } }, { $0.reduce(0) { $0 &+ $1 &* $1 } }),
    reduction("ReduceLogSum", { log($0.reduce(0, +)) }),
    reduction("ReduceLogSumExp", logSumExp),
  ]

  /// log Σ exp(x), without an overflow: the largest is taken out.
  static func logSumExp(_ values: ArraySlice<Double>) -> Double {
    guard let largest = values.max() else { return -.infinity }
    guard largest.isFinite else { return largest }
    return largest + log(values.reduce(0) { $0 + exp($1 - largest) })
  }

  private static func reduction(
    _ name: String, _ body: @escaping @Sendable (ArraySlice<Double>) -> Double,
    _ wholes: (@Sendable (ArraySlice<Int64>) -> Int64)? = nil
  ) -> Operator {
    Operator(name) { context in
      let attribute = context.integers("axes")
      let keeps = context.flag("keepdims", true)
      let isIdentity = context.flag("noop_with_empty_axes")
      return { x in
        let value = try x[0]
        let given = try attribute ?? (x.optional(1) == nil ? nil : x.integers(1))
        if isIdentity, given?.isEmpty ?? true { return [try applied(value, body, wholes)] }
        let axes = given.flatMap { $0.isEmpty ? nil : $0 } ?? Array(value.shape.indices)
        return [try reduced(value, axes: axes, keeps: keeps, body, wholes)]
      }
    }
  }

  /// A reduction of each element alone.
  private static func applied(
    _ value: GraphValue, _ body: (ArraySlice<Double>) -> Double, _ wholes: ((ArraySlice<Int64>) -> Int64)?
  ) throws -> GraphValue {
    let lined = value.reshaped([value.count, 1])
    return try reduced(lined, axes: [1], keeps: false, body, wholes).reshaped(value.shape)
  }

  private static func reduced(
    _ value: GraphValue, axes: [Int], keeps: Bool, _ body: (ArraySlice<Double>) -> Double,
    _ wholes: ((ArraySlice<Int64>) -> Int64)?
  ) throws -> GraphValue {
    let chosen = try Set(axes.map { try frontAxis($0, rank: value.rank) })
    let kept = value.shape.indices.filter { !chosen.contains($0) }
    let order = kept + chosen.sorted()
    let moved = order == Array(value.shape.indices) ? value : try transposed(value, order)
    let length = chosen.reduce(1) { $0 * value.shape[$1] }
    let count = kept.reduce(1) { $0 * value.shape[$1] }
    let shape = value.shape.indices.compactMap { chosen.contains($0) ? (keeps ? 1 : nil) : value.shape[$0] }
    func groups<T, R>(_ values: [T], _ body: (ArraySlice<T>) -> R) -> [R] {
      (0..<count).map { body(values[$0 * length..<($0 + 1) * length]) }
    }
    switch moved.elements {
    case .integer(let values):
      let results = wholes.map { groups(values, $0) } ?? groups(values.map { Double($0) }, body).map { whole($0) }
      return GraphValue(shape, .integer(results.map(value.type.wrapped)), as: value.type)
    case .double(let values): return GraphValue(shape, .double(groups(values, body)))
    case .single(let values):
      let results = groups(values.map { Double($0) }, body).map { value.type.rounded(Float($0)) }
      return GraphValue(shape, .single(results), as: value.type)
    case .bool(let values): return GraphValue(shape, groups(values.map { $0 ? 1 : 0 }, body).map { $0 > 0 })
    case .text: throw GraphError("it takes numbers, and was given texts")
    }
  }
}
