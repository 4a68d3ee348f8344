// SPDX-License-Identifier: Apache-2.0
//
// GraphSummary: what is in a graph, for people.
//
// Before    GraphModel.swift     After    ModelFormat.swift

import SwiftletFormats

/// What is in a graph.
public struct GraphSummary: Sendable {
  /// Who wrote it, and the versions of the format and of its operators.
  public let origin: String
  /// Each input: its name, the type of its elements, and its sizes.
  public let inputs: [[String]]
  /// Each output in the same way.
  public let outputs: [[String]]
  /// The operators, with the number of nodes of each, the most frequent first.
  public let operators: [(name: String, count: Int)]
  /// Number of numbers in the constants.
  public let parameterCount: Int
  /// Number of nodes that are left to run; the others depend on constants alone.
  public let stepCount: Int

  /// The same as one object.
  public var json: JSONValue {
    func values(_ list: [[String]]) -> JSONValue {
      .array(list.map { ["name": .string($0[0]), "type": .string($0[1]), "shape": .string($0[2])] })
    }
    return [
      "format": "onnx", "origin": .string(origin), "inputs": values(inputs), "outputs": values(outputs),
      "operators": .object(operators.map { .init($0.name, JSONValue($0.count)) }),
      "parameters": JSONValue(parameterCount), "steps": JSONValue(stepCount),
    ]
  }
}

extension GraphModel {
  /// What is in the graph.
  public var summary: GraphSummary {
    let versions = message.operatorSets.map { set in
      "\(ONNXDomain.normalized(set.domain).isEmpty ? "ai.onnx" : set.domain) \(set.version)"
    }
    let writer = [message.producer, message.producerVersion].filter { !$0.isEmpty }.joined(separator: " ")
    let counts = Dictionary(message.graph.nodes.map { ($0.operation, 1) }, uniquingKeysWith: +)
    return GraphSummary(
      origin: "\(writer.isEmpty ? "ONNX" : "ONNX by \(writer)"), IR \(message.version), "
        + versions.joined(separator: ", "),
      inputs: runner.inputs.map(\.described), outputs: runner.outputs.map(\.described),
      operators: counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { (name: $0.key, count: $0.value) },
      parameterCount: message.parameterCount, stepCount: runner.steps.count)
  }
}

extension ValueMessage {
  /// Its name, the type of its elements, and its sizes.
  fileprivate var described: [String] {
    guard let tensor = type.tensor else { return [name, "list", ""] }
    let element = (try? ElementType.named(tensor.element)).map { "\($0)" } ?? "?"
    let axes = (tensor.shape?.axes ?? []).map { axis in
      axis.size.map { $0 > 0 ? String($0) : "N" } ?? (axis.name.isEmpty ? "N" : axis.name)
    }
    return [name, element, tensor.shape == nil ? "" : "[" + axes.joined(separator: ", ") + "]"]
  }
}
