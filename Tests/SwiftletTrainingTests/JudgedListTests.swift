// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletTables
import Testing

@testable import SwiftletModels
@testable import SwiftletTraining

/// Ratings of six users and six items, who liked every second one, and the rows of the test that the lists are about.
private func data(test: [String], scale: String = "") throws -> LoadedData {
  var text = "who,what,stars,part\n"
  for user in 0..<6 {
    for item in 0..<6 where (user + item) % 3 > 0 {
      text += "u\(user),i\(item),\((user + item) % 2 == 0 ? 5 : 1)\(scale),train\n"
    }
  }
  text += test.map { $0 + "\(scale),test\n" }.joined()
  return try stars(text)
}

private func recipe() -> Recipe {
  var recipe = starsRecipe()
  recipe.recommendation.top = 6
  recipe.split.column = "part"
  recipe.training.epochs = 2
  return recipe
}

private func outcome(_ data: LoadedData, _ recipe: Recipe = recipe()) throws -> TrainingOutcome {
  try Experiment(data, recipe).run(recipe, name: "stars")
}

@Suite("Which ratings judge a list")
struct JudgedListTests {
  @Test("a rating that stands there three times counts once")
  func repeated() throws {
    let once = try outcome(data(test: ["u0,i0,5", "u1,i0,1"])).figures.judged.metrics
    let thrice = try outcome(data(test: ["u0,i0,5", "u0,i0,5", "u1,i0,1", "u0,i0,5"])).figures.judged.metrics
    // The list of six holds both items that u0 has not rated, i0 and i3, so that i0 is in it.
    #expect(once["recall@6"] == 1 && once["hit@6"] == 1)
    for name in ["recall@6", "ndcg@6", "hit@6", "coverage"] { #expect(thrice[name] == once[name], "\(name)") }
  }

  @Test("an item that its user had before is not asked for: no list can hold it")
  func seenBefore() throws {
    let once = try outcome(data(test: ["u0,i0,5"])).figures.judged.metrics
    let again = try outcome(data(test: ["u0,i0,5", "u0,i2,5"])).figures.judged.metrics
    for name in ["recall@6", "ndcg@6"] { #expect(again[name] == once[name], "\(name)") }
    let nothing = try outcome(data(test: ["u0,i2,5"]))
    #expect(nothing.figures.judged.metrics.map(\.name) == ["rmse"] || nothing.figures.judged.metrics["ndcg@6"] == nil)
    #expect(nothing.warnings.contains { $0.contains("whatever a user likes in these rows") })
  }

  @Test("an item that training did not have is asked for, and missed")
  func unknownItem() throws {
    let figures = try outcome(data(test: ["u0,i0,5", "u0,new,5", "u0,new,5"])).figures.judged.metrics
    #expect(figures["recall@6"] == 0.5)
  }

  @Test("where no rating is high enough, the measures of lists are left out, with what to do")
  func noneRelevant() throws {
    let data = try data(test: ["u0,i0,3.5", "u1,i1,2"])
    let outcome = try outcome(data)
    let names = outcome.figures.judged.metrics.map(\.name)
    #expect(names == ["rmse", "r2"])
    let sentence = "no rating reaches 4; the largest is 3.5. Set recommendation.relevant"
    #expect(outcome.warnings.contains { $0.contains(sentence) }, "\(outcome.warnings)")
    let evaluation = try Evaluation(outcome.bundle, on: data, split: .test)
    #expect(evaluation.metrics.map(\.name) == names && evaluation.notes.contains { $0.contains(sentence) })
  }

  @Test("settings that the kind of model does not read are named")
  func unread() throws {
    var recipe = recipe()
    recipe.model.hidden = [8]
    recipe.model.channels = [8]
    let warnings = try outcome(data(test: ["u0,i0,5"]), recipe).warnings
    #expect(warnings.contains { $0.hasPrefix("The kind factors does not read model.hidden and model.channels") })
    recipe.model = Recipe.Model()
    recipe.model.hidden = [8]
    recipe.model.activation = .tanh
    recipe.model.dropout = 0.1
    #expect(try !outcome(data(test: ["u0,i0,5"]), recipe).warnings.contains { $0.contains("does not read") })
  }

  @Test("what a row lacks is named, and a recommendation of one user says which column is too small")
  func absent() throws {
    let missing = try outcome(data(test: ["u0,i0,5", ",i1,5", "u1,,5", "u1,i3,1"]))
    #expect(
      missing.warnings.contains {
        $0 == "2 rows have a rating and were left out: there is nothing as \"who\" or \"what\"."
      })
    #expect(!missing.warnings.contains { $0.contains("no target") })
    let text = "who,what,stars\n" + (0..<40).map { "u,i\($0 % 8),\($0 % 5)\n" }.joined()
    let reader = TableReader(types: ["who": .category, "what": .category])
    let table = try reader.readCSV(.memory(Array(text.utf8), name: "one.csv"))
    var recipe = recipe()
    recipe.split.column = nil
    #expect {
      try outcome(LoadedData(name: "one", table: table), recipe)
    } throws: {
      "\($0)".hasPrefix("A recommendation needs two or more users and as many items. \"who\" ")
    }
  }

  @Test("ratings whose squares are beyond 64 bits are refused, and the largest below that can be loaded")
  func hugeRatings() throws {
    #expect {
      try outcome(data(test: ["u0,i0,5"], scale: "e300"))
    } throws: {
      "\($0)".contains("The target \"stars\" holds 5e+300")
    }
    #expect {
      try outcome(data(test: ["u0,i0,5"], scale: "e-300"))
    } throws: {
      "\($0)".contains("less than 1e-100 apart")
    }
    for scale in ["e99", "e-99"] {
      let outcome = try outcome(data(test: ["u0,i0,5", "u1,i0,1"], scale: scale))
      #expect(outcome.figures.parts.allSatisfy { $0.metrics.allSatisfy(\.value.isFinite) }, "\(outcome.figures)")
      try loading(outcome.bundle) { $0 }
    }
  }

  /// Saves a bundle, changes the text of its model.json, and loads it.
  private func loading(_ bundle: ModelBundle, _ change: (String) throws -> String) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-lists-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try bundle.save(to: path)
    let text = try change(try String(contentsOfFile: path + "/model.json", encoding: .utf8))
    try text.write(toFile: path + "/model.json", atomically: true, encoding: .utf8)
    _ = try ModelBundle.load(from: path)
  }

  @Test(
    "a bundle that was changed is refused with a sentence",
    arguments: [
      (#""u5""#, #""u5", "u6""#, "\"who\" has 7 categories in the pipeline"),
      (#", "i5""#, "", "\"what\" has 5 categories in the pipeline"),
      (#""popularity": 0"#, #""popularity": 1e308"#, "that training could have"),
      (#""relevant": 4"#, #""relevant": 1e308"#, "that training could have"),
      (#""factor": "#, #""factor": 1e307, "was": "#, "an offset or a factor that no training makes"),
    ])
  func changed(old: String, new: String, sentence: String) throws {
    let bundle = try outcome(data(test: ["u0,i0,5"])).bundle
    #expect {
      try loading(bundle) { text in
        let plain = try JSONValue.parse(text, name: "model.json").encoded()
        #expect(plain.contains(old), "\(plain)")
        // The numbers of rows are left out: they may be absent, and would have to fit the categories.
        return plain.replacingOccurrences(of: old, with: new)
          .replacingOccurrences(of: #", "counts": \[[0-9, ]*\]"#, with: "", options: .regularExpression)
      }
    } throws: { error in
      if !"\(error)".contains(sentence) { Issue.record("\(error)") }
      return "\(error)".contains(sentence)
    }
  }
}
