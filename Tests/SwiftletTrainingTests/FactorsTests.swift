// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletNN
import SwiftletTables
import SwiftletTensors
import Testing

@testable import SwiftletModels
@testable import SwiftletTraining

@Suite("Tastes as factors")
struct FactorsTests {
  /// Users with an even number like even items, and the others the odd ones. Item 0 is rated by all, before the others,
  /// and each item is rated early by some users and late by others.
  private func data() throws -> LoadedData {
    var text = "who,what,stars,when\n"
    for user in 0..<24 {
      for item in 0..<20 where item == 0 || (user * 7 + item * 5) % 3 != 0 {
        let time = item == 0 ? 0 : 1 + (item * 7 + user * 3) % 20
        text += "u\(user),i\(item),\((user + item) % 2 == 0 ? 5 : 1),\(time)\n"
      }
    }
    return try stars(text)
  }

  private func recipe() -> Recipe {
    var recipe = starsRecipe()
    recipe.model.l2 = 0.01
    recipe.split.time = "when"
    recipe.training.epochs = 60
    recipe.training.learningRate = 0.02
    return recipe
  }

  private func bundle() throws -> ModelBundle { try Experiment(data(), recipe()).run(recipe(), name: "stars").bundle }

  @Test("it learns who likes what, beats both baselines, and answers the same when it is loaded")
  func learns() throws {
    let outcome = try Experiment(data(), recipe()).run(recipe(), name: "stars")
    let (own, baseline) = (outcome.figures.judged.metrics, outcome.figures.baseline)
    #expect(try #require(own["rmse"]) < 0.5 * (try #require(baseline["rmse"])))
    #expect(try #require(own["ndcg@10"]) > (try #require(baseline["ndcg@10"])))
    #expect(own.map(\.name) == ["rmse", "r2", "recall@10", "ndcg@10", "hit@10", "coverage"])
    #expect(own.map(\.name) == baseline.map(\.name))
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-factors-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try outcome.bundle.save(to: path)
    let loaded = try ModelBundle.load(from: path)
    let lists = try [outcome.bundle, loaded].map { bundle in
      try #require(try bundle.head.recommender(of: TabularModel(bundle))).list(for: "u2", count: 5)
    }
    #expect(lists[0] == lists[1] && lists[0].count == 5)
  }

  @Test("a stranger gets the most rated items, and a rating without a share of theirs")
  func strangers() throws {
    let bundle = try bundle()
    let recommender = try #require(try bundle.head.recommender(of: TabularModel(bundle)))
    let list = recommender.list(for: "nobody", count: 3)
    #expect(list.first?.item == "i0" && list.allSatisfy { $0.rating == nil })
    #expect(list.map(\.score) == list.map(\.score).sorted(by: >))
    #expect(!recommender.list(for: "nobody", count: 3, without: ["i0"]).contains { $0.item == "i0" })
    let rows = try TableReader(types: bundle.columnTypes).readCSV(
      .memory(Array("who,what\nnobody,nothing\nu1,i1\n".utf8), name: "new.csv"))
    let (answers, unseen) = try Predictor(bundle).predict(rows)
    let center = try #require(bundle.head.signature.first { $0.name == "targets" }?.value.array?[0]["offset"]?.number)
    #expect(unseen == 2 && abs(answers.values[0] - center) < 1e-6)  // μ, and nothing else
  }

  @Test("the last ratings of each user judge, and each user has training rows")
  func fold() throws {
    let experiment = try Experiment(data(), recipe())
    let fold = try experiment.fold(recipe().split)
    let users = try #require(experiment.features["who"])
    let times = try #require(experiment.data.table["when"]?.numbers)
    for user in Set((0..<users.count).compactMap { users.text(at: $0) }) {
      func moments(_ split: Split) -> [Double] {
        fold.rows(split).filter { users.text(at: Int($0)) == user }.map { times[Int($0)] }
      }
      #expect(try #require(moments(.train).max()) < (try #require(moments(.test).min())))
      #expect((moments(.validation).max() ?? 0) < (try #require(moments(.test).min())))
    }
    #expect(fold.message == "The last ratings of each who by \"when\" judge.")
  }

  @Test("what is not there, or does not fit, is refused with what to do")
  func refusals() throws {
    func message(_ change: (inout Recipe) -> Void) -> String {
      var recipe = recipe()
      change(&recipe)
      do {
        _ = try Experiment(data(), recipe).run(recipe, name: "stars")
        return ""
      } catch { return "\(error)" }
    }
    #expect(message { $0.recommendation.item = nil }.contains("--set recommendation.item=COLUMN"))
    #expect(message { $0.recommendation.item = "who" }.contains("needs the column of users and that of items"))
    #expect(message { $0.recommendation.user = "whom" }.contains("whom"))
    #expect(message { $0.recommendation = RecommendationOptions() }.contains("Factors"))
    #expect(message { $0.targets = ["what"] } != "")
    #expect(message { $0.targets = [] }.contains("learns from ratings, and no target"))
    #expect(message { $0.model.kind = "linear" }.contains("needs a network"))
  }

  @Test(
    "descriptions that no training makes are refused",
    arguments: [
      #"{"users": 0, "items": 3, "dimensions": 2}"#, #"{"users": 3, "items": 3}"#,
      #"{"users": 3, "items": 3, "dimensions": 5000}"#, #"{"users": 16777216, "items": 3, "dimensions": 4096}"#,
      #"{"users": 3, "items": 3, "dimensions": 2, "l2": -1}"#,
    ])
  func hostile(text: String) throws {
    let members = try #require(JSONValue.parse(text, name: "layer").members)
    let blueprint = Blueprint([.object([.init("kind", "factors")] + members)])
    #expect(throws: LayerError.self) {
      try blueprint.build(from: FreshParameters(using: Generator(seed: 1)), inputSize: 2)
    }
  }

  @Test("codes beyond a table count as the nearest", arguments: [-5, .nan, 1e30, .infinity] as [Float])
  func codes(code: Float) throws {
    let blueprint = Blueprint([["kind": "factors", "users": 3, "items": 3, "dimensions": 2]])
    let network = try blueprint.build(from: FreshParameters(using: Generator(seed: 1)), inputSize: 2)
    #expect(network(Tensor([[code, 1]])) == network(Tensor([[code >= 1 ? 2 : 0, 1]])))
  }
}
