// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTraining
import Testing

@testable import SwiftletInterchange

/// Exports of tables whose columns and categories are called like what an export writes.
@Suite("Exports of odd tables")
struct OddTableTests {
  /// A model of a table, by a few steps.
  private static func train(
    _ lines: [String], target: String, _ settings: [(path: String, value: JSONValue)] = []
  ) throws -> (bundle: ModelBundle, table: Table) {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("odd-\(UUID()).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(lines.joined(separator: "\n").utf8).write(to: file)
    let own: [(path: String, value: JSONValue)] = [
      ("data", .string(file.path)), ("target", .string(target)), ("model.kind", "logistic"), ("training.epochs", 2),
    ]
    let recipe = try Recipe(YAMLDocument(name: "test", value: .object([])), settings: own + settings)
    let bundle = try Experiment(DataLoader(recipe.data), recipe).run(recipe, name: "odd").bundle
    return (bundle, try DataLoader(file.path).load(bundle.tableReader).table)
  }

  private static func graph(_ bundle: ModelBundle) throws -> GraphModel {
    let message = try ModelMessage.decode(try GraphExport.onnx(bundle), name: bundle.name)
    return try GraphModel(message, GraphDescription(message.metadata), GraphRunner.Setting(message), name: bundle.name)
  }

  /// Every name that is given to a value.
  private static func names(_ graph: GraphMessage) -> [String] {
    graph.inputs.map(\.name) + graph.initializers.map(\.name) + graph.nodes.flatMap(\.outputs)
  }

  /// Columns that are called as outputs and steps are.
  private static let columns = [
    "n", "label", "predicted_label", "probabilities", "prediction", "0.weight", "index", "all_features", "n_missing",
  ]

  private static func lines(_ columns: [String], target: String) -> [String] {
    let rows = (0..<60).map { row in
      columns.indices.map { $0 == 0 ? "\(row % 7)" : ["red", "blue", "green"][(row + $0) % 3] }
        + [target == "y" ? "\(row % 5).5" : ["a", "b", "c"][row % 3]]
    }
    return ([columns + [target]] + rows).map { $0.joined(separator: ",") }
  }

  @Test("an output gets a free name where a column is called like it", arguments: [true, false])
  func outputNames(isClassification: Bool) throws {
    let target = isClassification ? "t" : "y"
    let settings: [(path: String, value: JSONValue)] =
      isClassification ? [] : [("model.kind", "linear"), ("task", "regression")]
    let (bundle, table) = try Self.train(Self.lines(Self.columns, target: target), target: target, settings)
    let message = try ModelMessage.decode(try GraphExport.onnx(bundle), name: "odd")
    let names = Self.names(message.graph)
    #expect(Set(names).count == names.count)
    #expect(message.graph.inputs.map(\.name) == Self.columns)
    let outputs = message.graph.outputs.map(\.name)
    #expect(
      outputs == (isClassification ? ["predicted_label_2", "predicted_probabilities"] : ["predicted_prediction"]))
    let noted = message.metadata.first { $0.key == "outputs" }?.value
    #expect(
      noted
        == (isClassification
          ? #"{"label": "predicted_label_2", "probabilities": "predicted_probabilities"}"#
          : #"{"prediction": "predicted_prediction"}"#))
    // Our own reader follows: the same answers under the model's usual names.
    let graph = try Self.graph(bundle)
    let expected = try Predictor(bundle).predict(table).answers.values
    let answers = try graph.answers(for: graph.features(of: table).features).values
    #expect(zip(answers, expected).allSatisfy { ($0 - $1).magnitude < 1e-5 })
    #expect(graph.signature.labels == bundle.labels)
    #expect(graph.signature.head.outputs.map(\.name) == bundle.head.outputs.map(\.name))
  }

  @Test("the outputs and steps of Core ML have names of their own")
  func coreMLNames() throws {
    for (target, settings) in [("t", []), ("y", [("model.kind", "linear"), ("task", "regression")])]
      as [(String, [(path: String, value: JSONValue)])]
    {
      let columns = Self.columns + ["predicted_probabilities", "features", "softmax"]
      let (bundle, _) = try Self.train(Self.lines(columns, target: target), target: target, settings)
      let model = try OtherExportTests.Fields(CoreMLExport.coreML(bundle))
      let description = try OtherExportTests.Fields(model[2])
      func names(_ field: Int, _ from: OtherExportTests.Fields) throws -> [String] {
        try from.messages[field, default: []].flatMap { try OtherExportTests.Fields($0).texts(1) }
      }
      let outputs = try names(10, description)
      #expect(outputs == (target == "t" ? ["predicted_label_2", "predicted_probabilities_2"] : ["y"]))
      let pipeline = try OtherExportTests.Fields(
        target == "t" ? Array(OtherExportTests.Fields(model[200])[1]) : model[202])
      var given = try names(1, description)
      for step in pipeline.messages[1, default: []] {
        given += try names(10, OtherExportTests.Fields(OtherExportTests.Fields(step)[2]))
      }
      #expect(Set(given).count == given.count, "\(given)")
    }
  }

  @Test(
    "a target that is called like an output of PMML is not declared twice",
    arguments: ["label", "prediction", "probability_a"])
  func pmmlNames(target: String) throws {
    let isNumber = target == "prediction"
    var lines = Self.lines(["n", "predicted_label", "predicted_prediction"], target: isNumber ? "y" : "t")
    lines[0] = lines[0].replacing(/,[ty]$/, with: ",\(target)")
    let settings: [(path: String, value: JSONValue)] =
      isNumber ? [("model.kind", "linear"), ("task", "regression")] : []
    let (bundle, _) = try Self.train(lines, target: target, settings)
    let text = try PMMLExport.pmml(bundle)
    let names = text.matches(of: /<(?:DataField|OutputField|DerivedField) name="([^"]*)"/).map { String($0.1) }
    #expect(Set(names).count == names.count, "\(names)")
    #expect(text.contains("<MiningField name=\"\(target)\" usageType=\"target\"/>"))
  }

  @Test("a category with an accent is found in both of its forms, in every export")
  func accents() throws {
    let composed = "caf\u{E9}"
    let decomposed = "cafe\u{301}"
    let lines = ["n,place,t"] + (0..<60).map { "\($0 % 4),\([composed, "bar", "zoo"][$0 % 3]),\(["a", "b"][$0 % 2])" }
    let (bundle, table) = try Self.train(lines, target: "t")
    #expect(Array((bundle.pipeline.inputs[1].words.first { $0 == composed } ?? "").utf8) == Array(composed.utf8))
    let message = try ModelMessage.decode(try GraphExport.onnx(bundle), name: "odd")
    let encoder = try #require(message.graph.nodes.first { $0.operation == "LabelEncoder" })
    let keys = encoder.attributes.first { $0.name == "keys_strings" }?.texts.map { Array($0.utf8) } ?? []
    let values = encoder.attributes.first { $0.name == "values_int64s" }?.integers ?? []
    let places = [composed, decomposed].map { word in keys.firstIndex(of: Array(word.utf8)).map { values[$0] } }
    #expect(places[0] != nil && places[0] == places[1])
    let graph = try Self.graph(bundle)
    let expected = try Predictor(bundle).predict(table).answers.values
    let answers = try graph.answers(for: graph.features(of: table).features).values
    #expect(zip(answers, expected).allSatisfy { ($0 - $1).magnitude < 1e-5 })
    let document = Array(try PMMLExport.pmml(bundle).utf8)
    let model = try CoreMLExport.coreML(bundle)
    for word in [composed, decomposed] {
      #expect(document.firstRange(of: Array("<Constant dataType=\"string\">\(word)<".utf8)) != nil)
      #expect(document.firstRange(of: Array("<Value value=\"\(word)\"/>".utf8)) != nil)
      #expect(model.firstRange(of: [0x0A, UInt8(word.utf8.count)] + Array(word.utf8)) != nil)
    }
    // What has no accent is written as before.
    #expect(try PMMLExport.pmml(bundle).contains("<NormDiscrete field=\"place\" value=\"bar\" mapMissingTo=\"0\"/>"))
  }
}
