// SPDX-License-Identifier: Apache-2.0
//
// Functions: one number in, one number out.
//
// They are computed in 64 bits, so that a result in 32 is the nearest there is.
//
// Before    Comparison.swift     After    Activations.swift
// Source    onnx, docs/Operators.md

import Foundation

extension Operators {
  static let functions: [Operator] = [
    function("Exp", exp), function("Log", log), function("Sqrt") { $0.squareRoot() },
    function("Reciprocal") { 1 / $0 }, function("Erf", erf), function("Sin", sin), function("Cos", cos),
    function("Tan", tan), function("Asin", asin), function("Acos", acos), function("Atan", atan),
    function("Sinh", sinh), function("Cosh", cosh), function("Asinh", asinh), function("Acosh", acosh),
    function("Atanh", atanh), function("Floor") { $0.rounded(.down) }, function("Ceil") { $0.rounded(.up) },
    function("Round") { $0.rounded(.toNearestOrEven) },
    numbers("Neg", { -$0 }, { 0 &- $0 }), numbers("Abs", { $0.magnitude }, { $0 < 0 ? 0 &- $0 : $0 }),
    numbers("Sign", { $0.isNaN ? $0 : $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }, { $0.signum() }),
    Operator("Clip") { context in
      let low = context.float("min")
      let high = context.float("max")
      return { x in [try clipped(x, low, high)] }
    },
  ]

  /// A function of numbers with a fraction.
  static func function(_ name: String, _ body: @escaping @Sendable (Double) -> Double) -> Operator {
    Operator(name) { _ in { x in [try mapped(try x[0], body)] } }
  }

  /// A function of every number of a value.
  static func mapped(_ value: GraphValue, _ body: (Double) -> Double) throws -> GraphValue {
    switch value.elements {
    case .single(let values): return value.replacing(values.map { Float(body(Double($0))) })
    case .double(let values): return GraphValue(value.shape, .double(values.map(body)))
    default: throw GraphError("it takes numbers with a fraction, and was given \(value.type)")
    }
  }

  /// A function of whole numbers, too.
  private static func numbers(
    _ name: String, _ body: @escaping @Sendable (Double) -> Double, _ integer: @escaping @Sendable (Int64) -> Int64
  ) -> Operator {
    Operator(name) { _ in
      { x in
        let value = try x[0]
        guard case .integer(let values) = value.elements else { return [try mapped(value, body)] }
        return [GraphValue(value.shape, .integer(values.map { value.type.wrapped(integer($0)) }), as: value.type)]
      }
    }
  }

  /// The bounds are attributes before version 11, and inputs since.
  private static func clipped(_ x: Operands, _ low: Float?, _ high: Float?) throws -> GraphValue {
    let value = try x[0]
    if case .integer(let values) = value.elements {
      let least = x.optional(1)?.integers?.first ?? Int64.min
      let largest = x.optional(2)?.integers?.first ?? Int64.max
      return GraphValue(value.shape, .integer(values.map { min(max($0, least), largest) }), as: value.type)
    }
    let least = x.optional(1)?.doubles?.first ?? low.map { Double($0) } ?? -.infinity
    let largest = x.optional(2)?.doubles?.first ?? high.map { Double($0) } ?? .infinity
    return try mapped(value) { $0.isNaN ? $0 : min(max($0, least), largest) }
  }
}
