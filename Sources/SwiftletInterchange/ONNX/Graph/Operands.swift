// SPDX-License-Identifier: Apache-2.0
//
// Operands: what a node is given when it is run.
//
// An operator asks for its inputs by position and kind, and gets them or an error that says which one is missing. It asks
// here too before it makes something larger than what it was given: the sizes of a file are not believed.
//
// Before    ConstantReading.swift     After    GraphMemory.swift

/// The values of a node's inputs.
struct Operands: Sendable {
  /// The inputs; `nil` where one is left out.
  let values: [GraphValue?]
  /// What the graphs within the node take from around it, in the order of their names.
  var captured: [GraphValue?] = []
  /// The most elements of a value.
  let limit: Int
  /// The bytes that the graphs within the node may hold.
  var room = 0

  /// Number of inputs.
  var count: Int { values.count }

  /// An input that may be left out.
  func optional(_ position: Int) -> GraphValue? { position < values.count ? values[position] : nil }

  /// An input that has to be there.
  subscript(position: Int) -> GraphValue {
    get throws {
      guard let value = optional(position) else { throw GraphError("input \(position) is missing") }
      return value
    }
  }

  /// The numbers of an input, in 32 bits.
  func floats(_ position: Int) throws -> [Float] {
    guard let floats = try self[position].floats else { throw GraphError("input \(position) holds texts, not numbers") }
    return floats
  }

  /// The whole numbers of an input.
  func integers(_ position: Int) throws -> [Int] {
    guard let integers = try self[position].integers else {
      throw GraphError("input \(position) does not hold whole numbers")
    }
    return integers.map { Int($0) }
  }

  /// The one number of an input.
  func integer(_ position: Int) throws -> Int {
    guard let value = try integers(position).first else { throw GraphError("input \(position) is empty") }
    return value
  }

  /// The truth values of an input.
  func bools(_ position: Int) throws -> [Bool] {
    guard case .bool(let values) = try self[position].elements else {
      throw GraphError("input \(position) does not hold truth values")
    }
    return values
  }

  /// The number of elements of a shape.
  ///
  /// - Throws: ``GraphError`` for a negative size, and for more elements than the limit.
  @discardableResult func count(of shape: [Int]) throws -> Int { try elementCount(of: shape, limit: limit) }

  /// The shape that some inputs are stretched to.
  func broadcast(_ shapes: [Int]...) throws -> [Int] {
    let shape = try shapes.dropFirst().reduce(shapes[0], broadcastShape)
    try count(of: shape)
    return shape
  }
}

/// The number of elements of a shape that a file or a graph asks for.
func elementCount(of shape: [Int], limit: Int) throws -> Int {
  guard shape.allSatisfy({ $0 >= 0 }) else { throw GraphError("the shape \(shape) has a negative size") }
  guard shape.count <= 32 else { throw GraphError("there are \(shape.count) axes, and at most 32 are supported") }
  var count = 1
  // Zeros are left out, so that a part of the shape has a product too.
  for size in shape where size != 0 {
    let (product, overflow) = count.multipliedReportingOverflow(by: size)
    guard !overflow, product <= limit else {
      throw GraphError("the shape \(shape) has more than \(limit) elements, which is the limit")
    }
    count = product
  }
  return shape.contains(0) ? 0 : count
}
