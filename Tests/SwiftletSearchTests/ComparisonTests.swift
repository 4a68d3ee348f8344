// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTraining
import Testing

@testable import SwiftletSearch

@Suite("Comparing recipes")
struct ComparisonTests {
  static let datasets = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/Datasets/"

  private func recipe(_ change: (inout Recipe) -> Void = { _ in }) -> Recipe {
    var recipe = Recipe()
    recipe.data = Self.datasets + "german-credit"
    recipe.model.kind = "logistic"
    change(&recipe)
    return recipe
  }

  private func candidate(_ name: String, _ recipe: Recipe) throws -> Comparison.Candidate {
    Comparison.Candidate(name, recipe, try Experiment(DataLoader(recipe.data), recipe))
  }

  @Test("a recipe with noise for features is worse, and not the other way around")
  func difference() throws {
    let good = try candidate("good", recipe())
    let bad = try candidate("bad", recipe { $0.training.l2 = 1e9 })
    let comparison = try Comparison([good, bad], CrossValidation(folds: 5, repeats: 2))
    #expect(comparison.metric.name == "log_loss" && comparison.metric.isLoss)
    #expect(comparison.recipes.map(\.scores.count) == [10, 10])
    #expect(comparison.differences.map(\.verdict) == [.worse])
    #expect(try Comparison([bad, good], CrossValidation()).differences.map(\.verdict) == [.better])
    let areas = try Comparison([bad, good], by: "roc_auc", CrossValidation())
    #expect(!areas.metric.isLoss && areas.differences[0].mean.mean > -0.05)
  }

  @Test("the scores are the same with one worker and with two")
  func workers() throws {
    let own = try candidate(
      "a",
      recipe {
        $0.model.kind = "mlp"
        $0.training.epochs = 3
        $0.model.dropout = 0.2
      })
    let one = try CrossValidation(folds: 4, workers: 1).metrics(of: own.recipe, on: own.experiment)
    let two = try CrossValidation(folds: 4, workers: 2).metrics(of: own.recipe, on: own.experiment)
    #expect(one == two && one.count == 4)
  }

  @Test("rows of the test are not read: with other answers there, the scores are the same")
  func poisonedTest() throws {
    var rows = ["x,y,split"]
    var poisoned = ["x,y,split"]
    for i in 0..<80 {
      let isTest = i % 4 == 0
      rows.append("\(i),\(Double(i) * 2 + Double(i % 7)),\(isTest ? "test" : "train")")
      poisoned.append(
        "\(isTest ? 999_999 : i),\(isTest ? -1e9 : Double(i) * 2 + Double(i % 7)),\(isTest ? "test" : "train")")
    }
    let scores = try [rows, poisoned].map { rows in
      let table = try TableReader().readCSV(.memory(Array((rows.joined(separator: "\n") + "\n").utf8), name: "t.csv"))
      var recipe = Recipe()
      recipe.targets = ["y"]
      recipe.task = "regression"
      recipe.model.kind = "linear"
      let experiment = try Experiment(LoadedData(name: "t", table: table), recipe)
      return try CrossValidation(folds: 3).metrics(of: recipe, on: experiment)
    }
    #expect(scores[0] == scores[1])
  }

  @Test("each row is held out once in a repeat, classes are dealt out evenly, and groups stay whole")
  func folds() throws {
    let experiment = try candidate("a", recipe()).experiment.withoutTestRows(Recipe().split)
    let folds = try experiment.folds(Recipe().split, count: 5, repeats: 2)
    #expect(folds.count == 10)
    for round in 0..<2 {
      let held = folds[(round * 5)..<(round * 5 + 5)].flatMap { $0.rows(.test) }
      #expect(held.sorted() == (0..<Int32(experiment.truth.count)).map { $0 })
    }
    #expect(folds[0].rows(.test) != folds[5].rows(.test))
    for fold in folds {
      let labels = experiment.truth.selecting(fold.rows(.test)).labels
      let share = Double(labels.count { $0 == 0 }) / Double(labels.count)
      let all = Double(experiment.truth.labels.count { $0 == 0 }) / Double(experiment.truth.count)
      #expect(abs(share - all) < 0.01)
    }
    let groups: [Int32] = (0..<60).map { $0 / 4 }
    let ofGroups = Split.folds(groups: groups, count: 5, seed: 1)
    for group in Set(groups) {
      #expect(Set(groups.indices.filter { groups[$0] == group }.map { ofGroups[$0] }).count == 1)
    }
    #expect(Set(ofGroups).count == 5)
  }

  @Test("a recipe compared with itself under another seed is better in at most 3 of 50 comparisons")
  func itself() throws {
    let first = recipe {
      $0.model.kind = "mlp"
      $0.model.hidden = [8]
      $0.training.epochs = 2
      $0.data = Self.datasets + "iris"
    }
    let experiment = try Experiment(DataLoader(first.data), first)
    var better = 0
    for seed in 1...50 as ClosedRange<UInt64> {
      var a = first
      a.training.seed = seed
      var b = first
      b.training.seed = seed + 1000
      let comparison = try Comparison(
        [.init("a", a, experiment), .init("b", b, experiment)], CrossValidation(folds: 5))
      if comparison.differences[0].verdict == .better { better += 1 }
    }
    #expect(better <= 3, "\(better) of 50")
  }

  @Test("what cannot be compared is refused with a sentence")
  func refusals() throws {
    let own = try candidate("a", recipe())
    let iris = try candidate("b", recipe { $0.data = Self.datasets + "iris" })
    let elsewhere = try candidate("c", recipe { $0.split.seed = 1 })
    expectRefusal("a and b do not ask the same question") { try Comparison([own, iris], CrossValidation()) }
    expectRefusal("a and c split the rows differently") { try Comparison([own, elsewhere], CrossValidation()) }
    expectRefusal("There is no metric \"acuracy\". Did you mean \"accuracy\"?") {
      try Comparison([own], by: "acuracy", CrossValidation(folds: 2))
    }
    expectRefusal("500 folds need at least 1000 rows") { try Comparison([own], CrossValidation(folds: 500)) }
  }

  private func expectRefusal(_ sentence: String, _ body: () throws -> Comparison) {
    #expect {
      try body()
    } throws: {
      "\($0)".contains(sentence)
    }
  }
}
