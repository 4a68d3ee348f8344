// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletTraining
import Testing

@testable import SwiftletInterchange

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../../"

/// Core ML and PMML. What the files answer is asked of others, in Tests/Exchange.
@Suite("Exports to Core ML and PMML")
struct OtherExportTests {
  /// A model of one epoch.
  private static func train(_ data: String, _ settings: [(path: String, value: JSONValue)]) throws -> ModelBundle {
    let own: [(path: String, value: JSONValue)] = [
      ("data", .string(root + "Datasets/" + data)), ("training.epochs", 1),
    ]
    let recipe = try Recipe(YAMLDocument(name: "test", value: .object([])), settings: own + settings)
    return try Experiment(DataLoader(recipe.data), recipe).run(recipe, name: data).bundle
  }

  /// A row of a message's fields, as far as these tests look at them.
  struct Fields: ProtobufMessage {
    var numbers: [Int: [Int64]] = [:]
    var messages: [Int: [[UInt8]]] = [:]
    mutating func take(_ field: ProtobufField) throws {
      if let bytes = try? field.bytes { messages[field.number, default: []].append(Array(bytes)) }
      if let number = try? field.integer { numbers[field.number, default: []].append(number) }
    }

    init() {}
    init(_ bytes: [UInt8]) throws { self = try bytes.withUnsafeBytes { try Fields(reading: ProtobufReader($0)) } }

    subscript(number: Int) -> [UInt8] { messages[number]?.first ?? [] }
    func texts(_ number: Int) -> [String] { messages[number, default: []].map { String(decoding: $0, as: UTF8.self) } }
  }

  @Test("a pipeline of Core ML ends with the bundle's own weights and labels")
  func coreML() throws {
    let bundle = try ModelBundle.load(from: root + "Models/breast-cancer")
    let bytes = try CoreMLExport.coreML(bundle)
    let model = try Fields(bytes)
    #expect(model.numbers[1] == [4])
    let pipeline = try Fields(Fields(model[200])[1])
    let kinds = try pipeline.messages[1, default: []].map { try Fields($0).messages.keys.max() }
    #expect(kinds == [602, 601, 604, 400])
    let classifier = try Fields(Fields(pipeline.messages[1, default: []][3])[400])
    let weights = try Fields(classifier[1])[1]
    let expected = bundle.network.parameters[0].value.scalars.map(Double.init)
    #expect(weights == expected.flatMap { number in withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) } })
    #expect(try Fields(classifier[100]).texts(1) == bundle.labels)
    #expect(try CoreMLExport.coreML(bundle) == bytes)
  }

  @Test("a document of PMML says what is done to each column, and escapes what XML reserves")
  func pmml() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("odd-\(UUID()).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    let lines = (0..<40).map { "\($0 % 2 == 0 ? "<a>" : "b & \"\"c\"\""),\($0),\($0 % 3)" }
    let quotedLines = lines.map { line in
      let cells = line.split(separator: ",", maxSplits: 1)
      return "\"\(cells[0])\",\(cells[1])"
    }
    try Data((["k,x>1,y"] + quotedLines).joined(separator: "\n").utf8).write(to: file)
    let recipe = try Recipe(
      YAMLDocument(name: "test", value: .object([])),
      settings: [
        ("data", .string(file.path)), ("target", "y"), ("task", "regression"), ("model.kind", "linear"),
        ("columns.k", "category"),
      ])
    let bundle = try Experiment(DataLoader(recipe.data), recipe).run(recipe, name: "odd").bundle
    let text = try PMMLExport.pmml(bundle)
    #expect(text.contains("<DataField name=\"x&gt;1\""))
    #expect(text.contains("<NormDiscrete field=\"k\" value=\"&lt;a&gt;\" mapMissingTo=\"0\"/>"))
    #expect(text.contains("<NormDiscrete field=\"k\" value=\"b &amp; &quot;c&quot;\" mapMissingTo=\"0\"/>"))
    #expect(text.contains("<NumericPredictor name=\"k=&lt;a&gt;\" coefficient=\""))
    #expect(text.components(separatedBy: "<RegressionTable").count == 2)
  }

  @Test("control characters, which XML cannot hold, are noticed")
  func controls() {
    #expect(XMLWriter.holds("a\tb\nç😀"))
    #expect(!XMLWriter.holds("a\u{1}b") && !XMLWriter.holds("\u{0}") && !XMLWriter.holds("\u{FFFF}"))
  }

  /// What cannot be written, and what is said of it.
  static let refused: [(data: String, settings: [(path: String, value: JSONValue)], sentences: [String])] = [
    (
      "german-credit", [("pipeline.categorical.encode", "embedding"), ("model.kind", "mlp")],
      [
        "the column \"checking_status\" has the encoding embedding, which cannot be written as Core ML. Train with "
          + "--set pipeline.categorical.encode=one_hot, or export to onnx or html, which hold it.",
        "has the encoding embedding, which cannot be written as PMML. Train with --set pipeline.categorical.encode=one_hot",
      ]
    ),
    (
      "iris",
      [("model.kind", "sequential"), ("model.layers", [["kind": "linear", "output": 8], "layer_norm", "relu"])],
      ["the layer 1 is a layer_norm, which cannot be written as Core ML", "the layer 1 is a layer_norm"]
    ),
    ("arm", [("model.kind", "mlp")], ["", "predicts 2 columns, and a model of PMML predicts one"]),
    (
      "breast-cancer", [("model.kind", "mlp"), ("model.activation", "gelu")],
      ["", "has the activation gelu, which PMML does not know. Use relu, tanh or sigmoid."]
    ),
  ]

  @Test("what a form cannot hold is refused by its name", arguments: refused.indices)
  func refusals(position: Int) throws {
    let entry = Self.refused[position]
    let bundle = try Self.train(entry.data, entry.settings)
    let writers: [() throws -> Void] = [
      { _ = try CoreMLExport.coreML(bundle) }, { _ = try PMMLExport.pmml(bundle) },
    ]
    for (write, sentence) in zip(writers, entry.sentences) {
      guard !sentence.isEmpty else {
        try write()
        continue
      }
      #expect { try write() } throws: { "\($0)".contains(sentence) }
    }
  }
}
