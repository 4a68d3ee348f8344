// SPDX-License-Identifier: Apache-2.0
//
// What is in a graph of ONNX, as `inspect` prints it.
//
// Before    InspectCommand.swift     After    SaliencyReport.swift

import SwiftletFormats
import SwiftletInterchange

/// The page about a graph.
struct GraphText {
  private let model: GraphModel
  private let summary: GraphSummary

  init(_ model: GraphModel) {
    self.model = model
    summary = model.summary
  }

  /// The name, what it predicts, its inputs and outputs, and its operators.
  var text: String {
    let signature = model.signature
    let columns = signature.inputs.map { [$0.name, $0.type.rawValue] }
    let shown = columns.prefix(40)
    let operators = summary.operators.map { "\($0.name) \($0.count)" }.joined(separator: ", ")
    let sections = [
      "\(signature.name): \(signature.task)\n\(summary.origin)",
      signature.labels.isEmpty ? "" : "Labels: \(signature.labels.joined(separator: ", "))",
      "Columns\n\n" + textTable(Array(shown), alignsLeft: [0, 1])
        + (columns.count > shown.count ? "\n… and \(columns.count - shown.count) more" : ""),
      "Inputs of the graph\n\n" + textTable(summary.inputs, alignsLeft: [0, 1, 2]),
      "Outputs of the graph\n\n" + textTable(summary.outputs, alignsLeft: [0, 1, 2]),
      "Operators: \(operators)\nParameters: \(summary.parameterCount); nodes left to run: \(summary.stepCount)",
    ]
    return sections.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  /// The same as one object.
  var json: JSONValue {
    let signature = model.signature
    let own: [JSONValue.Member] = [
      .init("name", .string(signature.name)), .init("task", .string(signature.task)),
      .init("labels", JSONValue(signature.labels)), .init("columns", JSONValue(signature.columnNames)),
    ]
    return .object(own + (summary.json.members ?? []))
  }
}
