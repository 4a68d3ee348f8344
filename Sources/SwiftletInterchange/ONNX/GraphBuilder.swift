// SPDX-License-Identifier: Apache-2.0
//
// GraphBuilder: from names to slots.
//
// A node may only take what stands before it: that is the order in which ONNX wants them, and it makes a circle
// impossible. The graphs within a node see the names around it, so what they take becomes inputs of the node itself.
//
// Before    GraphRunner.swift     After    ONNX/Operators/Operator.swift
// Source    onnx, "Open Neural Network Exchange Intermediate Representation", part Graphs

import SwiftletFormats

/// Resolves a graph's names.
struct GraphBuilder {
  private(set) var inputs: [ValueMessage] = []
  private(set) var inputSlots: [Int] = []
  private(set) var capturedSlots: [Int] = []
  /// The constants by slot; `nil` for what a run computes.
  private(set) var values: [GraphValue?] = []
  private var slots: [String: Int] = [:]
  private var steps: [GraphRunner.Step] = []
  private let setting: GraphRunner.Setting
  private let reader: ConstantReader

  init(_ setting: GraphRunner.Setting, capturing names: [String]) throws {
    self.setting = setting
    reader = ConstantReader(folder: setting.folder, limit: setting.elementLimit, loading: setting.loading)
    capturedSlots = try names.map { try define($0, nil) }
  }

  mutating func build(_ graph: GraphMessage) throws {
    guard !graph.hasSparseInitializers else { throw GraphError("it has sparse constants, which are not supported") }
    guard graph.nodes.count <= setting.nodeLimit else {
      throw GraphError("it has \(graph.nodes.count) nodes, and \(setting.nodeLimit) are the limit")
    }
    // What the graph itself defines hides a name around it.
    for name in graph.inputs.map(\.name) + graph.initializers.map(\.name) { slots[name] = nil }
    for tensor in graph.initializers { try define(tensor.name, reader.value(of: tensor)) }
    // Older files list constants among the inputs too.
    inputs = graph.inputs.filter { slots[$0.name] == nil }
    inputSlots = try inputs.map { try define($0.name, nil) }
    for node in graph.nodes {
      let name = node.operation + (node.name.isEmpty ? "" : " \(quoted(node.name))")
      do { try add(node, name) } catch let error as GraphError { throw error.at(name) }
    }
  }

  /// Gives a name a slot.
  @discardableResult private mutating func define(_ name: String, _ value: GraphValue?) throws -> Int {
    guard slots[name] == nil else { throw GraphError("the name \(quoted(name)) is given to two values") }
    slots[name] = values.count
    values.append(value)
    return values.count - 1
  }

  /// The slot of a name that is known.
  func slot(of name: String) throws -> Int {
    try slots[name].orThrow(
      GraphError("it takes \(quoted(name)), which no input, constant or earlier node has as its name"))
  }

  /// The most elements that a node may make while the model is loaded.
  private var elementsLeft: Int { min(setting.elementLimit, RunMemory(room: setting.loading.room).elementsLeft) }

  private mutating func add(_ node: NodeMessage, _ name: String) throws {
    let domain = ONNXDomain.normalized(node.domain)
    let version = try setting.versions[domain].orThrow(
      GraphError("the file does not say which version of the operators of \(quoted(domain)) it uses"))
    let operation = try Operators.named(node.operation, in: domain, version: version)
    let inputs = try node.inputs.map { $0.isEmpty ? nil : try slot(of: $0) }
    let names = Set(node.attributes.compactMap(\.graph).flatMap(\.freeNames)).sorted()
    let captured = try names.map { try slot(of: $0) }
    let setting = setting
    let context = NodeContext(
      node: node, version: version, constants: inputs.map { $0.flatMap { values[$0] } }, limit: elementsLeft,
      reader: reader, body: { try GraphRunner($0, capturing: names, setting) })
    let kernel = try operation.make(context)

    let isConstant = captured.isEmpty && inputs.allSatisfy { $0.map { values[$0] != nil } ?? true }
    if isConstant {
      let results = try kernel(
        Operands(values: context.constants, limit: elementsLeft, room: setting.loading.room))
      // What there is no room for is computed in each run, where it is let go.
      if results.count >= node.outputs.count, setting.loading.keeps(results) {
        for (output, value) in zip(node.outputs, results) where !output.isEmpty { try define(output, value) }
        return
      }
    }
    let outputs = try node.outputs.map { $0.isEmpty ? nil : try define($0, nil) }
    steps.append(GraphRunner.Step(name: name, kernel: kernel, inputs: inputs, captured: captured, outputs: outputs))
  }

  /// The steps, each with the slots that it is the last to read.
  func stepsFreeing(allBut kept: [Int]) -> [GraphRunner.Step] {
    var seen = Set(kept).union(values.indices.filter { values[$0] != nil })
    var steps = steps
    for position in steps.indices.reversed() {
      let step = steps[position]
      let touched = Set((step.inputs + step.outputs).compactMap { $0 } + step.captured)
      // Not `subtracting`, which walks through all that was seen: a graph may have 60,000 nodes.
      steps[position].freed = touched.filter { !seen.contains($0) }.sorted()
      seen.formUnion(touched)
    }
    return steps
  }
}

extension GraphMessage {
  /// The names that the graph takes from around it.
  var freeNames: Set<String> {
    var own = Set(inputs.map(\.name) + initializers.map(\.name))
    var free: Set<String> = []
    for node in nodes {
      let taken = Set(node.inputs).union(node.attributes.compactMap(\.graph).flatMap(\.freeNames))
      free.formUnion(taken.subtracting(own))
      own.formUnion(node.outputs)
    }
    free.formUnion(Set(outputs.map(\.name)).subtracting(own))
    free.remove("")
    return free
  }
}
