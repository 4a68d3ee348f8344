// SPDX-License-Identifier: Apache-2.0
//
// Control: graphs within a node, run once, or again and again.
//
// Shapes    T steps of a scan
// Before    Recurrent.swift     After    Quantization.swift
// Source    onnx, docs/Operators.md: If, Loop, Scan

extension Operators {
  static let control: [Operator] = [
    Operator("If") { context in
      let yes = try context.graph("then_branch")
      let no = try context.graph("else_branch")
      return { x in
        guard let condition = try x.bools(0).first else { throw GraphError("its condition is empty") }
        var memory = RunMemory(room: x.room)
        return try (condition ? yes : no).run([], captured: x.captured, in: &memory)
      }
    },
    Operator("Loop") { context in
      let body = try context.graph("body")
      guard body.inputs.count >= 2, body.outputs.count >= body.inputs.count - 1 else {
        throw GraphError("its body takes \(body.inputs.count) values and gives \(body.outputs.count)")
      }
      return { x in try loop(body, x) }
    },
    Operator("Scan", since: 9) { context in
      let body = try context.graph("body")
      let count = try context.integer("num_scan_inputs").orThrow(context.missing("num_scan_inputs"))
      guard (1...max(body.inputs.count, 1)).contains(count), body.outputs.count >= body.inputs.count - count else {
        throw GraphError("it scans \(count) of \(body.inputs.count) inputs")
      }
      let states = body.inputs.count - count
      let scan = ScanAxes(context, inputs: count, outputs: body.outputs.count - states)
      return { x in try scan.run(body, x, states: states) }
    },
  ]

  /// The most times that a body is run.
  private static let stepLimit = 1 << 20

  private static func loop(_ body: GraphRunner, _ x: Operands) throws -> [GraphValue] {
    let most = try x.optional(0) == nil ? stepLimit : min(x.integer(0), stepLimit)
    var goesOn = try x.optional(1) == nil ? true : x.bools(1).first ?? false
    let stateCount = body.inputs.count - 2
    var states = try (0..<stateCount).map { try x[2 + $0] }
    var collected: [[GraphValue]] = Array(repeating: [], count: body.outputs.count - 1 - stateCount)
    var step = 0
    var size = 0
    var bytes = 0
    while goesOn, step < most {
      let inputs = [GraphValue([], [Int64(step)]), GraphValue([], [goesOn])] + states
      var memory = RunMemory(room: x.room - bytes)
      let results = try body.run(inputs, captured: x.captured, in: &memory)
      guard case .bool(let flags) = results[0].elements, let flag = flags.first else {
        throw GraphError("its body does not say whether to go on")
      }
      goesOn = flag
      states = Array(results[1..<(1 + stateCount)])
      for (place, value) in results[(1 + stateCount)...].enumerated() {
        collected[place].append(value)
        bytes += value.byteCount
      }
      size += results.reduce(0) { $0 + $1.count }
      guard size <= x.limit else {
        throw GraphError("its steps give more than \(x.limit) elements, which is the limit")
      }
      step += 1
    }
    return try states + collected.map { try stacked($0, axis: 0, x) }
  }

  /// Values of one shape along a new axis.
  fileprivate static func stacked(_ values: [GraphValue], axis: Int, _ x: Operands) throws -> GraphValue {
    guard !values.isEmpty else { return GraphValue([0], [Float]()) }
    return try concatenated(try values.map { try unsqueezed($0, [axis]) }, axis: axis, x)
  }
}

/// Along which axes a scan walks, and in which direction.
private struct ScanAxes: Sendable {
  private let inputAxes: [Int]
  private let outputAxes: [Int]
  private let inputsBackward: [Bool]
  private let outputsBackward: [Bool]

  init(_ context: NodeContext, inputs: Int, outputs: Int) {
    func list(_ name: String, _ count: Int) -> [Int] {
      let given = context.integers(name) ?? []
      return given.count == count ? given : Array(repeating: 0, count: count)
    }
    inputAxes = list("scan_input_axes", inputs)
    outputAxes = list("scan_output_axes", outputs)
    inputsBackward = list("scan_input_directions", inputs).map { $0 == 1 }
    outputsBackward = list("scan_output_directions", outputs).map { $0 == 1 }
  }

  func run(_ body: GraphRunner, _ x: Operands, states count: Int) throws -> [GraphValue] {
    var states = try (0..<count).map { try x[$0] }
    let scanned = try inputAxes.indices.map { try x[count + $0] }
    let axes = try zip(scanned, inputAxes).map { try frontAxis($1, rank: $0.rank) }
    let length = scanned[0].shape[axes[0]]
    guard zip(scanned, axes).allSatisfy({ $0.shape[$1] == length }) else {
      throw GraphError("what it scans has different lengths")
    }
    var collected: [[GraphValue]] = Array(repeating: [], count: outputAxes.count)
    var size = 0
    var bytes = 0
    for step in 0..<length {
      let slices = scanned.indices.map { place in
        let taken = scanned[place].taking([inputsBackward[place] ? length - 1 - step : step], along: axes[place])
        return taken.reshaped(taken.shape.enumerated().filter { $0.offset != axes[place] }.map(\.element))
      }
      var memory = RunMemory(room: x.room - bytes)
      let results = try body.run(states + slices, captured: x.captured, in: &memory)
      states = Array(results[..<count])
      for (place, value) in results[count...].enumerated() {
        collected[place].append(value)
        bytes += value.byteCount
      }
      size += results.reduce(0) { $0 + $1.count }
      guard size <= x.limit else {
        throw GraphError("its steps give more than \(x.limit) elements, which is the limit")
      }
    }
    return try states
      + collected.indices.map { place in
        let values = outputsBackward[place] ? collected[place].reversed() : collected[place]
        let axis = outputAxes[place]
        return try Operators.stacked(values, axis: axis, x)
      }
  }
}
