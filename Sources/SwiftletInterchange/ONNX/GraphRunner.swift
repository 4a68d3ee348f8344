// SPDX-License-Identifier: Apache-2.0
//
// GraphRunner: a graph that is ready to be run.
//
// Names are looked up once, when a model is loaded: a run works on numbered slots. A node that takes only constants is
// computed at once, so the chains of shapes that exporters write are gone before the first row comes. What no later node
// takes is let go, so a run holds as few values as it can.
//
// Before    ONNX/Graph/NodeContext.swift     After    GraphBuilder.swift

/// Runs a graph. Safe to be used from many threads at once.
final class GraphRunner: Sendable {
  /// What limits a graph, and where it comes from.
  struct Setting: Sendable {
    /// The versions of the operators, by domain.
    var versions: [String: Int]
    /// The folder of the model, in which files of its weights may lie.
    var folder: String?
    /// The most elements of a value.
    var elementLimit = 1 << 28
    /// The most bytes of the values of a run.
    let memoryLimit: Int
    /// The most nodes of a graph.
    var nodeLimit = GraphMessage.nodeLimit
    /// What is computed while the model is loaded, by all of its graphs.
    let loading: LoadingMemory

    /// The setting of a model.
    init(_ model: ModelMessage, folder: String? = nil, memoryLimit: Int = GraphMemory.defaultLimit) {
      self.memoryLimit = memoryLimit
      loading = LoadingMemory(limit: memoryLimit)
      versions = Dictionary(
        model.operatorSets.map { (ONNXDomain.normalized($0.domain), Int(clamping: $0.version)) }
      ) { $1 }
      self.folder = folder
    }
  }

  /// A node with its places.
  struct Step: Sendable {
    let name: String
    let kernel: Kernel
    /// The slots of its inputs; `nil` for one that is left out.
    let inputs: [Int?]
    /// The slots of what the graphs within it take from around them.
    let captured: [Int]
    /// The slots of its outputs; `nil` for one that no node takes.
    let outputs: [Int?]
    /// The slots that no later node reads.
    var freed: [Int] = []
  }

  /// What a run is given, in this order.
  let inputs: [ValueMessage]
  /// What a run gives.
  let outputs: [ValueMessage]
  /// The nodes that are left to run.
  let steps: [Step]
  /// The values before a run: constants, and `nil` for what is computed.
  private let constants: [GraphValue?]
  private let inputSlots: [Int]
  private let capturedSlots: [Int]
  private let outputSlots: [Int]
  private let elementLimit: Int
  private let memoryLimit: Int

  /// Prepares a model's graph.
  ///
  /// - Throws: ``GraphError`` for a graph that is not valid, or needs an operator that there is not.
  convenience init(_ model: ModelMessage, _ setting: Setting) throws {
    guard model.functionCount == 0 else {
      throw GraphError("the file defines functions of its own, which are not supported; inline them: onnx.inliner")
    }
    try self.init(model.graph, capturing: [], setting)
  }

  /// Prepares a graph, or one within a node.
  ///
  /// - Parameter names: What it may take from the graph around it.
  init(_ graph: GraphMessage, capturing names: [String], _ setting: Setting) throws {
    var builder = try GraphBuilder(setting, capturing: names)
    try builder.build(graph)
    inputs = builder.inputs
    outputs = graph.outputs
    inputSlots = builder.inputSlots
    capturedSlots = builder.capturedSlots
    outputSlots = try graph.outputs.map { try builder.slot(of: $0.name) }
    steps = builder.stepsFreeing(allBut: outputSlots)
    constants = builder.values
    elementLimit = setting.elementLimit
    memoryLimit = setting.memoryLimit
  }

  /// Runs the graph.
  ///
  /// - Parameters:
  ///   - values: A value for each of the ``inputs``.
  ///   - captured: Values for the names that the graph takes from around it.
  /// - Returns: A value for each of the ``outputs``.
  /// - Throws: ``GraphError`` with the node at which the values did not fit.
  func run(_ values: [GraphValue], captured: [GraphValue?] = []) throws -> [GraphValue] {
    var memory = RunMemory(room: memoryLimit)
    return try run(values, captured: captured, in: &memory)
  }

  /// Runs the graph in the memory that there is for it.
  func run(_ values: [GraphValue], captured: [GraphValue?] = [], in memory: inout RunMemory) throws -> [GraphValue] {
    guard values.count == inputSlots.count else {
      throw GraphError("there are \(values.count) values for \(inputSlots.count) inputs")
    }
    var slots = constants
    for (slot, value) in zip(inputSlots, values) { slots[slot] = value }
    try memory.take(values)
    for (slot, value) in zip(capturedSlots, captured) { slots[slot] = value }
    for step in steps {
      let results: [GraphValue]
      do {
        results = try step.kernel(
          Operands(
            values: step.inputs.map { $0.flatMap { slots[$0] } }, captured: step.captured.map { slots[$0] },
            limit: min(elementLimit, memory.elementsLeft), room: memory.room - memory.held))
        try memory.take(results)
      } catch let error as GraphError { throw error.at(step.name) }
      guard results.count >= step.outputs.count else {
        throw GraphError(
          "it has \(step.outputs.count) outputs and only \(results.count) are supported", node: step.name)
      }
      for (position, value) in results.enumerated() {
        if position < step.outputs.count, let slot = step.outputs[position] {
          slots[slot] = value
        } else {
          memory.release(value)
        }
      }
      for slot in step.freed {
        // What was taken from around the graph comes first, and is held there.
        if slot >= capturedSlots.count, let value = slots[slot] { memory.release(value) }
        slots[slot] = nil
      }
    }
    return try zip(outputSlots, outputs).map { slot, output in
      try slots[slot].orThrow(GraphError("the output \(output.name) was not computed"))
    }
  }
}
