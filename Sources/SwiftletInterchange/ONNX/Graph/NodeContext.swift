// SPDX-License-Identifier: Apache-2.0
//
// NodeContext: what an operator knows of its node before it is run.
//
// A node's attributes never change, and often its weights do not either. So an operator is made once, when the model is
// loaded: it checks its attributes, builds its tables and gives back a closure, which is all that is left for each call.
//
// Before    GraphMemory.swift     After    ONNX/GraphRunner.swift

/// Computes the outputs of a node from its inputs.
typealias Kernel = @Sendable (Operands) throws -> [GraphValue]

/// A node before it is run.
struct NodeContext {
  let node: NodeMessage
  /// The version of the operators of the node's domain.
  let version: Int
  /// The values of the inputs that are known already; `nil` for the others.
  let constants: [GraphValue?]
  /// The most elements of a value.
  let limit: Int
  /// Reads a constant of an attribute.
  let reader: ConstantReader
  /// Makes what runs a graph within the node.
  let body: @Sendable (GraphMessage) throws -> GraphRunner

  private func attribute(_ name: String) -> AttributeMessage? { node.attributes.first { $0.name == name } }

  func has(_ name: String) -> Bool { attribute(name) != nil }

  func integer(_ name: String) -> Int? { attribute(name).map { Int($0.integer) } }
  func integer(_ name: String, _ fallback: Int) -> Int { integer(name) ?? fallback }
  func flag(_ name: String, _ fallback: Bool = false) -> Bool { integer(name).map { $0 != 0 } ?? fallback }
  func float(_ name: String) -> Float? { attribute(name)?.float }
  func float(_ name: String, _ fallback: Float) -> Float { float(name) ?? fallback }
  func text(_ name: String, _ fallback: String) -> String { attribute(name)?.text ?? fallback }
  func integers(_ name: String) -> [Int]? { attribute(name).map { $0.integers.map { Int($0) } } }
  func floats(_ name: String) -> [Float]? { attribute(name)?.floats }
  func texts(_ name: String) -> [String]? { attribute(name)?.texts }

  /// The constant of an attribute; `nil` if there is none.
  func tensor(_ name: String) throws -> GraphValue? { try attribute(name)?.tensor.map { try reader.value(of: $0) } }

  /// The graph of an attribute.
  func graph(_ name: String) throws -> GraphRunner {
    guard let graph = attribute(name)?.graph else { throw missing(name) }
    return try body(graph)
  }

  /// The value of an input that is known when the model is loaded.
  func constant(_ position: Int) -> GraphValue? { position < constants.count ? constants[position] : nil }

  /// Whether there is an input at a position, known or not.
  func hasInput(_ position: Int) -> Bool { position < node.inputs.count && !node.inputs[position].isEmpty }

  /// The error for an attribute that has to be there.
  func missing(_ name: String) -> GraphError { GraphError("the attribute \(name) is missing") }
}

extension Optional {
  /// The value, or an error.
  func orThrow(_ error: @autoclosure () -> GraphError) throws -> Wrapped {
    guard let self else { throw error() }
    return self
  }
}
