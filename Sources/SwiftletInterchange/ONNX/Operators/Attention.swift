// SPDX-License-Identifier: Apache-2.0
//
// Attention: each position takes from the others what is like it.
//
// Shapes    N rows, K heads, T positions that ask, S positions that are asked, D numbers of a head
// Before    Resizing.swift     After    Losses.swift
// Source    onnx, docs/Operators.md: Attention, RotaryEmbedding; Vaswani et al. (2017); Su et al. (2021)

import Foundation

extension Operators {
  static let attention: [Operator] = [
    Operator("Attention", since: 23) { context in
      let rule = AttentionRule(context)
      return { x in try rule.run(x) }
    },
    Operator("RotaryEmbedding", since: 23) { context in
      let heads = context.integer("num_heads", 0)
      let width = context.integer("rotary_embedding_dim", 0)
      let isInterleaved = context.flag("interleaved")
      return { x in [try rotated(x, heads: heads, width: width, isInterleaved: isInterleaved)] }
    },
  ]

  /// Turns pairs of numbers by an angle that belongs to their position.
  private static func rotated(_ x: Operands, heads: Int, width: Int, isInterleaved: Bool) throws -> GraphValue {
    let given = try x[0]
    let value = given.rank == 4 ? given : try Heads.split(given, heads)
    guard value.rank == 4, var numbers = value.doubles else {
      throw GraphError("it takes heads, and was given \(given.shape)")
    }
    let size = value.shape[3]
    let turned = width == 0 ? size : width
    guard turned % 2 == 0, (2...max(size, 2)).contains(turned), size >= turned else {
      throw GraphError("it turns \(turned) of \(size) numbers")
    }
    let half = turned / 2
    let cosines = try x[1].doubles.orThrow(GraphError("it takes numbers"))
    let sines = try x[2].doubles.orThrow(GraphError("it takes numbers"))
    let positions = try x.optional(3) == nil ? nil : x.integers(3)
    let t = value.shape[2]
    let rows = cosines.count / half
    guard cosines.count == sines.count,
      positions.map({ $0.count == value.shape[0] * t }) ?? (rows == value.shape[0] * t)
    else {
      throw GraphError("its angles do not fit \(value.shape)")
    }
    for line in 0..<value.count / max(size, 1) {
      let place = line / (value.shape[1] * t) * t + line % t
      let angle = positions?[place] ?? place
      guard (0..<rows).contains(angle) else { throw GraphError("there is no position \(angle)") }
      for pair in 0..<half {
        let first = line * size + (isInterleaved ? 2 * pair : pair)
        let second = line * size + (isInterleaved ? 2 * pair + 1 : pair + half)
        let (a, b) = (numbers[first], numbers[second])
        numbers[first] = a * cosines[angle * half + pair] - b * sines[angle * half + pair]
        numbers[second] = a * sines[angle * half + pair] + b * cosines[angle * half + pair]
      }
    }
    let result = GraphValue(value.shape, .double(numbers)).cast(to: given.type)
    return given.rank == 4 ? result : try Heads.joined(result)
  }
}

/// Heads side by side in a row, and one behind the other.
private enum Heads {
  /// [N, T, K · D] as [N, K, T, D].
  static func split(_ value: GraphValue, _ count: Int) throws -> GraphValue {
    guard value.rank == 3, count > 0, value.shape[2] % count == 0 else {
      throw GraphError("\(value.shape) cannot be shared out among \(count) heads")
    }
    let parts = value.reshaped([value.shape[0], value.shape[1], count, value.shape[2] / count])
    return try Operators.transposed(parts, [0, 2, 1, 3])
  }

  /// [N, K, T, D] as [N, T, K · D].
  static func joined(_ value: GraphValue) throws -> GraphValue {
    let turned = try Operators.transposed(value, [0, 2, 1, 3])
    return turned.reshaped([turned.shape[0], turned.shape[1], turned.shape[2] * turned.shape[3]])
  }
}

private struct AttentionRule: Sendable {
  private let askingHeads: Int
  private let askedHeads: Int
  private let scale: Float?
  private let isCausal: Bool
  private let cap: Double
  private let outputMode: Int

  init(_ context: NodeContext) {
    askingHeads = context.integer("q_num_heads", 0)
    askedHeads = context.integer("kv_num_heads", 0)
    scale = context.float("scale")
    isCausal = context.flag("is_causal")
    cap = Double(context.float("softcap", 0))
    outputMode = context.integer("qk_matmul_output_mode", 0)
  }

  func run(_ x: Operands) throws -> [GraphValue] {
    let given = try x[0]
    func heads(_ position: Int, _ count: Int) throws -> GraphValue {
      let value = try x[position]
      return value.rank == 4 ? value : try Heads.split(value, count)
    }
    let queries = try heads(0, askingHeads)
    var keys = try heads(1, askedHeads)
    var values = try heads(2, askedHeads)
    var past = 0
    if let pastKeys = x.optional(4), let pastValues = x.optional(5) {
      past = pastKeys.rank == 4 ? pastKeys.shape[2] : 0
      keys = try Operators.concatenated([pastKeys, keys], axis: 2, x)
      values = try Operators.concatenated([pastValues, values], axis: 2, x)
    }
    guard queries.rank == 4, keys.rank == 4, values.rank == 4, keys.shape[1] > 0, queries.shape[1] % keys.shape[1] == 0,
      keys.shape[1] == values.shape[1], keys.shape[2] == values.shape[2], queries.shape[3] == keys.shape[3],
      queries.shape[0] == keys.shape[0], keys.shape[0] == values.shape[0]
    else { throw GraphError("\(queries.shape), \(keys.shape) and \(values.shape) do not fit") }
    var scores = try self.scores(queries, keys, x)
    let raw = scores
    let shape = [queries.shape[0], queries.shape[1], queries.shape[2], keys.shape[2]]
    if cap > 0 { scores = scores.map { cap * tanh($0 / cap) } }
    let capped = scores
    try mask(&scores, shape, past: past, x)
    let masked = scores
    let s = shape[3]
    for start in stride(from: 0, to: scores.count, by: max(s, 1)) {
      let total = Operators.logSumExp(scores[start..<start + s])
      for place in start..<start + s { scores[place] = total == -.infinity ? 0 : exp(scores[place] - total) }
    }
    let shown = [raw, capped, masked, scores][min(max(outputMode, 0), 3)]
    let result = try weighted(scores, values, shape, x).cast(to: given.type)
    return [
      given.rank == 4 ? result : try Heads.joined(result), keys, values,
      GraphValue(shape, .double(shown)).cast(to: given.type),
    ]
  }

  /// Q · Kᵀ, scaled: [N, K, T, S].
  private func scores(_ queries: GraphValue, _ keys: GraphValue, _ x: Operands) throws -> [Double] {
    let d = queries.shape[3]
    let factor = scale.map { Double($0) } ?? 1 / Double(max(d, 1)).squareRoot()
    guard let q = queries.doubles, let k = keys.doubles else { throw GraphError("it takes numbers") }
    let t = queries.shape[2]
    let s = keys.shape[2]
    let share = queries.shape[1] / keys.shape[1]
    let count = try x.count(of: [queries.shape[0], queries.shape[1], t, s])
    return (0..<count).map { place in
      let head = place / (t * s)
      let row = head / queries.shape[1] * keys.shape[1] + head % queries.shape[1] / share
      let asking = place / s * d
      let asked = (row * s + place % s) * d
      return factor * (0..<d).reduce(0) { $0 + q[asking + $1] * k[asked + $1] }
    }
  }

  private func mask(_ scores: inout [Double], _ shape: [Int], past: Int, _ x: Operands) throws {
    let (t, s) = (shape[2], shape[3])
    if isCausal { for place in scores.indices where place % s > place / s % t + past { scores[place] = -.infinity } }
    guard let given = x.optional(3) else { return }
    // What the mask does not reach is masked.
    var given4 = given
    if let width = given.shape.last, width < s, given.rank >= 1 {
      let fill =
        given.type == .bool ? GraphValue([], [false]) : GraphValue([], .double([-.infinity])).cast(to: given.type)
      let rest = Array(given.shape.dropLast()) + [s - width]
      let outside = fill.picking(Array(repeating: 0, count: try x.count(of: rest)), shape: rest)
      given4 = try Operators.concatenated([given, outside], axis: -1, x)
    }
    guard try broadcastShape(given4.shape, shape) == shape, let numbers = given4.doubles else {
      throw GraphError("a mask of the shape \(given.shape) does not fit \(shape)")
    }
    let places = broadcastPositions(of: given4.shape, to: shape)
    for place in scores.indices {
      let number = numbers[places[place]]
      if given4.type == .bool { if number == 0 { scores[place] = -.infinity } } else { scores[place] += number }
    }
  }

  private func weighted(_ weights: [Double], _ values: GraphValue, _ shape: [Int], _ x: Operands) throws -> GraphValue {
    guard let numbers = values.doubles else { throw GraphError("it takes numbers") }
    let t = shape[2]
    let s = shape[3]
    let d = values.shape[3]
    let share = shape[1] / values.shape[1]
    let target = [shape[0], shape[1], t, d]
    let count = try x.count(of: target)
    let sums = (0..<count).map { place in
      let line = place / d
      let head = line / t
      let row = head / shape[1] * values.shape[1] + head % shape[1] / share
      return (0..<s).reduce(0) { $0 + weights[line * s + $1] * numbers[(row * s + $1) * d + place % d] }
    }
    return GraphValue(target, .double(sums))
  }
}
