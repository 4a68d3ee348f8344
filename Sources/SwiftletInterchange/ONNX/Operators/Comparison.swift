// SPDX-License-Identifier: Apache-2.0
//
// Comparison: truth values, and choices that are made by them.
//
// Before    Arithmetic.swift     After    Functions.swift
// Source    onnx, docs/Operators.md: Equal, Greater, Less, And, Or, Xor, Not, Where, IsNaN, IsInf

extension Operators {
  static let comparison: [Operator] = [
    compare("Greater", since: 7, { $0 > $1 }, { $0 > $1 }, { $0 > $1 }),
    compare("GreaterOrEqual", since: 12, { $0 >= $1 }, { $0 >= $1 }, { $0 >= $1 }),
    compare("Less", since: 7, { $0 < $1 }, { $0 < $1 }, { $0 < $1 }),
    compare("LessOrEqual", since: 12, { $0 <= $1 }, { $0 <= $1 }, { $0 <= $1 }),
    Operator("Equal", since: 7) { _ in { x in [try equality(try x[0], try x[1], x)] } },
    logic("And") { $0 && $1 }, logic("Or") { $0 || $1 }, logic("Xor") { $0 != $1 },
    Operator("Not") { _ in { x in [GraphValue(try x[0].shape, try x.bools(0).map { !$0 })] } },
    Operator("Where", since: 9) { _ in { x in [try choice(x)] } },
    Operator("IsNaN", since: 9) { _ in
      { x in [GraphValue(try x[0].shape, try numbers(try x[0]).map { $0.isNaN })] }
    },
    Operator("IsInf", since: 10) { context in
      let negative = context.flag("detect_negative", true)
      let positive = context.flag("detect_positive", true)
      return { x in
        let hits = try numbers(try x[0]).map { $0.isInfinite && ($0 < 0 ? negative : positive) }
        return [GraphValue(try x[0].shape, hits)]
      }
    },
  ]

  private static func numbers(_ value: GraphValue) throws -> [Double] {
    try value.doubles.orThrow(GraphError("it takes numbers"))
  }

  private static func compare(
    _ name: String, since: Int, _ single: @escaping @Sendable (Float, Float) -> Bool,
    _ double: @escaping @Sendable (Double, Double) -> Bool, _ integer: @escaping @Sendable (Int64, Int64) -> Bool
  ) -> Operator {
    Operator(name, since: since) { _ in
      { x in
        let a = try x[0]
        let b = try x[1]
        let shape = try x.broadcast(a.shape, b.shape)
        switch (a.elements, b.elements) {
        case (.single(let left), .single(let right)):
          return [GraphValue(shape, zipped(left, a.shape, right, b.shape, to: shape, single))]
        case (.integer(let left), .integer(let right)) where a.type != .uint64:
          return [GraphValue(shape, zipped(left, a.shape, right, b.shape, to: shape, integer))]
        default:
          return [GraphValue(shape, zipped(try numbers(a), a.shape, try numbers(b), b.shape, to: shape, double))]
        }
      }
    }
  }

  private static func equality(_ a: GraphValue, _ b: GraphValue, _ x: Operands) throws -> GraphValue {
    let shape = try x.broadcast(a.shape, b.shape)
    func equal<T: Equatable>(_ left: [T], _ right: [T]) -> GraphValue {
      GraphValue(shape, zipped(left, a.shape, right, b.shape, to: shape) { $0 == $1 })
    }
    switch (a.elements, b.elements) {
    case (.single(let left), .single(let right)): return equal(left, right)
    case (.double(let left), .double(let right)): return equal(left, right)
    case (.integer(let left), .integer(let right)): return equal(left, right)
    case (.bool(let left), .bool(let right)): return equal(left, right)
    case (.text(let left), .text(let right)): return equal(left, right)
    default: throw GraphError("it compares values of one type, and was given \(a.type) and \(b.type)")
    }
  }

  private static func logic(_ name: String, _ body: @escaping @Sendable (Bool, Bool) -> Bool) -> Operator {
    Operator(name, since: 7) { _ in
      { x in
        let shape = try x.broadcast(try x[0].shape, try x[1].shape)
        return [
          GraphValue(
            shape, zipped(try x.bools(0), try x[0].shape, try x.bools(1), try x[1].shape, to: shape, body))
        ]
      }
    }
  }

  /// Where the condition holds the first value, elsewhere the second.
  private static func choice(_ x: Operands) throws -> GraphValue {
    let condition = try x.bools(0)
    let a = try x[1]
    let b = try x[2]
    let shape = try x.broadcast(try x[0].shape, a.shape, b.shape)
    let rows = broadcastPositions(of: try x[0].shape, to: shape)
    let first = broadcastPositions(of: a.shape, to: shape)
    let second = broadcastPositions(of: b.shape, to: shape)
    func choose<T>(_ left: [T], _ right: [T]) -> [T] {
      rows.indices.map { condition[rows[$0]] ? left[first[$0]] : right[second[$0]] }
    }
    let elements: Elements
    switch (a.elements, b.elements) {
    case (.single(let left), .single(let right)): elements = .single(choose(left, right))
    case (.double(let left), .double(let right)): elements = .double(choose(left, right))
    case (.integer(let left), .integer(let right)): elements = .integer(choose(left, right))
    case (.bool(let left), .bool(let right)): elements = .bool(choose(left, right))
    case (.text(let left), .text(let right)): elements = .text(choose(left, right))
    default: throw GraphError("it chooses between values of one type, and was given \(a.type) and \(b.type)")
    }
    return GraphValue(shape, elements, as: a.type)
  }
}
