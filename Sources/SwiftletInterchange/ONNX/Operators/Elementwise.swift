// SPDX-License-Identifier: Apache-2.0
//
// Elementwise: two values, element by element, stretched to each other's shape.
//
// Most pairs that exporters write are a value with itself, with one number, or with a row: these are walked without a table
// of positions.
//
// Before    Operator.swift     After    Arithmetic.swift

/// The results for each pair of elements, in the shape that both are stretched to.
func zipped<A, B, Result>(
  _ a: [A], _ shapeA: [Int], _ b: [B], _ shapeB: [Int], to shape: [Int], _ body: (A, B) throws -> Result
) rethrows -> [Result] {
  if shapeA == shapeB { return try a.indices.map { try body(a[$0], b[$0]) } }
  if b.count == 1, shapeA == shape {
    let b = b[0]
    return try a.map { try body($0, b) }
  }
  if a.count == 1, shapeB == shape {
    let a = a[0]
    return try b.map { try body(a, $0) }
  }
  if shapeA == shape, shapeB.count <= shape.count, shape.suffix(shapeB.count).elementsEqual(shapeB), !b.isEmpty {
    return try a.indices.map { try body(a[$0], b[$0 % b.count]) }
  }
  let positionsA = broadcastPositions(of: shapeA, to: shape)
  let positionsB = broadcastPositions(of: shapeB, to: shape)
  return try positionsA.indices.map { try body(a[positionsA[$0]], b[positionsB[$0]]) }
}

/// How two numbers become one, for every kind of numbers.
struct NumberPair: Sendable {
  let single: @Sendable (Float, Float) -> Float
  let double: @Sendable (Double, Double) -> Double
  let integer: @Sendable (Int64, Int64) throws -> Int64

  init(
    _ single: @escaping @Sendable (Float, Float) -> Float, _ double: @escaping @Sendable (Double, Double) -> Double,
    _ integer: @escaping @Sendable (Int64, Int64) throws -> Int64
  ) {
    self.single = single
    self.double = double
    self.integer = integer
  }

  /// The results for two values of one type.
  func callAsFunction(_ a: GraphValue, _ b: GraphValue, _ operands: Operands) throws -> GraphValue {
    let shape = try operands.broadcast(a.shape, b.shape)
    switch (a.elements, b.elements) {
    case (.single(let x), .single(let y)):
      let values = zipped(x, a.shape, y, b.shape, to: shape, single)
      return GraphValue(shape, .single(a.type == .float ? values : values.map(a.type.rounded)), as: a.type)
    case (.double(let x), .double(let y)):
      return GraphValue(shape, .double(zipped(x, a.shape, y, b.shape, to: shape, double)))
    case (.integer(let x), .integer(let y)):
      let values = try zipped(x, a.shape, y, b.shape, to: shape, integer)
      return GraphValue(shape, .integer(values.map(a.type.wrapped)), as: a.type)
    default: throw GraphError("it takes numbers of one type, and was given \(a.type) and \(b.type)")
    }
  }
}
