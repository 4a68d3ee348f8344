// SPDX-License-Identifier: Apache-2.0
//
// The flags that decide a run: what is trained on what, with which settings.
//
// `train` and `tune` have them in common, so what was tuned is trained by the same words.
//
// Before    RecipeLocation.swift     After    TrainCommand.swift

import ArgumentParser
import SwiftletData
import SwiftletFormats
import SwiftletSearch
import SwiftletTraining

/// What decides a run.
struct RecipeOptions: ParsableArguments {
  @Argument(help: "A dataset folder, a recipe, a data file, or -.") var source: String
  @Option(help: "A recipe file, if SOURCE is data.") var recipe: String?
  @Option(recipe: "target") var target: GivenSetting?
  @Option(recipe: "task") var task: GivenSetting?
  @Option(recipe: "model.kind") var model: GivenSetting?
  @Option(recipe: "model.hidden") var hidden: GivenSetting?
  @Option(recipe: "training.epochs") var epochs: GivenSetting?
  @Option(recipe: "training.batch_size") var batchSize: GivenSetting?
  @Option(recipe: "training.learning_rate") var learningRate: GivenSetting?
  @Option(recipe: "training.optimizer") var optimizer: GivenSetting?
  @Option(recipe: "training.l2") var l2: GivenSetting?
  @Option(recipe: "training.seed") var seed: GivenSetting?
  @Option(recipe: "training.threads") var threads: GivenSetting?
  @Option(recipe: "source.table") var table: GivenSetting?
  @Option(recipe: "source.query") var query: GivenSetting?
  @Option(
    name: .customLong("set"), help: "Any setting by its key, such as training.clip_norm=1. May be repeated.",
    transform: GivenSetting.init)
  var settings: [GivenSetting] = []
  @Option(help: "The folder of the model (default: Models/NAME).") var output: String?

  private var location: RecipeLocation { RecipeLocation(source: source, recipe: recipe) }

  /// All settings that flags give, in the order of their words.
  var given: [GivenSetting] {
    [
      target, task, model, hidden, epochs, batchSize, learningRate, optimizer, l2, seed, threads, table, query,
    ].compactMap { $0 } + settings
  }

  /// The recipe as a document, before flags are laid over it.
  func document() throws -> YAMLDocument { try location.document() }

  /// Defaults < recipe file < flags < --set.
  func resolved(_ document: YAMLDocument) throws -> Recipe {
    var unused = TuningOptions()  // a training leaves them alone, and still they must exist
    for setting in searchSettings { try TuningOptions.settings.apply(setting.value, at: setting.key, to: &unused) }
    let data: (path: String, value: JSONValue) = ("data", .string(location.data(in: document)))
    return try Recipe(document, settings: [data] + given.filter { !isOfSearch($0) }.map { ($0.key, $0.value) })
  }

  /// What is set of the section `tune`, which a training leaves alone.
  var searchSettings: [GivenSetting] { given.filter(isOfSearch) }

  private func isOfSearch(_ setting: GivenSetting) -> Bool { setting.key.hasPrefix("tune.") }

  /// The name of the model: that of its folder, or of the data.
  func name(of recipe: Recipe) throws -> String {
    if let output { return output.split(separator: "/").last.map(String.init) ?? output }
    return try DataLoader.description(at: recipe.data)?.name ?? DataLoader.baseName(recipe.data)
  }

  /// The words that say all this again, without the folder of the model.
  var words: [String] {
    let place = source.hasPrefix("-") && source != "-" ? "./" + source : source
    return [place] + (recipe.map { optionWords("recipe", $0) } ?? []) + given.flatMap(\.words)
  }
}
