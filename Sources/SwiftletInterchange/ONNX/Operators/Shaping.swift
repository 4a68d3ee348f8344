// SPDX-License-Identifier: Apache-2.0
//
// Shaping: the same elements under other axes, and values that are made of sizes.
//
// Before    Casting.swift     After    Joining.swift
// Source    onnx, docs/Operators.md: Reshape, Flatten, Squeeze, Unsqueeze, Transpose, Shape, Size, Expand, Constant,
//           ConstantOfShape, Range, Tile, EyeLike

extension Operators {
  static let shaping: [Operator] = [
    Operator("Reshape", since: 5) { context in
      let keepsZero = context.flag("allowzero")
      return { x in [try reshaped(try x[0], to: x.integers(1), keepsZero: keepsZero, x)] }
    },
    Operator("Flatten") { context in
      let axis = context.integer("axis", 1)
      return { x in
        let value = try x[0]
        let cut = axis == value.rank ? axis : try frontAxis(axis, rank: value.rank)
        return [value.reshaped([value.shape[..<cut].reduce(1, *), value.shape[cut...].reduce(1, *)])]
      }
    },
    Operator("Squeeze") { context in
      let axes = context.integers("axes")
      return { x in [try squeezed(try x[0], axes ?? (x.optional(1) == nil ? nil : try x.integers(1)))] }
    },
    Operator("Unsqueeze") { context in
      let axes = context.integers("axes")
      return { x in [try unsqueezed(try x[0], try axes ?? x.integers(1))] }
    },
    Operator("Transpose") { context in
      let order = context.integers("perm")
      return { x in [try transposed(try x[0], order ?? Array(try x[0].shape.indices.reversed()))] }
    },
    Operator("Shape") { context in
      let start = context.integer("start", 0)
      let end = context.integer("end")
      return { x in
        let shape = try x[0].shape
        func bound(_ axis: Int) -> Int {
          min(max(axis < 0 ? max(axis, -shape.count) + shape.count : axis, 0), shape.count)
        }
        let part = shape[bound(start)..<max(bound(start), end.map(bound) ?? shape.count)]
        return [GraphValue([part.count], part.map { Int64($0) })]
      }
    },
    Operator("Size") { _ in { x in [GraphValue([], [Int64(try x[0].count)])] } },
    Operator("Expand", since: 8) { _ in
      { x in
        let value = try x[0]
        let shape = try x.broadcast(value.shape, try x.integers(1))
        return [value.picking(broadcastPositions(of: value.shape, to: shape), shape: shape)]
      }
    },
    Operator("Tile", since: 6) { _ in { x in [try tiled(try x[0], x.integers(1), x)] } },
    Operator("Constant") { context in
      let value = try constant(context)
      return { _ in [value] }
    },
    Operator("ConstantOfShape", since: 9) { context in
      let value = try context.tensor("value") ?? GraphValue([1], [Float(0)])
      guard value.count == 1 else { throw GraphError("its value has \(value.count) elements, and one is needed") }
      return { x in
        let shape = try x.integers(0)
        return [value.picking(Array(repeating: 0, count: try x.count(of: shape)), shape: shape)]
      }
    },
    Operator("Range", since: 11) { _ in { x in [try range(x)] } },
    Operator("EyeLike", since: 9) { context in
      let type = try context.integer("dtype").map { try ElementType.named(Int64($0)) }
      let diagonal = context.integer("k", 0)
      return { x in
        let shape = try x[0].shape
        guard shape.count == 2 else { throw GraphError("it takes a matrix, and was given the shape \(shape)") }
        let ones = (0..<shape[0] * shape[1]).map { $0 % shape[1] - $0 / shape[1] == diagonal }
        let own = try x[0].type
        return [GraphValue(shape, ones).cast(to: type ?? own)]
      }
    },
  ]

  private static func reshaped(
    _ value: GraphValue, to wanted: [Int], keepsZero: Bool, _ x: Operands
  ) throws -> GraphValue {
    var shape = wanted
    for (axis, size) in shape.enumerated() where size == 0 && !keepsZero {
      guard axis < value.rank else { throw GraphError("the shape \(wanted) keeps an axis that \(value.shape) has not") }
      shape[axis] = value.shape[axis]
    }
    if let open = shape.firstIndex(of: -1) {
      shape[open] = 1
      let known = try x.count(of: shape)
      guard known > 0, value.count % known == 0 else {
        throw GraphError("the shape \(value.shape) cannot become \(wanted)")
      }
      shape[open] = value.count / known
    }
    guard try x.count(of: shape) == value.count else {
      throw GraphError("the shape \(value.shape) cannot become \(wanted)")
    }
    return value.reshaped(shape)
  }

  private static func squeezed(_ value: GraphValue, _ axes: [Int]?) throws -> GraphValue {
    let chosen =
      try axes.map { try Set($0.map { try frontAxis($0, rank: value.rank) }) }
      ?? Set(value.shape.indices.filter { value.shape[$0] == 1 })
    guard chosen.allSatisfy({ value.shape[$0] == 1 }) else {
      throw GraphError("it removes axes of size 1, and those at \(chosen.sorted()) of \(value.shape) are not")
    }
    return value.reshaped(value.shape.indices.filter { !chosen.contains($0) }.map { value.shape[$0] })
  }

  static func unsqueezed(_ value: GraphValue, _ axes: [Int]) throws -> GraphValue {
    let rank = value.rank + axes.count
    let added = try Set(axes.map { try frontAxis($0, rank: rank) })
    guard added.count == axes.count else { throw GraphError("it adds an axis twice: \(axes)") }
    var sizes = value.shape.makeIterator()
    return value.reshaped((0..<rank).map { added.contains($0) ? 1 : sizes.next() ?? 1 })
  }

  static func transposed(_ value: GraphValue, _ order: [Int]) throws -> GraphValue {
    guard order.sorted() == Array(value.shape.indices) else {
      throw GraphError("\(order) is not an order of the axes of \(value.shape)")
    }
    let own = strides(of: value.shape)
    let shape = order.map { value.shape[$0] }
    return value.picking(positions(sizes: shape, strides: order.map { own[$0] }), shape: shape)
  }

  private static func tiled(_ value: GraphValue, _ repeats: [Int], _ x: Operands) throws -> GraphValue {
    guard repeats.count == value.rank else { throw GraphError("it needs a number of copies for each axis") }
    try x.count(of: repeats)
    let shape = zip(value.shape, repeats).map { $0.multipliedReportingOverflow(by: $1).partialValue }
    try x.count(of: shape)
    let own = strides(of: value.shape)
    var picked = [0]
    for axis in shape.indices {
      picked = picked.flatMap { base in (0..<shape[axis]).map { base + $0 % max(value.shape[axis], 1) * own[axis] } }
    }
    return value.picking(picked, shape: shape)
  }

  private static func constant(_ context: NodeContext) throws -> GraphValue {
    if let value = try context.tensor("value") { return value }
    if let value = context.float("value_float") { return GraphValue([], [value]) }
    if let values = context.floats("value_floats") { return GraphValue([values.count], values) }
    if let value = context.integer("value_int") { return GraphValue([], [Int64(value)]) }
    if let values = context.integers("value_ints") { return GraphValue([values.count], values.map { Int64($0) }) }
    if let values = context.texts("value_strings") { return GraphValue([values.count], values) }
    if context.has("value_string") { return GraphValue([], [context.text("value_string", "")]) }
    throw context.missing("value")
  }

  private static func range(_ x: Operands) throws -> GraphValue {
    let bounds = try (0..<3).map { position in
      try (try x[position].doubles?.first).orThrow(GraphError("it needs a start, an end and a step"))
    }
    let length = ((bounds[1] - bounds[0]) / bounds[2]).rounded(.up)
    guard let count = Int(exactly: max(length, 0)) else { throw GraphError("its end is never reached") }
    try x.count(of: [count])
    let values = (0..<count).map { bounds[0] + Double($0) * bounds[2] }
    let type = try x[0].type
    return cast(GraphValue([count], .double(values)), to: type) ?? GraphValue([count], .double(values))
  }
}
