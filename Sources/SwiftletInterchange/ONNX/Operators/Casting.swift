// SPDX-License-Identifier: Apache-2.0
//
// Casting: from one type to another, and values that pass unchanged.
//
// A number that a whole one cannot hold has no value that the standard names; it becomes the least number of 64 bits, as
// processors do it, and is then cut to its type.
//
// Before    Activations.swift     After    Shaping.swift
// Source    onnx, docs/Operators.md: Cast, CastLike, Identity, Dropout

import Foundation

extension Operators {
  static let casting: [Operator] = [
    Operator("Cast", since: 6) { context in
      let type = try ElementType.named(Int64(context.integer("to").orThrow(context.missing("to"))))
      return { x in [try castOrThrow(try x[0], to: type)] }
    },
    Operator("CastLike", since: 15) { _ in { x in [try castOrThrow(try x[0], to: try x[1].type)] } },
    Operator("Identity") { _ in { x in [try x[0]] } },
    // Training is over: nothing is dropped.
    Operator("Dropout", since: 7) { _ in
      { x in [try x[0], GraphValue(try x[0].shape, Array(repeating: true, count: try x[0].count))] }
    },
  ]

  private static func castOrThrow(_ value: GraphValue, to type: ElementType) throws -> GraphValue {
    try cast(value, to: type).orThrow(GraphError("a text that is not a number cannot become \(type)"))
  }

  /// The value in another type; `nil` if a text is not a number.
  static func cast(_ value: GraphValue, to type: ElementType) -> GraphValue? {
    guard type != value.type else { return value }
    if let texts = value.texts {
      let numbers = texts.compactMap { number($0) }
      guard numbers.count == texts.count else { return nil }
      return cast(GraphValue(value.shape, .double(numbers)), to: type)
    }
    if type == .text { return GraphValue(value.shape, spelled(value)) }
    if type.isSingle { return value.floats.map { GraphValue(value.shape, .single($0.map(type.rounded)), as: type) } }
    if type == .double { return value.doubles.map { GraphValue(value.shape, .double($0)) } }
    if type == .bool { return value.doubles.map { GraphValue(value.shape, $0.map { $0 != 0 }) } }
    let integers = value.integers ?? value.doubles?.map { whole($0, type) }
    return integers.map { GraphValue(value.shape, .integer($0.map(type.wrapped)), as: type) }
  }

  /// The whole number before the point.
  static func whole(_ number: Double, _ type: ElementType = .int64) -> Int64 {
    if type == .uint64, let value = UInt64(exactly: number.rounded(.towardZero)) { return Int64(bitPattern: value) }
    return Int64(exactly: number.rounded(.towardZero)) ?? .min
  }

  private static func number(_ text: String) -> Double? {
    switch text.lowercased() {
    case "nan": .nan
    case "inf", "+inf", "infinity": .infinity
    case "-inf", "-infinity": -.infinity
    default: Double(text)
    }
  }

  /// Numbers as onnxruntime writes them: eight digits, or seventeen of 64 bits.
  private static func spelled(_ value: GraphValue) -> [String] {
    func spell(_ number: Double, _ digits: Int) -> String {
      number.isNaN ? "NaN" : number.isInfinite ? (number < 0 ? "-INF" : "INF") : String(format: "%.\(digits)g", number)
    }
    switch value.elements {
    case .single(let values): return values.map { spell(Double($0), 8) }
    case .double(let values): return values.map { spell($0, 17) }
    case .integer(let values): return values.map { value.type == .uint64 ? String(UInt64(bitPattern: $0)) : String($0) }
    case .bool(let values): return values.map { $0 ? "1" : "0" }
    case .text(let values): return values
    }
  }
}
