// SPDX-License-Identifier: Apache-2.0
//
// Recurrent layers: a state that goes from step to step.
//
// The three kinds differ in what a step makes of the input and of the state; the walk over the steps, there and back, is the
// same. A state of a row that has ended stays as it is.
//
// Shapes    T steps, N rows, D inputs, H hidden units, G gates, K directions
// Before    Pooling.swift     After    Control.swift
// Source    onnx, docs/Operators.md: RNN, GRU, LSTM; Hochreiter, Schmidhuber (1997); Cho et al. (2014)

import Foundation

extension Operators {
  static let recurrent: [Operator] = [
    Operator("RNN", since: 7) { context in
      let layer = try RecurrentLayer(context, gates: 1, activations: ["Tanh"])
      return { x in try layer.run(x) }
    },
    Operator("GRU", since: 7) { context in
      let layer = try RecurrentLayer(context, gates: 3, activations: ["Sigmoid", "Tanh"])
      return { x in try layer.run(x) }
    },
    Operator("LSTM", since: 7) { context in
      let layer = try RecurrentLayer(context, gates: 4, activations: ["Sigmoid", "Tanh", "Tanh"])
      return { x in try layer.run(x) }
    },
  ]
}

/// One direction's state and weights.
private struct Cell {
  var weights: [Double] = []  // [G · H, D]
  var recurrence: [Double] = []  // [G · H, H]
  var inputBias: [Double] = []  // [G · H]
  var stateBias: [Double] = []  // [G · H]
  var peepholes: [Double] = []  // [3 · H], or empty
  var hidden: [Double] = []  // [N, H]
  var memory: [Double] = []  // [N, H]
}

private struct RecurrentLayer: Sendable {
  typealias Function = @Sendable (Double) -> Double

  let gates: Int
  let hiddenSize: Int
  let directions: [Bool]  // whether each goes backwards
  let functions: [[Function]]
  let clip: Double
  let isBatchFirst: Bool
  let resetsAfter: Bool
  let couplesGates: Bool

  init(_ context: NodeContext, gates: Int, activations: [String]) throws {
    self.gates = gates
    hiddenSize = try context.integer("hidden_size").orThrow(context.missing("hidden_size"))
    guard (1...1 << 16).contains(hiddenSize) else { throw GraphError("its hidden_size is \(hiddenSize)") }
    switch context.text("direction", "forward") {
    case "forward": directions = [false]
    case "reverse": directions = [true]
    case "bidirectional": directions = [false, true]
    case let other: throw GraphError("the direction \(other) is not supported")
    }
    let count = directions.count
    let names = context.texts("activations") ?? Array(repeatElement(activations, count: count).joined())
    let alphas = (context.floats("activation_alpha") ?? []).map { Double($0) }
    let betas = (context.floats("activation_beta") ?? []).map { Double($0) }
    guard names.count == count * activations.count else { throw GraphError("it has \(names.count) activations") }
    let all = try names.indices.map { place in
      try Self.function(
        names[place], place < alphas.count ? alphas[place] : nil, place < betas.count ? betas[place] : nil)
    }
    functions = (0..<count).map { Array(all[$0 * activations.count..<($0 + 1) * activations.count]) }
    clip = context.float("clip").map { Double($0) } ?? .infinity
    isBatchFirst = context.flag("layout")
    resetsAfter = context.flag("linear_before_reset")
    couplesGates = context.flag("input_forget")
  }

  private static func function(_ name: String, _ alpha: Double?, _ beta: Double?) throws -> Function {
    switch name.lowercased() {
    case "sigmoid": return Operators.sigmoid
    case "tanh": return { tanh($0) }
    case "relu": return { max(0, $0) }
    case "affine": return { (alpha ?? 1) * $0 + (beta ?? 0) }
    case "leakyrelu": return { $0 < 0 ? (alpha ?? 0.01) * $0 : $0 }
    case "thresholdedrelu": return { $0 > (alpha ?? 1) ? $0 : 0 }
    case "scaledtanh": return { (alpha ?? 1) * tanh((beta ?? 1) * $0) }
    case "hardsigmoid": return { min(max((alpha ?? 0.2) * $0 + (beta ?? 0.5), 0), 1) }
    case "elu": return { $0 < 0 ? (alpha ?? 1) * (exp($0) - 1) : $0 }
    case "softsign": return { $0 / (1 + $0.magnitude) }
    case "softplus": return { log1p(exp($0)) }
    default: throw GraphError("the activation \(name) is not supported")
    }
  }

  func run(_ x: Operands) throws -> [GraphValue] {
    let value = isBatchFirst ? try Operators.transposed(try x[0], [1, 0, 2]) : try x[0]
    guard value.rank == 3, let inputs = value.doubles else { throw GraphError("it takes steps of rows, [T, N, D]") }
    let t = value.shape[0]
    let n = value.shape[1]
    let d = value.shape[2]
    let h = hiddenSize
    try x.count(of: [t, directions.count, n, h])
    let lengths = try x.optional(4) == nil ? Array(repeating: t, count: n) : x.integers(4)
    guard lengths.count == n, lengths.allSatisfy({ (0...t).contains($0) }) else {
      throw GraphError("its lengths do not fit")
    }
    var outputs = Array(repeating: 0.0, count: t * directions.count * n * h)
    var cells = try directions.indices.map { try cell(x, $0, rows: n, inputs: d) }
    for (direction, isBackward) in directions.enumerated() {
      for row in 0..<n {
        for step in 0..<lengths[row] {
          let time = isBackward ? lengths[row] - 1 - step : step
          let input = inputs[(time * n + row) * d..<(time * n + row + 1) * d]
          advance(&cells[direction], row: row, input, functions[direction])
          let place = ((time * directions.count + direction) * n + row) * h
          for unit in 0..<h { outputs[place + unit] = cells[direction].hidden[row * h + unit] }
        }
      }
    }
    let every = GraphValue([t, directions.count, n, h], .double(outputs)).cast(to: value.type)
    let hidden = GraphValue([directions.count, n, h], .double(cells.flatMap(\.hidden))).cast(to: value.type)
    let memory = GraphValue([directions.count, n, h], .double(cells.flatMap(\.memory))).cast(to: value.type)
    guard isBatchFirst else { return [every, hidden, memory] }
    return [
      try Operators.transposed(every, [2, 0, 1, 3]), try Operators.transposed(hidden, [1, 0, 2]),
      try Operators.transposed(memory, [1, 0, 2]),
    ]
  }

  private func cell(_ x: Operands, _ direction: Int, rows n: Int, inputs d: Int) throws -> Cell {
    let h = hiddenSize
    func part(_ position: Int, _ size: Int) throws -> [Double]? {
      guard var value = x.optional(position) else { return nil }
      if isBatchFirst, position == 5 || position == 6 { value = try Operators.transposed(value, [1, 0, 2]) }
      guard let numbers = value.doubles, numbers.count == directions.count * size else {
        throw GraphError("input \(position) has the shape \(value.shape), which does not fit")
      }
      return Array(numbers[direction * size..<(direction + 1) * size])
    }
    var cell = Cell()
    cell.weights = try part(1, gates * h * d).orThrow(GraphError("its weights are missing"))
    cell.recurrence = try part(2, gates * h * h).orThrow(GraphError("its weights are missing"))
    let bias = try part(3, 2 * gates * h) ?? Array(repeating: 0, count: 2 * gates * h)
    cell.inputBias = Array(bias[..<(gates * h)])
    cell.stateBias = Array(bias[(gates * h)...])
    cell.hidden = try part(5, n * h) ?? Array(repeating: 0, count: n * h)
    cell.memory = try (gates == 4 ? part(6, n * h) : nil) ?? Array(repeating: 0, count: n * h)
    cell.peepholes = try (gates == 4 ? part(7, 3 * h) : nil) ?? []
    return cell
  }

  /// The state of a row after one more input.
  private func advance(_ cell: inout Cell, row: Int, _ input: ArraySlice<Double>, _ functions: [Function]) {
    let h = hiddenSize
    let state = cell.hidden[row * h..<(row + 1) * h]
    func product(_ matrix: [Double], _ line: Int, _ vector: ArraySlice<Double>) -> Double {
      let start = line * vector.count
      return vector.indices.reduce(0) { $0 + matrix[start + $1 - vector.startIndex] * vector[$1] }
    }
    let fromInput = (0..<gates * h).map { product(cell.weights, $0, input) + cell.inputBias[$0] }
    func clipped(_ number: Double) -> Double { min(max(number, -clip), clip) }
    if gates == 3 {
      let fromState = (0..<2 * h).map { product(cell.recurrence, $0, state) + cell.stateBias[$0] }
      let update = (0..<h).map { functions[0](clipped(fromInput[$0] + fromState[$0])) }
      let reset = (0..<h).map { functions[0](clipped(fromInput[h + $0] + fromState[h + $0])) }
      let kept = Array(state)
      let gated = kept.indices.map { reset[$0] * kept[$0] }
      for unit in 0..<h {
        let line = 2 * h + unit
        let own =
          resetsAfter
          ? reset[unit] * (product(cell.recurrence, line, kept[...]) + cell.stateBias[line])
          : product(cell.recurrence, line, gated[...]) + cell.stateBias[line]
        let candidate = functions[1](clipped(fromInput[line] + own))
        cell.hidden[row * h + unit] = (1 - update[unit]) * candidate + update[unit] * kept[unit]
      }
      return
    }
    let sums = (0..<gates * h).map { fromInput[$0] + product(cell.recurrence, $0, state) + cell.stateBias[$0] }
    guard gates == 4 else {
      for unit in 0..<h { cell.hidden[row * h + unit] = functions[0](clipped(sums[unit])) }
      return
    }
    // The gates lie in the order input, output, forget, cell.
    for unit in 0..<h {
      let old = cell.memory[row * h + unit]
      func peephole(_ gate: Int, _ memory: Double) -> Double {
        cell.peepholes.isEmpty ? 0 : cell.peepholes[gate * h + unit] * memory
      }
      let enter = functions[0](clipped(sums[unit] + peephole(0, old)))
      let forget = couplesGates ? 1 - enter : functions[0](clipped(sums[2 * h + unit] + peephole(2, old)))
      let memory = forget * old + enter * functions[1](clipped(sums[3 * h + unit]))
      let leave = functions[0](clipped(sums[h + unit] + peephole(1, memory)))
      cell.memory[row * h + unit] = memory
      cell.hidden[row * h + unit] = leave * functions[2](memory)
    }
  }
}
