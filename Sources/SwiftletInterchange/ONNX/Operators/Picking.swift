// SPDX-License-Identifier: Apache-2.0
//
// Picking: elements by their positions, and putting them there.
//
// A position of a file or of a row is compared with the size of its axis before it is used.
//
// Before    Joining.swift     After    Reductions.swift
// Source    onnx, docs/Operators.md: Gather, GatherElements, GatherND, ScatterElements, ScatterND, OneHot, Compress, NonZero

extension Operators {
  static let picking: [Operator] = [
    Operator("Gather") { context in
      let axis = context.integer("axis", 0)
      return { x in
        let value = try x[0]
        let axis = try frontAxis(axis, rank: value.rank)
        let indices = try x.integers(1).map { try place($0, size: value.shape[axis]) }
        let outer = value.shape[..<axis]
        let inner = value.shape[(axis + 1)...]
        let shape = outer + (try x[1].shape) + inner
        try x.count(of: Array(shape))
        let width = inner.reduce(1, *)
        let length = value.shape[axis] * width
        let picked = (0..<outer.reduce(1, *)).flatMap { row in
          indices.flatMap { index in (0..<width).map { row * length + index * width + $0 } }
        }
        return [value.picking(picked, shape: Array(shape))]
      }
    },
    Operator("GatherElements", since: 11) { context in
      let axis = context.integer("axis", 0)
      return { x in
        let value = try x[0]
        let picked = try alongAxis(value.shape, try x[1], axis: axis)
        return [value.picking(picked, shape: try x[1].shape)]
      }
    },
    Operator("GatherND", since: 11) { context in
      let batch = context.integer("batch_dims", 0)
      return { x in
        let value = try x[0]
        let (starts, tail) = try corners(value.shape, try x[1], batch: batch)
        let shape = try x[1].shape.dropLast() + tail
        try x.count(of: Array(shape))
        let width = tail.reduce(1, *)
        return [value.picking(starts.flatMap { start in (0..<width).map { start + $0 } }, shape: Array(shape))]
      }
    },
    Operator("ScatterElements", since: 11) { context in
      let axis = context.integer("axis", 0)
      let reduction = context.text("reduction", "none")
      return { x in
        let places = try alongAxis(try x[0].shape, try x[1], axis: axis)
        return [try scattered(try x[0], places, try x[2], reduction)]
      }
    },
    Operator("ScatterND", since: 11) { context in
      let reduction = context.text("reduction", "none")
      return { x in
        let (starts, tail) = try corners(try x[0].shape, try x[1], batch: 0)
        let width = tail.reduce(1, *)
        return [
          try scattered(try x[0], starts.flatMap { start in (0..<width).map { start + $0 } }, try x[2], reduction)
        ]
      }
    },
    Operator("OneHot", since: 9) { context in
      let axis = context.integer("axis", -1)
      return { x in [try oneHot(x, axis: axis)] }
    },
    Operator("Compress", since: 9) { context in
      let axis = context.integer("axis")
      return { x in
        let value = axis == nil ? try x[0].reshaped([try x[0].count]) : try x[0]
        let along = try frontAxis(axis ?? 0, rank: value.rank)
        let kept = zip(try x.bools(1), 0..<value.shape[along]).filter { $0.0 }.map { $0.1 }
        return [value.taking(kept, along: along)]
      }
    },
    Operator("NonZero", since: 9) { _ in
      { x in
        let value = try x[0]
        let numbers = try value.doubles.orThrow(GraphError("it takes numbers"))
        let hits = numbers.indices.filter { numbers[$0] != 0 }
        let own = strides(of: value.shape)
        let places = value.shape.indices.flatMap { axis in hits.map { Int64($0 / own[axis] % value.shape[axis]) } }
        return [GraphValue([value.rank, hits.count], places)]
      }
    },
  ]

  /// A position along an axis, where a negative one counts from the end.
  private static func place(_ index: Int, size: Int) throws -> Int {
    guard index >= -size, index < size else { throw GraphError("it takes position \(index) of \(size)") }
    return index < 0 ? index + size : index
  }

  /// Where each element of `indices` is, if it says the position along one axis and its own place says the others.
  private static func alongAxis(_ shape: [Int], _ indices: GraphValue, axis: Int) throws -> [Int] {
    let axis = try frontAxis(axis, rank: shape.count)
    guard indices.rank == shape.count,
      indices.shape.indices.allSatisfy({ $0 == axis || indices.shape[$0] <= shape[$0] }),
      let wanted = indices.integers
    else { throw GraphError("positions of the shape \(indices.shape) do not fit \(shape)") }
    var own = strides(of: shape)
    let step = own[axis]
    own[axis] = 0
    let bases = positions(sizes: indices.shape, strides: own)
    return try zip(bases, wanted).map { $0 + (try place(Int($1), size: shape[axis])) * step }
  }

  /// Where the parts begin that the rows of `indices` name, and their shape.
  private static func corners(
    _ shape: [Int], _ indices: GraphValue, batch: Int
  ) throws -> (starts: [Int], tail: [Int]) {
    guard let depth = indices.shape.last, let wanted = indices.integers, batch >= 0, batch < indices.rank,
      depth >= 1, batch + depth <= shape.count, indices.shape[..<batch] == shape[..<batch]
    else { throw GraphError("positions of the shape \(indices.shape) do not fit \(shape)") }
    let own = strides(of: shape)
    let rows = wanted.count / depth
    let perBatch = rows / max(shape[..<batch].reduce(1, *), 1)
    let batchStride = batch == 0 ? 0 : own[batch - 1]
    let starts = try (0..<rows).map { row in
      try (0..<depth).reduce(row / max(perBatch, 1) * batchStride) { sum, level in
        sum + (try place(Int(wanted[row * depth + level]), size: shape[batch + level])) * own[batch + level]
      }
    }
    return (starts, Array(shape[(batch + depth)...]))
  }

  /// The value with updates at some positions, one after the other.
  private static func scattered(
    _ value: GraphValue, _ places: [Int], _ updates: GraphValue, _ reduction: String
  ) throws -> GraphValue {
    guard updates.count == places.count, updates.type == value.type else {
      throw GraphError("there are \(updates.count) updates for \(places.count) positions")
    }
    func merge<T>(_ old: [T], _ new: [T], _ combine: ((T, T) -> T)?) -> [T] {
      var merged = old
      for (place, update) in zip(places, new) { merged[place] = combine.map { $0(merged[place], update) } ?? update }
      return merged
    }
    func rule<T: Numeric & Comparable>(_ add: @escaping (T, T) -> T, _ multiply: @escaping (T, T) -> T) throws -> (
      (T, T) -> T
    )? {
      switch reduction {
      case "none": nil
      case "add": add
      case "mul": multiply
      case "max": { max($0, $1) }
      case "min": { min($0, $1) }
      default: throw GraphError("it reduces by \(reduction), which is not supported")
      }
    }
    switch (value.elements, updates.elements) {
    case (.single(let old), .single(let new)): return value.replacing(merge(old, new, try rule(+, *)))
    case (.double(let old), .double(let new)): return GraphValue(value.shape, .double(merge(old, new, try rule(+, *))))
    case (.integer(let old), .integer(let new)):
      return GraphValue(
        value.shape, .integer(merge(old, new, try rule(&+, &*)).map(value.type.wrapped)), as: value.type)
    case (.bool(let old), .bool(let new)) where reduction == "none":
      return GraphValue(value.shape, merge(old, new, nil))
    case (.text(let old), .text(let new)) where reduction == "none":
      return GraphValue(value.shape, merge(old, new, nil))
    default: throw GraphError("it cannot reduce \(value.type) by \(reduction)")
    }
  }

  private static func oneHot(_ x: Operands, axis: Int) throws -> GraphValue {
    let indices = try x[0].doubles.orThrow(GraphError("it takes numbers")).map { Int(whole($0)) }
    guard let depth = try x[1].doubles?.first.map({ Int(whole($0)) }), depth >= 1 else {
      throw GraphError("it needs at least one class")
    }
    let values = try x[2]
    guard values.count == 2 else { throw GraphError("it needs a value for off and one for on") }
    var shape = try x[0].shape
    let axis = try frontAxis(axis, rank: shape.count + 1)
    let inner = shape[axis...].reduce(1, *)
    shape.insert(depth, at: axis)
    var picked = Array(repeating: 0, count: try x.count(of: shape))
    for (position, index) in indices.enumerated() where index >= -depth && index < depth {
      let hot = index < 0 ? index + depth : index
      picked[(position / inner * depth + hot) * inner + position % inner] = 1
    }
    return values.picking(picked, shape: shape)
  }
}

extension GraphValue {
  /// Some positions along an axis.
  func taking(_ kept: [Int], along axis: Int) -> GraphValue {
    let width = shape[(axis + 1)...].reduce(1, *)
    let length = shape[axis] * width
    var shape = shape
    shape[axis] = kept.count
    let outer = shape[..<axis].reduce(1, *)
    return picking(
      (0..<outer).flatMap { row in kept.flatMap { place in (0..<width).map { row * length + place * width + $0 } } },
      shape: shape)
  }
}
