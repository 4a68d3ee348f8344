// SPDX-License-Identifier: Apache-2.0
//
// The flags that decide a search.
//
// Before    CompareCommand.swift     After    TuneCommand.swift

import ArgumentParser
import SwiftletData
import SwiftletFormats
import SwiftletSearch
import SwiftletTraining

/// What decides a search.
struct TuneOptions: ParsableArguments {
  @OptionGroup var recipe: RecipeOptions
  @Option(help: "The number of trials, the recipe itself among them (tune.trials, default 27).") var trials: Int?
  @Option(help: "The number of folds that judge the finalists (tune.folds, default 5).") var folds: Int?
  @Option(help: "After this many minutes no further trial begins (tune.minutes).") var minutes: Int?
  @Option(help: "The metric to choose by (tune.metric, default: log_loss for classes, rmse for numbers).")
  var metric: String?
  @Option(
    name: .customLong("search"), help: "What to try for a setting: KEY=[…] or KEY={from: A, to: B}. May be repeated.")
  var searches: [String] = []
  @Flag(help: "Print one JSON object instead of text.") var json = false
  @Flag(help: "Print only the result and warnings, no progress.") var quiet = false

  /// A search that was prepared.
  struct Prepared {
    var study: Study
    let experiment: Experiment
    /// The name of the model.
    let name: String
    /// The folder of the model.
    let path: String
    /// The folder of the search.
    var folder: String { path + ".study" }
  }

  /// Reads the recipe and the data, and opens the folder of the search.
  ///
  /// - Parameter check: Called with the folder of the model before any data are read.
  func prepared(_ check: (String) throws -> Void = { _ in }) throws -> Prepared {
    let document = try recipe.document()
    let resolved = try recipe.resolved(document)
    let options = try options(document.value["tune"])
    let name = try recipe.name(of: resolved)
    let path = recipe.output ?? "Models/\(name)"
    try check(path)
    try ProtectedFiles.refuse(replacing: path, trainedOn: resolved.data)
    let experiment = try Experiment(DataLoader(resolved), resolved)
    let study = try Study(resolved, options, on: experiment)
    if options.folds > 0 { try CrossValidation(folds: options.folds).check(resolved, on: experiment) }
    var prepared = Prepared(study: study, experiment: experiment, name: name, path: path)
    prepared.study.folder = try writing { try StudyFolder(prepared.folder, of: study.identity) }
    return prepared
  }

  /// The section of the recipe, with the flags laid over it. `--seed` is the seed of the search too.
  private func options(_ section: JSONValue?) throws -> TuningOptions {
    var options = try TuningOptions(section)
    if let seed = recipe.seed { try TuningOptions.settings.apply(seed.value, at: "tune.seed", to: &options) }
    for setting in recipe.searchSettings {
      try TuningOptions.settings.apply(setting.value, at: setting.key, to: &options)
    }
    let flags: [JSONValue.Member?] = [
      trials.map { .init("tune.trials", JSONValue($0)) }, folds.map { .init("tune.folds", JSONValue($0)) },
      minutes.map { .init("tune.minutes", JSONValue($0)) }, metric.map { .init("tune.metric", .string($0)) },
    ]
    for flag in flags.compactMap({ $0 }) {
      try TuningOptions.settings.apply(flag.value, at: flag.name, to: &options)
    }
    guard !searches.isEmpty else { return options }
    let given = try searches.map { text -> JSONValue.Member in
      guard let equals = text.firstIndex(of: "=") else {
        throw ValidationError("--search needs KEY=VALUES, such as training.l2=[0.1, 1, 10], not \"\(text)\".")
      }
      let values = String(text[text.index(after: equals)...])
      return .init(String(text[..<equals]), try YAML.parseValue(values, name: "--search"))
    }
    options.search = .object(given)
    return options
  }
}
