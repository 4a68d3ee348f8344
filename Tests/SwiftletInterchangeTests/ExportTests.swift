// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTraining
import Testing

@testable import SwiftletInterchange

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../../"

@Suite struct ExportTests {
  /// A model of few epochs: what is compared is the arithmetic, and not how good it is.
  private static func train(_ data: String, _ settings: [(path: String, value: JSONValue)]) throws -> ModelBundle {
    let own: [(path: String, value: JSONValue)] = [
      ("data", .string(root + "Datasets/" + data)), ("training.epochs", 2),
    ]
    let recipe = try Recipe(YAMLDocument(name: "test", value: .object([])), settings: own + settings)
    return try Experiment(DataLoader(recipe.data), recipe).run(recipe, name: data).bundle
  }

  /// Data sets of all kinds of columns and targets, with networks of every layer.
  static let models: [(data: String, settings: [(path: String, value: JSONValue)])] = [
    ("iris", [("model.kind", "logistic")]),
    ("breast-cancer", [("model.kind", "mlp"), ("model.activation", "gelu")]),
    ("penguins", [("model.kind", "mlp"), ("model.activation", "tanh"), ("model.dropout", 0.2)]),
    ("german-credit", [("pipeline.categorical.encode", "embedding"), ("model.kind", "mlp")]),
    ("german-credit", [("model.kind", "logistic"), ("decision.threshold", 0.3)]),
    ("concrete", [("model.kind", "linear")]),
    ("arm", [("model.kind", "mlp"), ("model.activation", "sigmoid")]),
    (
      "iris",
      [("model.kind", "sequential"), ("model.layers", [["kind": "linear", "output": 8], "layer_norm", "relu"])]
    ),
  ]

  @Test("a graph answers as the bundle that it was written of", arguments: models.indices)
  func agreement(position: Int) throws {
    let entry = Self.models[position]
    let bundle = try Self.train(entry.data, entry.settings)
    let message = try ModelMessage.decode(try GraphExport.onnx(bundle), name: bundle.name)
    #expect(message.version == 8)
    #expect(message.operatorVersion(of: "") == 15)
    let graph = try GraphModel(
      message, GraphDescription(message.metadata), GraphRunner.Setting(message), name: bundle.name)
    #expect(graph.signature.labels == bundle.labels)
    #expect(graph.signature.columnNames == bundle.pipeline.columnNames)
    #expect(graph.signature.head.targetNames == bundle.head.targetNames)
    #expect(graph.signature.head.threshold == bundle.threshold)

    let table = try DataLoader(root + "Datasets/" + entry.data).load(bundle.tableReader).table
    let rows = Array(table.allRows.prefix(500))
    let expected = try Predictor(bundle).predict(table.selecting(rows: rows)).answers
    let (features, _) = try graph.features(of: table.selecting(rows: rows))
    let answers = try graph.answers(for: features)
    #expect(answers.count == expected.count && answers.width == expected.width)
    // Probabilities are compared as they are, predictions in units of their spread.
    let unit = bundle.labels.isEmpty ? max(1, (expected.values.map(\.magnitude).max() ?? 1)) : 1
    let largest = zip(answers.values, expected.values).map { ($0 - $1).magnitude / unit }.max() ?? 1
    #expect(largest < 2e-6)
    let head = bundle.head
    for row in 0..<answers.count where !bundle.labels.isEmpty {
      #expect(head.label(of: answers.row(row)) == head.label(of: expected.row(row)))
    }
  }

  @Test func `the numbers of a file are the bundle's own, under their names`() throws {
    let bundle = try ModelBundle.load(from: root + "Models/iris")
    let message = try ModelMessage.decode(try GraphExport.onnx(bundle), name: "iris")
    let reader = ConstantReader(folder: nil, limit: 1 << 20)
    for parameter in bundle.network.parameters {
      let constant = try #require(message.graph.initializers.first { $0.name == parameter.name })
      #expect(try reader.value(of: constant).floats == parameter.value.scalars)
    }
    #expect(message.graph.inputs.map(\.name) == ["features"])
    #expect(message.graph.outputs.map(\.name) == ["label", "probabilities"])
    #expect(Set(message.graph.nodes.map(\.name)).count == message.graph.nodes.count)
    #expect(try GraphExport.onnx(bundle) == GraphExport.onnx(bundle))
  }

  @Test func `a column that cannot be written is named`() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("dates-\(UUID()).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    let lines = (1...40).map { day in "2024-0\(day % 2 + 1)-\(10 + day % 18),\(day),\(2 * day)" }
    try Data((["day,x,y"] + lines).joined(separator: "\n").utf8).write(to: file)
    let recipe = try Recipe(
      YAMLDocument(name: "test", value: .object([])),
      settings: [
        ("data", .string(file.path)), ("target", "y"), ("model.kind", "linear"), ("task", "regression"),
        ("columns.day", "date"),
      ])
    let bundle = try Experiment(DataLoader(recipe.data), recipe).run(recipe, name: "dates").bundle
    #expect { try GraphExport.onnx(bundle) } throws: {
      "\($0)"
        == "dates: the column \"day\" is a date, and ONNX has no operator that reads one. Give what matters of it as "
        + "numbers, such as a year and a month, in columns of the data; or train without it: "
        + "--set 'features.exclude=[day]'. --format html writes it as it is."
    }
  }
}
