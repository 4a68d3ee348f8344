// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet tune`: a search for better settings that says so when it found none.
//
// Before    CompareCommand.swift     After    SettingsCommand.swift

import ArgumentParser
import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletReports
import SwiftletSearch
import SwiftletTables
import SwiftletTraining

struct TuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune",
    abstract: "Search for better settings, and say whether they are better than the recipe.",
    discussion: """
      Of 27 trials, the recipe among them, all begin; the better third is continued; and the best three, with the \
      recipe, are trained and judged on 5 folds. "not distinguishable" is an answer: on these rows, no trial is better \
      than your recipe by more than luck. The winner is chosen by the folds that compare it, so its lead looks a \
      little larger than it is: ask `swiftlet evaluate` for the test rows, which are never looked at here.

      What is varied stands in the recipe, or is given with --search; without either, the usual settings of the kind \
      of model are. A list is a choice, from and to a range:

        tune:
          trials: 27
          search:
            training.learning_rate: {from: 0.0001, to: 0.1, scale: log}
            model.hidden: [[32], [64], [64, 32]]

        swiftlet tune Datasets/german-credit
        swiftlet tune my.yaml --search 'training.l2={from: 0.01, to: 100, scale: log}'

      Each trial is a file in OUTPUT.study. A search that was ended goes on from there when the command is given again.
      """)

  @Argument(help: "A dataset folder, a recipe, or a data file.") var source: String
  @Option(help: "A recipe file, if SOURCE is data.") var recipe: String?
  @Option(recipe: "target") var target: GivenSetting?
  @Option(help: "The number of trials, the recipe itself among them (default 27).") var trials: Int?
  @Option(help: "The number of folds that judge the finalists (default 5).") var folds: Int?
  @Option(help: "The metric to choose by (default: log_loss for classes, rmse for numbers).") var metric: String?
  @Option(
    name: .customLong("search"), help: "What to try for a setting: KEY=[…] or KEY={from: A, to: B}. May be repeated.")
  var searches: [String] = []
  @Option(
    name: .customLong("set"), help: "A setting of the recipe, such as training.epochs=20. May be repeated.",
    transform: GivenSetting.init)
  var settings: [GivenSetting] = []
  @Option(help: "The folder of the model (default: Models/NAME).") var output: String?
  @Flag(help: "Print one JSON object instead of a table.") var json = false
  @Flag(help: "Print only the result and warnings, no progress.") var quiet = false
  @Flag(help: "Replace a model that exists already.") var force = false

  func run() throws {
    try reportingErrors {
      let location = RecipeLocation(source: source, recipe: recipe)
      let document = try location.document()
      let place: (path: String, value: JSONValue) = ("data", .string(location.data(in: document)))
      let given = ([target].compactMap { $0 } + settings).map { ($0.key, $0.value) }
      let recipe = try Recipe(document, settings: [place] + given)
      let options = try options(document.value["tune"])
      let name = try name(of: recipe)
      let path = output ?? "Models/\(name)"
      try writing { try OutputFolder.model.check(path, isForced: force) }
      let experiment = try Experiment(DataLoader(recipe), recipe)
      var study = try Study(recipe, options, on: experiment)
      let folder = path + ".study"
      study.folder = try StudyFolder(folder, of: study.identity)
      let begin = ContinuousClock.now
      let result = try search(study)
      let elapsed = ContinuousClock.now - begin
      let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
      let outcome = try save(result, study, experiment, name: name, path: path, folder: folder)
      outcome.warnings.forEach { printError("warning: \($0)") }
      print(
        json
          ? result.json(study: folder, model: path, seconds: seconds).encoded()
          : text(result, path: path, folder: folder, seconds: seconds))
    }
  }

  private func name(of recipe: Recipe) throws -> String {
    if let output { return output.split(separator: "/").last.map(String.init) ?? output }
    return try DataLoader.description(at: recipe.data)?.name ?? DataLoader.baseName(recipe.data)
  }

  /// The section of the recipe, with the flags laid over it.
  private func options(_ section: JSONValue?) throws -> TuningOptions {
    var options = try TuningOptions(section)
    let flags: [JSONValue.Member?] = [
      trials.map { .init("trials", JSONValue($0)) }, folds.map { .init("folds", JSONValue($0)) },
      metric.map { .init("metric", .string($0)) },
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

  private func search(_ study: Study) throws -> StudyResult {
    let interruption = Interruption(
      says: "Ending after this batch. The same command goes on from here. Ctrl-C again ends at once.")
    let observer = TerminalObserver(
      progress: ProgressLine(isQuiet: true), interruption: interruption, isQuiet: true)
    let isQuiet = quiet
    do {
      return try study.run(observer: observer) { event in
        guard !isQuiet else { return }
        switch event {
        case .judged(let trial):
          let score = trial.rungs.last.map { "\(decimals($0.score, 4)) on validation rows" }
          printError("trial \(trial.index): \(trial.error ?? score ?? "")")
        case .finished(let trial): printError("trial \(trial.index): \(trial.error ?? "judged by folds")")
        }
      }
    } catch is CancellationError {
      throw ExitStatus.interrupted
    }
  }

  /// Trains the winner on the recipe's own split, and writes it, its recipe and the pictures.
  private func save(
    _ result: StudyResult, _ study: Study, _ experiment: Experiment, name: String, path: String, folder: String
  ) throws -> TrainingOutcome {
    var recipe = try study.recipe(of: result.winner)
    let own = URL(fileURLWithPath: recipe.data).path
    let command = shellCommand(
      ["swiftlet", "train", folder + "/recipe.yaml"] + optionWords("output", path) + ["--force"])
    let outcome = try experiment.run(recipe, name: name, command: command)
    try writing { try outcome.bundle.save(to: path) }
    recipe.data = own
    try OutputFile(folder + "/recipe.yaml", inputs: []).write(recipe.json.yaml())
    for (position, dimension) in study.space.dimensions.enumerated() {
      let plot = picture(dimension, result)
      try OutputFile(folder + "/setting-\(position + 1).svg", inputs: []).write(plot.svg())
    }
    return outcome
  }

  /// The scores of the first rung against the values of one setting.
  private func picture(_ dimension: TuningDimension, _ result: StudyResult) -> ScatterPlot {
    var x: [Double] = []
    var y: [Double] = []
    var label = dimension.key
    for trial in result.trials {
      guard let score = trial.rungs.first?.score,
        let value = trial.settings.first(where: { $0.name == dimension.key })?.value
      else { continue }
      switch dimension.candidates {
      case .choice(let choices): x.append(Double((choices.firstIndex(of: value) ?? 0) + 1))
      case .range(let range): x.append(range.isLogarithmic ? log10(value.number ?? 1) : value.number ?? 0)
      }
      y.append(score)
    }
    switch dimension.candidates {
    case .choice(let choices):
      label += ": " + choices.enumerated().map { "\($0 + 1) is \($1.encoded())" }.joined(separator: ", ")
    case .range(let range): if range.isLogarithmic { label = "log10 of " + label }
    }
    return ScatterPlot(
      title: "\(result.metric.name) by \(dimension.key)", xLabel: label, yLabel: result.metric.name,
      groups: [Series("trials", x: x, y: y)])
  }

  private func text(_ result: StudyResult, path: String, folder: String, seconds: Double) -> String {
    func row(_ name: String, _ mean: FoldMean) -> [String] {
      [
        name, decimals(mean.mean, 4),
        mean.interval.map { "[\(decimals($0.low, 4)), \(decimals($0.high, 4))]" } ?? "",
      ]
    }
    let winner = "trial \(result.winner.index)"
    let rows = [
      row("the recipe", result.recipeMean), row(winner, result.winnerMean), row("difference", result.difference),
    ].prefix(result.winner.index == 0 ? 1 : 3)
    let settings = result.winner.settings.map { "  \($0.name): \($0.value.encoded())" }
    let verdict =
      switch result.verdict {
      case .better: "\(winner) is better than the recipe."
      case .worse: "\(winner) is worse than the recipe."
      case .notDistinguishable:
        result.winner.index == 0
          ? "No trial is better than the recipe." : "\(winner) is not distinguishable from the recipe."
      }
    return """
      \(result.finishedCount) of \(result.trials.count) trials in \(decimals(seconds, 2)) s

      \(textTable([["", result.metric.name, "95 % interval"]] + rows, alignsLeft: [0, 2]))

      \(verdict)
      \((settings.isEmpty ? [] : ["Its settings:"] + settings).joined(separator: "\n"))
      Saved \(path), and its recipe and the pictures of the search in \(folder).
      """
  }
}
