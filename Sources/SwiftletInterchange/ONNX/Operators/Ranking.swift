// SPDX-License-Identifier: Apache-2.0
//
// Ranking: which is the largest, and sums along an axis.
//
// Before    Planes.swift     After    Normalization.swift
// Source    onnx, docs/Operators.md: ArgMax, ArgMin, TopK, CumSum

extension Operators {
  static let ranking: [Operator] = [
    extreme("ArgMax") { $0 > $1 }, extreme("ArgMin") { $0 < $1 },
    Operator("TopK") { context in
      let attribute = context.integer("k")
      let axis = context.integer("axis", -1)
      let isLargest = context.flag("largest", true)
      return { x in try top(try x[0], try attribute ?? x.integer(1), axis: axis, isLargest: isLargest) }
    },
    Operator("CumSum", since: 11) { context in
      let isExclusive = context.flag("exclusive")
      let isReverse = context.flag("reverse")
      return { x in [try runningSum(try x[0], axis: try x.integer(1), isExclusive: isExclusive, isReverse: isReverse)] }
    },
  ]

  private static func extreme(_ name: String, _ isBetter: @escaping @Sendable (Double, Double) -> Bool) -> Operator {
    Operator(name) { context in
      let axis = context.integer("axis", 0)
      let keeps = context.flag("keepdims", true)
      let takesLast = context.flag("select_last_index")
      return { x in
        let value = try x[0]
        let lines = try Lines(value, axis: axis)
        guard lines.length > 0 else { throw GraphError("the axis is empty, so nothing is the best") }
        let best = lines.starts.map { start in
          (1..<lines.length).reduce(0) { best, place in
            let old = lines.numbers[start + best * lines.step]
            let new = lines.numbers[start + place * lines.step]
            return isBetter(new, old) || (takesLast && new == old) ? place : best
          }
        }
        var shape = value.shape
        if keeps { shape[lines.axis] = 1 } else { shape.remove(at: lines.axis) }
        return [GraphValue(shape, best.map { Int64($0) })]
      }
    }
  }

  private static func top(_ value: GraphValue, _ count: Int, axis: Int, isLargest: Bool) throws -> [GraphValue] {
    let lines = try Lines(value, axis: axis)
    guard count >= 0, count <= lines.length else { throw GraphError("it takes the best \(count) of \(lines.length)") }
    var shape = value.shape
    shape[lines.axis] = count
    let size = shape.reduce(1, *)
    var picked = Array(repeating: 0, count: size)
    var ranks = Array(repeating: Int64(0), count: size)
    for (line, start) in lines.starts.enumerated() {
      let order = (0..<lines.length).sorted { a, b in
        let first = lines.numbers[start + a * lines.step]
        let second = lines.numbers[start + b * lines.step]
        return first == second ? a < b : (first > second) == isLargest
      }
      for (rank, place) in order.prefix(count).enumerated() {
        let target = (line / lines.step * count + rank) * lines.step + line % lines.step
        picked[target] = start + place * lines.step
        ranks[target] = Int64(place)
      }
    }
    return [value.picking(picked, shape: shape), GraphValue(shape, ranks)]
  }

  private static func runningSum(
    _ value: GraphValue, axis: Int, isExclusive: Bool, isReverse: Bool
  ) throws -> GraphValue {
    let lines = try Lines(value, axis: axis)
    var sums = lines.numbers
    for start in lines.starts {
      var sum = 0.0
      for place in isReverse ? Array((0..<lines.length).reversed()) : Array(0..<lines.length) {
        let position = start + place * lines.step
        let number = lines.numbers[position]
        sums[position] = isExclusive ? sum : sum + number
        sum += number
      }
    }
    let result = GraphValue(value.shape, .double(sums))
    return cast(result, to: value.type) ?? result
  }
}

/// The numbers of a value along one of its axes: as many lines as the other axes have places.
struct Lines {
  let axis: Int
  /// Number of numbers in a line.
  let length: Int
  /// How far apart two neighbors in a line are.
  let step: Int
  /// Where each line begins, in the order of the other axes.
  let starts: [Int]
  let numbers: [Double]

  init(_ value: GraphValue, axis: Int) throws {
    self.axis = try frontAxis(axis, rank: value.rank)
    numbers = try value.doubles.orThrow(GraphError("it takes numbers, and was given texts"))
    let length = value.shape[self.axis]
    let step = value.shape[(self.axis + 1)...].reduce(1, *)
    let outer = value.shape[..<self.axis].reduce(1, *)
    self.length = length
    self.step = step
    starts = (0..<outer * step).map { $0 / max(step, 1) * length * step + $0 % max(step, 1) }
  }
}
