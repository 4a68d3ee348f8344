// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTensors
import SwiftletTraining
import Testing

@Suite("Checkpoints")
struct CheckpointTests {
  /// A run with everything that has a state: moments, dropout, a schedule, early stopping.
  private func recipe(_ optimizer: Recipe.OptimizerKind = .adam) -> Recipe {
    var recipe = Recipe()
    recipe.data = datasets + "heart-disease"
    recipe.model.hidden = [6]
    recipe.model.dropout = 0.3
    recipe.training.optimizer = optimizer
    recipe.training.learningRate = 0.03
    recipe.training.schedule = .warmup
    recipe.training.epochs = 12
    recipe.training.earlyStopping = 4
    recipe.training.clipNorm = 1
    recipe.training.threads = 1
    recipe.training.checkpoint = 1
    return recipe
  }

  private func run(_ recipe: Recipe, _ checkpoints: Checkpoints, stopsAfter batches: Int = .max) throws
    -> TrainingOutcome
  {
    try Experiment(DataLoader(recipe.data), recipe).run(
      recipe, name: "test", checkpoints: checkpoints, observer: Recorder(stopsAfter: batches))
  }

  private func temporaryPath() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-checkpoint-\(UUID())").path
  }

  @Test("a run that goes on after any epoch ends at the same bytes", arguments: [Recipe.OptimizerKind.adam, .sgd])
  func everyEpoch(optimizer: Recipe.OptimizerKind) throws {
    let recipe = recipe(optimizer)
    let path = temporaryPath()
    defer { Checkpoints(path).remove() }
    let whole = try run(recipe, Checkpoints(path))
    Checkpoints(path).remove()
    #expect(!Checkpoints(path).exists && whole.fit.epochs > 4)
    let prepared = try Experiment(DataLoader(recipe.data), recipe)
    let rows = try prepared.fold(recipe.split).rows(.train).count
    let stepsPerEpoch = (rows + recipe.training.batchSize - 1) / recipe.training.batchSize
    for epoch in 1..<whole.fit.epochs {
      // Ended in the middle of the epoch that follows.
      let broken = try run(recipe, Checkpoints(path), stopsAfter: epoch * stepsPerEpoch + 2)
      #expect(broken.fit.ending == .interrupted)
      let resumed = try run(recipe, Checkpoints(path, resumes: true))
      #expect(resumed.bundle.network.parameters.map(\.value) == whole.bundle.network.parameters.map(\.value))
      #expect(resumed.bundle.history == whole.bundle.history)
      #expect(resumed.fit.ending == whole.fit.ending && resumed.fit.bestEpoch == whole.fit.bestEpoch)
      #expect(resumed.figures == whole.figures)
      Checkpoints(path).remove()
    }
  }

  @Test("what was over when it was kept is over at once")
  func finished() throws {
    let recipe = recipe()
    let path = temporaryPath()
    defer { Checkpoints(path).remove() }
    let whole = try run(recipe, Checkpoints(path))
    let again = try run(recipe, Checkpoints(path, resumes: true))
    #expect(again.fit.epochs == whole.fit.epochs && again.fit.ending == whole.fit.ending)
    #expect(again.bundle.network.parameters.map(\.value) == whole.bundle.network.parameters.map(\.value))
  }

  @Test(
    "a state is kept every so many epochs, and none where the recipe wants none",
    arguments: [(0, false), (12, true), (13, false)])
  func every(count: Int, isKept: Bool) throws {
    var recipe = recipe()
    recipe.training.earlyStopping = 0
    recipe.training.checkpoint = count
    let path = temporaryPath()
    defer { Checkpoints(path).remove() }
    _ = try run(recipe, Checkpoints(path))
    #expect(Checkpoints(path).exists == isKept)
  }

  @Test("another recipe, other data and other threads are refused with a sentence")
  func otherRuns() throws {
    let path = temporaryPath()
    defer { Checkpoints(path).remove() }
    _ = try run(recipe(), Checkpoints(path), stopsAfter: 20)
    func refusal(_ change: (inout Recipe) -> Void) -> String {
      var other = recipe()
      change(&other)
      do { _ = try run(other, Checkpoints(path, resumes: true)) } catch { return "\(error)" }
      return "none"
    }
    #expect(
      refusal { $0.training.learningRate = 0.02 }.contains("is the checkpoint of another run: the recipe differs"))
    #expect(refusal { $0.training.seed = 8 }.hasSuffix("Train without --resume to begin again."))
    #expect(refusal { $0.training.checkpoint = 5 } == "none")
    #expect(
      refusal { recipe in
        recipe.data = datasets + "german-credit"
        recipe.targets = []
      }.contains("the data differ"))
    #expect(refusal { $0.training.threads = 2 }.contains("the recipe differs"))
  }

  @Test("a damaged checkpoint is a sentence, whatever is wrong with it")
  func damage() throws {
    let recipe = recipe()
    let path = temporaryPath()
    defer { Checkpoints(path).remove() }
    _ = try run(recipe, Checkpoints(path), stopsAfter: 20)
    let experiment = try Experiment(DataLoader(recipe.data), recipe)
    func resumed() throws {
      _ = try experiment.run(recipe, name: "test", checkpoints: Checkpoints(path, resumes: true))
    }
    for file in ["checkpoint.json", "state.safetensors"] {
      let url = URL(fileURLWithPath: path + "/" + file)
      let bytes = try Data(contentsOf: url)
      // Without the line end at its end a file is whole, and how long it is depends on the seconds that it holds.
      for cut in stride(from: 0, to: bytes.count - 1, by: max(1, bytes.count / 40)) {
        try bytes.prefix(cut).write(to: url)
        #expect(throws: FormatError.self) { try resumed() }
      }
      var generator = Generator(seed: 5)
      for _ in 0..<60 {
        var changed = bytes
        let position = generator.below(bytes.count)
        changed[position] ^= UInt8(1 << generator.below(7))
        try changed.write(to: url)
        do { try resumed() } catch { #expect(error is FormatError) }  // a space more or less harms nothing
      }
      try FileManager.default.removeItem(at: url)
      if file == "state.safetensors" { #expect(throws: FormatError.self) { try resumed() } }
      try bytes.write(to: url)
    }
    try resumed()
  }
}
