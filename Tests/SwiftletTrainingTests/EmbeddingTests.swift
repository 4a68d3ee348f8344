// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors
import Testing

@testable import SwiftletTraining

@Suite("Categories that are learned")
struct EmbeddingTests {
  /// Forty shops, of which each has a level of its own, and a number that adds to it. Shop s39 occurs once.
  private func data() throws -> LoadedData {
    var generator = Generator(seed: 3)
    let levels = (0..<40).map { _ in generator.normal() * 10 }
    var text = "shop,x,sales\n"
    for row in 0..<800 {
      let shop = row == 0 ? 39 : generator.below(39)
      let x = generator.normal()
      text += "s\(shop),\(x),\(levels[shop] + 3 * x)\n"
    }
    let table = try TableReader().readCSV(.memory(Array(text.utf8), name: "sales.csv"))
    return LoadedData(name: "sales", table: table)
  }

  private func recipe(_ kind: String = "mlp", encode: String = "embedding") -> Recipe {
    var recipe = Recipe()
    recipe.targets = ["sales"]
    recipe.model.kind = kind
    recipe.model.hidden = [16]
    recipe.pipeline.categoricalEncoding = encode
    recipe.training.epochs = 60
    recipe.training.learningRate = 0.01
    recipe.training.threads = 1
    return recipe
  }

  @Test("a network learns a row of numbers for each category, and answers the same when it is loaded")
  func learns() throws {
    let source = try data()
    let outcome = try Experiment(source, recipe()).run(recipe(), name: "sales")
    #expect(try #require(outcome.figures.judged.metrics["r2"]) > 0.97)
    let bundle = outcome.bundle
    // A code and a number come in; each of the shops and the strange one has ⌈1.6 · 40^0.56⌉ = 13 numbers.
    #expect(bundle.pipeline.width == 2)
    let count = try #require(bundle.pipeline.codeFeatures.first?.count)
    #expect((39...41).contains(count))
    #expect(bundle.network.parameters[0].name == "0.0.weight")
    #expect(bundle.network.parameters[0].value.shape == [count, EmbedColumns.usualSize(codeCount: count)])
    #expect(bundle.card.contains("multi-layer perceptron (16 hidden units)"))

    let path = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-embedding-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try bundle.save(to: path)
    let loaded = Predictor(try ModelBundle.load(from: path))
    #expect(
      try loaded.predict(source.table).answers.values == Predictor(bundle).predict(source.table).answers.values)
  }

  @Test("a category that training did not know is counted, and answered by the row of the strange ones")
  func unknown() throws {
    let bundle = try Experiment(data(), recipe()).run(recipe(), name: "sales").bundle
    let rows = try TableReader(types: bundle.columnTypes).readCSV(
      .memory(Array("shop,x\ns1,0\nmoon,0\nmars,0\n".utf8), name: "new.csv"))
    let (answers, unseen) = try Predictor(bundle).predict(rows)
    #expect(unseen == 2)
    #expect(answers.values[1] == answers.values[2] && answers.values[0] != answers.values[1])
    #expect(!answers.values.contains { !$0.isFinite })
  }

  @Test("a model without layers to learn by is refused, with what to use")
  func convex() throws {
    #expect { try Experiment(data(), recipe("linear")).run(recipe("linear"), name: "x") } throws: {
      "\($0)".contains("Use --model mlp, or one_hot")
    }
  }

  @Test(
    "codes beyond a table, which only a forged bundle has, count as the nearest",
    arguments: [-5, .nan, 1e30, .infinity] as [Float])
  func codesOutOfRange(code: Float) throws {
    let blueprint = Blueprint([["kind": "embed_columns", "columns": [["position": 0, "count": 3, "size": 2]]]])
    let network = try blueprint.build(from: FreshParameters(using: Generator(seed: 1)), inputSize: 2)
    let table = network.parameters[0].value
    let row = code >= 1 ? 2 : 0
    #expect(network(Tensor([[code, 7]])).scalars == [7, table[row, 0], table[row, 1]])
  }

  @Test(
    "descriptions that no training makes are refused",
    arguments: [
      "[]", #"[{"position": 2, "count": 3, "size": 2}]"#, #"[{"position": 0, "count": 0, "size": 2}]"#,
      #"[{"position": 0, "count": 3, "size": 5000}]"#, #"[{"position": 0, "count": 16777216, "size": 4096}]"#,
      #"[{"position": 1, "count": 3, "size": 2}, {"position": 1, "count": 3, "size": 2}]"#,
      #"[{"position": 0, "count": 3, "size": 2, "extra": 1}]"#, #"[{"position": -1, "count": 3, "size": 2}]"#, "7",
    ])
  func refusals(columns: String) throws {
    let blueprint = Blueprint([["kind": "embed_columns", "columns": try JSONValue.parse(columns, name: "columns")]])
    #expect(throws: LayerError.self) {
      try blueprint.build(from: FreshParameters(using: Generator(seed: 1)), inputSize: 2)
    }
  }
}
