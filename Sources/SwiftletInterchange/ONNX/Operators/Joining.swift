// SPDX-License-Identifier: Apache-2.0
//
// Joining: values side by side, and parts of them.
//
// Before    Shaping.swift     After    Picking.swift
// Source    onnx, docs/Operators.md: Concat, Split, Slice, Pad

extension Operators {
  static let joining: [Operator] = [
    Operator("Concat", since: 4) { context in
      let axis = try context.integer("axis").orThrow(context.missing("axis"))
      return { x in [try concatenated(try (0..<x.count).map { try x[$0] }, axis: axis, x)] }
    },
    Operator("Split", since: 2) { context in
      let axis = context.integer("axis", 0)
      let sizes = context.integers("split")
      let parts = context.node.outputs.count
      return { x in
        let value = try x[0]
        let axis = try frontAxis(axis, rank: value.rank)
        let size = value.shape[axis]
        let piece = (size + parts - 1) / max(parts, 1)
        let given = try sizes ?? (x.optional(1) == nil ? nil : x.integers(1))
        return try split(value, given ?? (0..<parts).map { min(piece, max(size - $0 * piece, 0)) }, axis: axis)
      }
    },
    Operator("Slice") { context in
      let starts = context.integers("starts")
      let ends = context.integers("ends")
      let axes = context.integers("axes")
      return { x in
        var cuts = SliceCuts()
        cuts.starts = try starts ?? x.integers(1)
        cuts.ends = try ends ?? x.integers(2)
        cuts.axes = try axes ?? (x.optional(3) == nil ? nil : x.integers(3))
        cuts.steps = try x.optional(4) == nil ? nil : x.integers(4)
        return [try cuts.of(try x[0])]
      }
    },
    Operator("Pad", since: 2) { context in
      let mode = context.text("mode", "constant")
      let attribute = context.integers("pads")
      let fill = context.float("value", 0)
      return { x in
        let value = try x[0]
        let pads = try attribute ?? x.integers(1)
        let axes = try x.optional(3) == nil ? Array(value.shape.indices) : x.integers(3)
        let filler = x.optional(2).flatMap { $0.count == 1 ? $0 : nil } ?? GraphValue([], [fill])
        return [try padded(value, pads, axes: axes, mode, filler, x)]
      }
    },
  ]

  static func concatenated(_ values: [GraphValue], axis: Int, _ x: Operands) throws -> GraphValue {
    guard let first = values.first else { throw GraphError("it needs an input") }
    let axis = try frontAxis(axis, rank: first.rank)
    func others(_ shape: [Int]) -> [Int] { shape.enumerated().filter { $0.offset != axis }.map(\.element) }
    guard
      values.allSatisfy({ $0.rank == first.rank && others($0.shape) == others(first.shape) && $0.type == first.type })
    else { throw GraphError("the values \(values.map { "\($0.type)\($0.shape)" }) do not fit side by side") }
    var shape = first.shape
    shape[axis] = values.reduce(0) { $0 + $1.shape[axis] }
    try x.count(of: shape)
    let outer = shape[..<axis].reduce(1, *)
    let lengths = values.map { $0.shape[axis...].reduce(1, *) }
    func join<T>(_ parts: [[T]]) -> [T] {
      var joined: [T] = []
      joined.reserveCapacity(shape.reduce(1, *))
      for row in 0..<outer {
        for (part, length) in zip(parts, lengths) { joined += part[row * length..<(row + 1) * length] }
      }
      return joined
    }
    let elements: Elements =
      switch first.elements {
      case .single: .single(join(values.map { if case .single(let part) = $0.elements { part } else { [] } }))
      case .double: .double(join(values.map { if case .double(let part) = $0.elements { part } else { [] } }))
      case .integer: .integer(join(values.map { if case .integer(let part) = $0.elements { part } else { [] } }))
      case .bool: .bool(join(values.map { if case .bool(let part) = $0.elements { part } else { [] } }))
      case .text: .text(join(values.map { if case .text(let part) = $0.elements { part } else { [] } }))
      }
    return GraphValue(shape, elements, as: first.type)
  }

  private static func split(_ value: GraphValue, _ sizes: [Int], axis: Int) throws -> [GraphValue] {
    guard sizes.allSatisfy({ $0 >= 0 && $0 <= value.shape[axis] }), sizes.reduce(0, &+) == value.shape[axis] else {
      throw GraphError("the parts \(sizes) are not the \(value.shape[axis]) there are along axis \(axis)")
    }
    let own = strides(of: value.shape)
    var start = 0
    return sizes.map { size in
      var shape = value.shape
      shape[axis] = size
      defer { start += size }
      return value.picking(positions(sizes: shape, strides: own, from: start * own[axis]), shape: shape)
    }
  }

  /// Puts a margin around a value.
  private static func padded(
    _ value: GraphValue, _ pads: [Int], axes: [Int], _ mode: String, _ filler: GraphValue, _ x: Operands
  ) throws -> GraphValue {
    guard pads.count == 2 * axes.count else { throw GraphError("it needs two margins for each axis") }
    var before = Array(repeating: 0, count: value.rank)
    var shape = value.shape
    for (position, axis) in try axes.map({ try frontAxis($0, rank: value.rank) }).enumerated() {
      let margins = [pads[position], pads[position + axes.count]]
      guard margins.allSatisfy({ $0.magnitude <= UInt(x.limit) }) else { throw GraphError("the margins are too large") }
      before[axis] = margins[0]
      shape[axis] += margins[0] + margins[1]
    }
    try x.count(of: shape)
    let own = strides(of: value.shape)
    var picked = [0]
    for axis in shape.indices {
      let size = value.shape[axis]
      // A place outside is -1, and stays so along the axes that follow.
      let places = try (0..<shape[axis]).map { place -> Int in
        let inside = place - before[axis]
        if (0..<size).contains(inside) { return inside }
        switch mode {
        case "constant": return -1
        case "edge" where size > 0: return min(max(inside, 0), size - 1)
        case "wrap" where size > 0: return (inside % size + size) % size
        case "reflect" where size > 1:
          let around = (inside % (2 * size - 2) + 2 * size - 2) % (2 * size - 2)
          return around < size ? around : 2 * size - 2 - around
        default: throw GraphError("a margin of the mode \(mode) cannot be made of \(size) elements")
        }
      }
      picked = picked.flatMap { base in places.map { $0 < 0 || base < 0 ? -1 : base + $0 * own[axis] } }
    }
    let outside = broadcastPositions(of: [], to: shape)
    guard mode == "constant", picked.contains(-1) else { return value.picking(picked, shape: shape) }
    guard let filler = cast(filler, to: value.type) else {
      throw GraphError("its filler is not of the type \(value.type)")
    }
    let all = try concatenated([filler.reshaped([1]), value.reshaped([value.count])], axis: 0, x)
    return all.picking(zip(outside, picked).map { $1 < 0 ? $0 : $1 + 1 }, shape: shape)
  }
}

/// Where parts begin and end, along some axes.
private struct SliceCuts {
  var starts: [Int] = []
  var ends: [Int] = []
  var axes: [Int]?
  var steps: [Int]?

  func of(_ value: GraphValue) throws -> GraphValue {
    let axes = axes ?? Array(starts.indices)
    let steps = steps ?? starts.map { _ in 1 }
    guard ends.count == starts.count, axes.count == starts.count, steps.count == starts.count else {
      throw GraphError("it needs a start, an end, an axis and a step for each cut")
    }
    var shape = value.shape
    var own = strides(of: value.shape)
    var origin = 0
    let fronts = try axes.map { try frontAxis($0, rank: value.rank) }
    guard Set(fronts).count == fronts.count else { throw GraphError("it cuts an axis twice: \(axes)") }
    for (cut, axis) in fronts.enumerated() {
      let size = value.shape[axis]
      let step = steps[cut]
      guard step != 0, step.magnitude <= UInt(Int32.max) else { throw GraphError("its step is \(step)") }
      func clamped(_ place: Int) -> Int {
        let front = place < 0 ? max(place, -size - 1) + size : place
        return step > 0 ? min(max(front, 0), size) : min(max(front, -1), size - 1)
      }
      let start = clamped(starts[cut])
      // An end before the beginning is -size - 1 and less; walking backwards, it is where the first element is taken too.
      let end = clamped(ends[cut])
      shape[axis] = max(0, (end - start + step - step.signum()) / step)
      origin += shape[axis] > 0 ? start * own[axis] : 0
      own[axis] *= step
    }
    return value.picking(positions(sizes: shape, strides: own, from: origin), shape: shape)
  }
}
