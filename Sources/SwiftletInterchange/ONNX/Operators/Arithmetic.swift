// SPDX-License-Identifier: Apache-2.0
//
// Arithmetic on pairs, and on any number of values.
//
// Before    Elementwise.swift     After    Comparison.swift
// Source    onnx, docs/Operators.md: Add, Sub, Mul, Div, Mod, Pow, Max, Min, Sum, Mean, BitShift, BitwiseAnd, PRelu

import Foundation

extension Operators {
  static let arithmetic: [Operator] = [
    pair("Add", add), pair("Sub", NumberPair(-, -, &-)), pair("Mul", NumberPair(*, *, &*)),
    pair("Div", NumberPair(/, /, quotient)),
    Operator("Mod", since: 10) { context in
      let rule = context.flag("fmod") ? truncatedRemainder : floorRemainder
      return { x in [try rule(try x[0], try x[1], x)] }
    },
    Operator("Pow", since: 7) { _ in { x in [try power(try x[0], try x[1], x)] } },
    fold("Max", maximum), fold("Min", minimum), fold("Sum", add),
    Operator("Mean", since: 8) { _ in
      { x in
        return [try mapped(try folded(x, add)) { $0 / Double(x.count) }]
      }
    },
    Operator("PRelu", since: 7) { _ in
      let rule = NumberPair({ $0 < 0 ? $0 * $1 : $0 }, { $0 < 0 ? $0 * $1 : $0 }, { $0 < 0 ? $0 &* $1 : $0 })
      return { x in [try rule(try x[0], try x[1], x)] }
    },
    Operator("BitShift", since: 11) { context in
      let isLeft = context.text("direction", "") == "LEFT"
      return { x in
        let type = try x[0].type
        let bits = Int64((type.width ?? 8) * 8)
        let rule = NumberPair({ a, _ in a }, { a, _ in a }) { value, count in
          guard count >= 0, count < bits else { return isLeft || value >= 0 || type == .uint64 ? 0 : -1 }
          guard !isLeft else { return value << count }
          return type == .uint64 ? Int64(bitPattern: UInt64(bitPattern: value) >> UInt64(count)) : value >> count
        }
        return [try rule(try x[0], try x[1], x)]
      }
    },
    wholes("BitwiseAnd") { $0 & $1 }, wholes("BitwiseOr") { $0 | $1 }, wholes("BitwiseXor") { $0 ^ $1 },
    Operator("BitwiseNot", since: 18) { _ in
      { x in
        let value = try x[0]
        guard case .integer(let values) = value.elements else { throw GraphError("it takes whole numbers") }
        return [GraphValue(value.shape, .integer(values.map { value.type.wrapped(~$0) }), as: value.type)]
      }
    },
  ]

  static let add = NumberPair(+, +, &+)
  // A NaN is passed on, as NumPy does.
  private static let maximum = NumberPair(
    { $0.isNaN || $0 > $1 ? $0 : $1 }, { $0.isNaN || $0 > $1 ? $0 : $1 }, { max($0, $1) })
  private static let minimum = NumberPair(
    { $0.isNaN || $0 < $1 ? $0 : $1 }, { $0.isNaN || $0 < $1 ? $0 : $1 }, { min($0, $1) })
  private static let truncatedRemainder = NumberPair({ fmodf($0, $1) }, { fmod($0, $1) }, remainder)
  private static let floorRemainder = NumberPair(
    { a, b in
      let rest = fmodf(a, b)
      return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
    },
    { a, b in
      let rest = fmod(a, b)
      return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
    },
    { a, b in
      let rest = try remainder(a, b)
      return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
    })

  @Sendable private static func quotient(_ a: Int64, _ b: Int64) throws -> Int64 {
    guard b != 0 else { throw GraphError("a whole number is divided by 0") }
    return a.dividedReportingOverflow(by: b).partialValue
  }

  @Sendable private static func remainder(_ a: Int64, _ b: Int64) throws -> Int64 {
    guard b != 0 else { throw GraphError("a whole number is divided by 0") }
    return a.remainderReportingOverflow(dividingBy: b).partialValue
  }

  private static func pair(_ name: String, _ rule: NumberPair) -> Operator {
    Operator(name, since: 7) { _ in { x in [try rule(try x[0], try x[1], x)] } }
  }

  private static func fold(_ name: String, _ rule: NumberPair) -> Operator {
    Operator(name, since: 8) { _ in { x in [try folded(x, rule)] } }
  }

  private static func folded(_ x: Operands, _ rule: NumberPair) throws -> GraphValue {
    try (1..<max(1, x.count)).reduce(try x[0]) { try rule($0, try x[$1], x) }
  }

  private static func wholes(_ name: String, _ body: @escaping @Sendable (Int64, Int64) -> Int64) -> Operator {
    Operator(name, since: 18) { _ in
      { x in
        guard try x[0].type.isInteger else { throw GraphError("it takes whole numbers") }
        return [try NumberPair({ a, _ in a }, { a, _ in a }, body)(try x[0], try x[1], x)]
      }
    }
  }

  /// Powers have the type of the base, whatever that of the exponent is.
  private static func power(_ base: GraphValue, _ exponent: GraphValue, _ x: Operands) throws -> GraphValue {
    let shape = try x.broadcast(base.shape, exponent.shape)
    let bases = try base.doubles.orThrow(GraphError("it takes numbers"))
    let exponents = try exponent.doubles.orThrow(GraphError("it takes numbers"))
    let powers = zipped(bases, base.shape, exponents, exponent.shape, to: shape) { pow($0, $1) }
    return cast(GraphValue(shape, .double(powers)), to: base.type) ?? base
  }
}
