// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import Testing

@testable import SwiftletInterchange

@Suite struct GraphModelTests {
  private static let cases = GoldenCase.committed("files.pb.gz")

  private func golden(_ name: String) throws -> GoldenCase { try #require(Self.cases.first { $0.name == name }) }

  private func model(_ golden: GoldenCase, _ describe: (inout GraphDescription) -> Void = { _ in }) throws -> GraphModel
  {
    let message = try ModelMessage.decode(golden.model, name: golden.name)
    var description = GraphDescription(message.metadata)
    describe(&description)
    return try GraphModel(message, description, GraphRunner.Setting(message), name: golden.name)
  }

  /// The values of a case's tensor.
  private func values(_ tensor: TensorMessage) throws -> GraphValue {
    try ConstantReader(folder: nil, limit: 1 << 20).value(of: tensor)
  }

  @Test func `a logistic regression answers with its labels`() throws {
    let golden = try golden("sklearn/logistic, names")
    let model = try model(golden)
    #expect(model.signature.labels == ["setosa", "versicolor", "virginica"])
    #expect(model.signature.columnNames == ["X_0", "X_1", "X_2", "X_3"])
    #expect(model.signature.isNumeric)
    let features = try #require(values(golden.inputs[0]).floats)
    let answers = try model.answers(for: features)
    let labels = try #require(values(golden.outputs[0]).texts)
    let probabilities = try #require(values(golden.outputs[1]).doubles)
    #expect(answers.count == labels.count)
    for row in 0..<answers.count {
      #expect(model.signature.labels[model.signature.head.label(of: answers.row(row))] == labels[row])
      for (place, number) in answers.row(row).enumerated() {
        #expect((number - probabilities[3 * row + place]).magnitude < 1e-5)
      }
    }
  }

  @Test func `numbers of classes are their labels where no names are known, and a description names them`() throws {
    let golden = try golden("sklearn/mlp, 3 classes, relu")
    #expect(try model(golden).signature.labels == ["0", "1", "2"])
    let told = try model(golden) {
      $0.labels = ["a", "b", "c"]
      $0.columns = ["w", "x", "y", "z"]
    }
    #expect(told.signature.labels == ["a", "b", "c"])
    #expect(told.signature.columnNames == ["w", "x", "y", "z"])
    #expect(throws: GraphError.self) { try model(golden) { $0.labels = ["a", "b"] } }
    #expect(throws: GraphError.self) { try model(golden) { $0.columns = ["w", "w", "y", "z"] } }
  }

  @Test func `numbers without a label are predictions`() throws {
    let golden = try golden("sklearn/ridge")
    let model = try model(golden)
    #expect(model.signature.task == "regression")
    #expect(model.signature.labels.isEmpty)
    let expected = try #require(values(golden.outputs[0]).doubles)
    let answers = try model.answers(for: try #require(values(golden.inputs[0]).floats))
    for (found, wanted) in zip(answers.values, expected) { #expect((found - wanted).magnitude < 1e-3) }
  }

  @Test func `scores of a network become probabilities where labels are named`() throws {
    let golden = try golden("torch/mlp, legacy")
    #expect(try model(golden).signature.task == "regression")
    let model = try model(golden) { $0.labels = ["a", "b", "c"] }
    let answers = try model.answers(for: try #require(values(golden.inputs[0]).floats))
    let scores = try #require(values(golden.outputs[0]).doubles)
    for row in 0..<answers.count {
      let total = (0..<3).reduce(0) { $0 + exp(scores[3 * row + $1]) }
      for place in 0..<3 {
        #expect((answers.row(row)[3 * row + place] - exp(scores[3 * row + place]) / total).magnitude < 1e-6)
      }
    }
  }

  @Test func `a table of numbers and texts is read by its columns`() throws {
    let golden = try golden("sklearn/mixed, one-hot")
    let model = try model(golden)
    #expect(model.signature.columnNames == ["age", "color", "size"])
    #expect(Set(model.signature.inputs[1].words).isSuperset(of: ["red", "green", "blue"]))
    let csv = "size,color,age\nS,red,30\nM,blue,\nL,violet,50.5\nXL,green,41\n"
    let table = try model.signature.tableReader.readCSV(.memory(Array(csv.utf8), name: "new.csv"))
    let (features, unseenCount) = try model.features(of: table)
    #expect(unseenCount == 2)  // violet, and XL
    let expected = try #require(values(golden.outputs[1]).doubles)
    let answers = try model.answers(for: features)
    for (found, wanted) in zip(answers.values, expected) { #expect((found - wanted).magnitude < 1e-5) }
    #expect {
      let table = try model.signature.tableReader.readCSV(.memory(Array("age,color\n30,red\n".utf8), name: "new.csv"))
      _ = try model.features(of: table)
    } throws: { "\($0)".hasPrefix("There is no column \"size\"") }
  }

  @Test func `rows are answered in blocks, and bare numbers as rows of a table`() throws {
    let golden = try golden("sklearn/forest")
    let model = try model(golden)
    let row: [Double] = [6.1, 2.9, 4.7, 1.4]
    var features = Array(repeating: Float(0), count: 4)
    row.withUnsafeBufferPointer { row in features.withUnsafeMutableBufferPointer { model.prepare(row, into: $0) } }
    let one = try model.answers(for: features)
    let many = try model.answers(for: Array(repeatElement(features, count: 2500).joined()))
    #expect(many.count == 2500)
    for position in [0, 1023, 1024, 2499] { #expect(Array(many.row(position)) == one.values) }
  }

  @Test func `a folder holds a graph and names, and is told from a bundle`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("graph-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent("model.onnx")
    try Data(golden("sklearn/logistic, 3 classes").model).write(to: file)
    #expect(GraphModel.exists(at: folder.path))
    #expect(GraphModel.exists(at: file.path))
    #expect(try GraphModel(path: file.path).signature.name == "model")
    let names = #"{"columns": ["a", "b", "c", "d"], "labels": ["x", "y", "z"], "target": "kind"}"#
    try Data(names.utf8).write(to: folder.appendingPathComponent("model.json"))
    let model = try ModelFormats.open(folder.path)
    #expect(model.signature.name == folder.lastPathComponent)
    #expect(model.signature.columnNames == ["a", "b", "c", "d"])
    #expect(model.signature.labels == ["x", "y", "z"])
    #expect(model.signature.target == "kind")
    try Data(#"{"colums": []}"#.utf8).write(to: folder.appendingPathComponent("model.json"))
    #expect { try ModelFormats.open(folder.path) } throws: { "\($0)".contains("has the key \"colums\"") }
    #expect { try ModelFormats.open("/nowhere") } throws: { "\($0)".contains("no model.json and no model.onnx") }
  }
}
