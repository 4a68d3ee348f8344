// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTraining
import Synchronization
import Testing

@testable import SwiftletSearch

@Suite("A search for settings")
struct StudyTests {
  private func recipe(_ change: (inout Recipe) -> Void = { _ in }) -> Recipe {
    var recipe = Recipe()
    recipe.data = ComparisonTests.datasets + "iris"
    recipe.model.hidden = [8]
    recipe.training.epochs = 18
    recipe.split.validation = 0.3
    change(&recipe)
    return recipe
  }

  private func study(
    _ recipe: Recipe, _ change: (inout TuningOptions) -> Void = { _ in }, experiment: Experiment? = nil
  ) throws -> Study {
    var options = TuningOptions()
    options.trials = 9
    options.folds = 3
    options.finalists = 2
    options.search = [
      "training.learning_rate": ["from": 0.0001, "to": 0.1, "scale": "log"], "model.dropout": [0, 0.3],
    ]
    change(&options)
    return try Study(recipe, options, on: experiment ?? Experiment(DataLoader(recipe.data), recipe))
  }

  private func folder() -> String { FileManager.default.temporaryDirectory.path + "/study-\(UUID())" }

  @Test("fills the space, gives trial i the same settings in every study, and includes both ends")
  func sequence() throws {
    let space = try TuningSpace(
      [
        "training.learning_rate": ["from": 0.001, "to": 1, "scale": "log"],
        "training.batch_size": ["from": 1, "to": 4],
        "model.dropout": ["from": 0, "to": 0.5, "step": 0.1],
      ], varying: Recipe())
    let trials = (1...600).map { space.settings(ofTrial: $0, seed: 7) }
    #expect(trials[4] == space.settings(ofTrial: 5, seed: 7) && trials[4] != space.settings(ofTrial: 5, seed: 8))
    let rates = trials.map { $0[0].value.number ?? 0 }
    for decade in 0..<3 {  // 200 of 600 in each factor of ten
      let low = pow(10, Double(decade) - 3)
      #expect(abs(rates.count { $0 >= low && $0 < 10 * low } - 200) < 6)
    }
    #expect(Set(trials.compactMap { $0[1].value.number }) == [1, 2, 3, 4])
    #expect(Set(trials.compactMap { $0[2].value.number }) == [0, 0.1, 0.2, 0.3, 0.4, 0.5])
  }

  @Test("gives the same result with one worker and with two, and the recipe is trial 0")
  func workers() throws {
    var one = try study(recipe())
    one.workers = 1
    var two = one
    two.workers = 2
    let (a, b) = (try one.run(), try two.run())
    #expect(a.trials == b.trials)
    #expect(a.winner == b.winner && a.verdict == b.verdict)
    #expect(a.trials[0].settings.isEmpty && a.trials[0].folds.count == 3)
    #expect(a.trials.count { $0.rungs.count == 2 } == 3)  // a third of nine is continued
  }

  @Test("that was ended goes on without repeating a trial, and ends as if it had not been")
  func resuming() throws {
    let path = folder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let undisturbed = try study(recipe()).run()
    var first = try study(recipe())
    first.workers = 1
    first.folder = try StudyFolder(path, of: first.identity)
    let judged = Mutex(0)
    struct Stop: RunObserver {
      let wants: @Sendable () -> Bool
      var wantsToStop: Bool { wants() }
    }
    #expect(throws: CancellationError.self) {
      try first.run(observer: Stop { judged.withLock { $0 >= 4 } }) { _ in judged.withLock { $0 += 1 } }
    }
    #expect(judged.withLock { $0 } == 4)
    let again = Mutex<[Int]>([])
    var second = try study(recipe())
    second.folder = try StudyFolder(path, of: second.identity)
    let result = try second.run { event in
      if case .judged(let trial) = event, trial.rungs.count == 1 { again.withLock { $0.append(trial.index) } }
    }
    #expect(again.withLock { $0.sorted() } == [4, 5, 6, 7, 8])
    #expect(result.trials == undisturbed.trials && result.verdict == undisturbed.verdict)
    // Once more: everything is known.
    let third = try second.run { _ in Issue.record("a trial was repeated") }
    #expect(third.trials == result.trials)
  }

  @Test("never reads a row of the test")
  func poisonedTest() throws {
    let results = try [false, true].map { isPoisoned in
      let rows = (0..<120).map { i -> String in
        let part = i % 4 == 0 ? "test" : i % 4 == 1 ? "validation" : "train"
        let target = part == "test" && isPoisoned ? -1e12 : Double(i % 10) * 2 + Double(i % 7)
        return "\(part == "test" && isPoisoned ? 1_000_000 + i : i % 10),\(target),\(part)"
      }
      let text = "x,y,split\n" + rows.joined(separator: "\n") + "\n"
      let table = try TableReader().readCSV(.memory(Array(text.utf8), name: "t.csv"))
      let own = recipe {
        $0.targets = ["y"]
        $0.task = "regression"
      }
      return try study(own, experiment: Experiment(LoadedData(name: "t", table: table), own)).run()
    }
    #expect(results[0].trials == results[1].trials)
  }

  @Test("takes a trial that diverged for a result, and never for the winner")
  func divergence() throws {
    let wild = try study(recipe { $0.training.optimizer = .sgd }) {
      $0.search = ["training.learning_rate": [1e6]]
    }
    let result = try wild.run()
    #expect(result.trials.dropFirst().contains { $0.error != nil })
    #expect(result.winner.error == nil)
  }

  @Test("searches convex models, which have no epochs to save")
  func convex() throws {
    let result = try study(
      recipe { $0.model.kind = "logistic" }, { $0.search = nil }
    ).run()
    #expect(result.trials.allSatisfy { $0.settings.map(\.name) == ($0.index == 0 ? [] : ["training.l2"]) })
    #expect(result.finishedCount == 9)
  }

  @Test(
    "refuses what cannot be searched with a sentence",
    arguments: [
      (
        #"{"training.learning_rat": [1]}"#,
        "there is no setting \"training.learning_rat\". Did you mean \"training.learning_rate\"?"
      ),
      (#"{"training.learning_rate": []}"#, "the list of training.learning_rate is empty"),
      (
        #"{"training.learning_rate": {"from": 1, "to": 0.1}}"#,
        "the range of training.learning_rate from 1.0 to 0.1 is empty"
      ),
      (#"{"training.learning_rate": {"from": 0, "to": 0.1, "scale": "log"}}"#, "begins above 0"),
      (#"{"training.learning_rate": {"from": 0.1, "to": 1, "scal": "log"}}"#, "Did you mean \"scale\"?"),
      (#"{"model.dropout": [2]}"#, "\"model.dropout\" must be a number from 0.0 to 0.99"),
      (#"{"model.activation": {"from": 1, "to": 2}}"#, "model.activation is not a number, so there is no range"),
      (#"{"model.hidden": {"from": 1, "to": 5}}"#, "model.hidden is not a number, so there is no range of it"),
      (#"{"pipeline.numeric.scale": {"from": 1, "to": 5}}"#, "there is no range of it"),
      (#"{"training.epochs": [1, 2]}"#, "training.epochs is not searched"),
      (#"{"data": ["a"]}"#, "data is not searched"), (#"[]"#, "tune.search must be a mapping"),
      (#"{}"#, "tune.search must be a mapping"),
    ])
  func refusals(search: String, sentence: String) throws {
    let json = try JSONValue.parse(Array(search.utf8)[...], name: "search")
    #expect {
      try TuningSpace(json, varying: Recipe())
    } throws: {
      "\($0)".contains(sentence)
    }
  }

  @Test("refuses a metric that does not exist, a study of something else, and rows without validation")
  func otherRefusals() throws {
    #expect {
      try study(recipe(), { $0.metric = "acuracy" })
    } throws: {
      "\($0)".contains("Did you mean \"accuracy\"?")
    }
    #expect {
      try study(recipe { $0.split.validation = 0 })
    } throws: {
      "\($0)".contains("split.validation=0.2")
    }
    let path = folder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    _ = try StudyFolder(path, of: study(recipe()).identity)
    _ = try StudyFolder(path, of: study(recipe()).identity)
    #expect {
      try StudyFolder(path, of: study(recipe { $0.training.batchSize = 7 }).identity)
    } throws: {
      "\($0)".contains("is a study of something else: its recipe differs")
    }
  }

  @Test(
    "a folder that cannot be written is about output, and holds nothing half-written; a broken trial says what to do")
  func foldersThatFail() throws {
    let path = folder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let place = try StudyFolder(path, of: study(recipe()).identity)
    let trial = Trial(1, [])
    // A folder that is not empty stands where the file of the trial would be.
    try FileManager.default.createDirectory(atPath: path + "/trial-1.json/x", withIntermediateDirectories: true)
    let refused = #expect(throws: FormatError.self) { try place.write(trial) }
    #expect(refused?.isAboutOutput == true && refused?.message.contains("cannot be written") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: path).sorted() == ["study.json", "trial-1.json"])
    try FileManager.default.removeItem(atPath: path + "/trial-1.json")
    try Data("{".utf8).write(to: URL(fileURLWithPath: path + "/trial-1.json"))
    let broken = #expect(throws: FormatError.self) { try place.read(trial) }
    #expect(broken?.message.hasSuffix("Remove it to repeat the trial.") == true && broken?.isAboutOutput == false)
  }

  @Test("runs trials one by one, and ends as if it had run them together")
  func alone() throws {
    let path = folder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let undisturbed = try study(recipe()).run()
    for index in [7, 0, 3, 1, 2, 8, 6, 5, 4] {
      var job = try study(recipe())
      job.folder = try StudyFolder(path, of: job.identity)
      let trial = try job.runTrial(index)
      #expect(trial.rungs.count == 2 && trial.rungs[0] == undisturbed.trials[index].rungs[0])
      #expect(try job.runTrial(index) == trial)
    }
    var last = try study(recipe())
    last.folder = try StudyFolder(path, of: last.identity)
    last.isOver = { true }
    let collected = try last.run { event in
      if case .judged = event { Issue.record("a trial was repeated") }
    }
    #expect(collected.winner.index == undisturbed.winner.index && collected.winner.folds == undisturbed.winner.folds)
    #expect(collected.verdict == undisturbed.verdict && collected.recipeMean == undisturbed.recipeMean)
  }

  private final class Count: Sendable { let value = Mutex(0) }

  @Test("begins no further trial when its time is over, and judges what is there")
  func overTime() throws {
    var short = try study(recipe())
    short.workers = 1
    let begun = Count()
    short.isOver = { begun.value.withLock { $0 >= 4 } }
    let result = try short.run { event in
      if case .judged = event { begun.value.withLock { $0 += 1 } }
    }
    #expect(result.finishedCount == 4 && result.trials.count == 9)
    #expect(result.trials.count { !$0.folds.isEmpty } == 3 && result.trials[0].folds.count == 3)
    short.isOver = { true }
    let none = try short.run()
    #expect(none.finishedCount == 1 && none.winner.index == 0 && none.verdict == .notDistinguishable)
  }
}
