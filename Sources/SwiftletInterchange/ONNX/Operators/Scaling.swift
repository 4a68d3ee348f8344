// SPDX-License-Identifier: Apache-2.0
//
// Scaling: columns of numbers, made ready.
//
// Before    Losses.swift     After    ClassScores.swift
// Source    onnx, docs/Operators-ml.md: Scaler, Imputer, Normalizer, Binarizer, FeatureVectorizer

import Foundation

extension Operators {
  static let scaling: [Operator] = [
    learning("Scaler") { context in
      let offset = context.floats("offset") ?? [0]
      let scale = context.floats("scale") ?? [1]
      return { x in
        let rows = try Rows(x)
        let place = try rows.fitting(offset.count, "offsets")
        let factor = try rows.fitting(scale.count, "scales")
        return [rows.replacing { ($0 - offset[place($1)]) * scale[factor($1)] }]
      }
    },
    learning("Imputer") { context in
      let wholes = context.integers("imputed_value_int64s") ?? []
      let fills = wholes.isEmpty ? context.floats("imputed_value_floats") ?? [] : wholes.map { Float($0) }
      let missing =
        wholes.isEmpty ? context.float("replaced_value_float", .nan) : Float(context.integer("replaced_value_int64", 0))
      return { x in
        let rows = try Rows(x)
        let place = try rows.fitting(fills.count, "fills")
        let filled = rows.replacing { (missing.isNaN ? $0.isNaN : $0 == missing) ? fills[place($1)] : $0 }
        return [try x[0].type.isInteger ? filled.cast(to: try x[0].type) : filled]
      }
    },
    learning("Normalizer") { context in
      let norm = context.text("norm", "MAX")
      return { x in
        let rows = try Rows(x)
        let sizes = rows.map { row -> Float in
          switch norm {
          case "L1": row.reduce(0) { $0 + $1.magnitude }
          case "L2": row.reduce(0) { $0 + $1 * $1 }.squareRoot()
          default: row.max() ?? 0
          }
        }
        return [rows.replacing { sizes[$1 / max(rows.width, 1)] == 0 ? $0 : $0 / sizes[$1 / max(rows.width, 1)] }]
      }
    },
    learning("Binarizer") { context in
      let threshold = context.float("threshold", 0)
      return { x in [try Rows(x).replacing { number, _ in number > threshold ? 1 : 0 }] }
    },
    learning("FeatureVectorizer") { _ in
      { x in
        let parts = try (0..<x.count).map { try Rows(x, $0).value }
        return [try concatenated(parts, axis: -1, x)]
      }
    },
  ]

  /// An operator of classical machine learning.
  static func learning(
    _ name: String, since: Int = 1, _ make: @escaping @Sendable (NodeContext) throws -> Kernel
  ) -> Operator {
    Operator(name, since: since, domain: ONNXDomain.learning, make)
  }
}

/// Rows of numbers in 32 bits: a list alone is one row.
struct Rows {
  /// The numbers in the shape that they came in.
  let value: GraphValue
  let numbers: [Float]
  /// Number of rows.
  let count: Int
  /// Number of numbers in a row.
  let width: Int

  init(_ x: Operands, _ position: Int = 0) throws {
    let shape = try x[position].shape
    numbers = try x.floats(position)
    value = GraphValue(shape, numbers)
    width = shape.last ?? 1
    count = width == 0 ? 0 : numbers.count / width
  }

  /// The results for each row.
  func map<Result>(_ body: (ArraySlice<Float>) throws -> Result) rethrows -> [Result] {
    try (0..<count).map { try body(numbers[$0 * width..<($0 + 1) * width]) }
  }

  /// The same shape with other numbers: `body` is given a number and its position.
  func replacing(_ body: (Float, Int) -> Float) -> GraphValue {
    GraphValue(value.shape, numbers.indices.map { body(numbers[$0], $0) })
  }

  /// Which of some settings a position has: there is one for all columns, or one for each.
  func fitting(_ settings: Int, _ name: String) throws -> (Int) -> Int {
    guard settings == 1 || (settings == width && width > 0) else {
      throw GraphError("it has \(settings) \(name) for rows of \(width) numbers")
    }
    return { [width] in settings == 1 ? 0 : $0 % width }
  }
}
