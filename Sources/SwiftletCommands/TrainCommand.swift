// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet train`: from data to a saved model.
//
// Before    RecipeLocation.swift     After    NextSteps.swift

import ArgumentParser
import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTracking
import SwiftletTraining
import SwiftletUnderstanding

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model on a dataset folder, a recipe or a data file.",
    discussion: """
      SOURCE is a folder with a dataset.yaml, a folder with a folder of pictures for each class, a recipe (.yaml), a \
      data file (.csv .tsv .jsonl, gzipped or not; .sqlite with --table or --query), or - for standard input.

      What you do not set is chosen for you: the task by the target's values, the split by a rule, an MLP as the \
      model. `swiftlet help settings` lists everything that can be set, in a recipe or with --set:

        swiftlet train Datasets/iris
        swiftlet train my.csv --target price --epochs 100
        swiftlet train photos --model cnn --set source.image_size=32
        swiftlet train my.csv --target churn --model logistic --set pipeline.numeric.impute=mean
      """)

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
  @Flag(help: "Print one JSON object instead of a table.") var json = false
  @Flag(help: "Print only the result and warnings, no progress.") var quiet = false
  @Flag(help: "Replace a model that exists already.") var force = false
  @Flag(help: "Resume an interrupted run from its last checkpoint (see training.checkpoint).") var resume = false
  @OptionGroup(title: "Tracking") var tracking: TrackingOptions
  @OptionGroup(title: "Watching") var watching: LiveOptions

  func run() throws {
    try reportingErrors {
      let recipe = try resolvedRecipe()
      let name = try modelName(recipe)
      let path = output ?? "Models/\(name)"
      // Checked before any data are read, and not after an hour of training.
      let isResumed = resume && Checkpoints(path + ".checkpoint").exists
      try writing { try OutputFolder.model.check(path, isForced: force || isResumed) }
      if recipe.training.checkpoint > 0 {
        try writing { try OutputFolder.checkpoint.check(path + ".checkpoint", isForced: true) }
      }
      try train(recipe, name: name, path: path)
    }
  }

  private func train(_ recipe: Recipe, name: String, path: String) throws {
    let progress = ProgressLine(isQuiet: quiet)
    let interruption = Interruption()
    let terminal = TerminalObserver(progress: progress, interruption: interruption, isQuiet: quiet)
    let checkpoints = Checkpoints(path + ".checkpoint", resumes: resume)
    let experiment = try Experiment(DataLoader(recipe), recipe)
    let description = RunDescription(of: experiment, recipe, name: name, command: command(path))
    let live = try watching.opened(name)
    let watchers: [any RunObserver] = live.map { [$0] } ?? []
    let tracking = try Tracking(self.tracking, description, output: path)
    var findings: [Finding] = []
    var end = "The training ended with an error; the terminal says which."
    defer { live?.end(end, findings) }
    let outcome = try tracking.following(path) { observers in
      defer { progress.finish() }
      let observer = Observers([terminal] + observers + watchers)
      var run = try experiment.prepare(recipe, name: name, command: description.command, observer: observer)
      run.checkpoints = checkpoints
      live?.knows(run)
      let outcome = try run.outcome(observer)
      findings = diagnosis(of: RunEvidence(run, outcome))
      end =
        "Over after \(outcome.fit.epochs) epochs (\(outcome.fit.ending.rawValue)); epoch \(outcome.fit.bestEpoch) is kept."
      try writing { try outcome.bundle.recording(findings).save(to: path) }
      return outcome
    }
    defer { tracking.finish() }
    if outcome.fit.ending != .interrupted { checkpoints.remove() }
    outcome.warnings.forEach { printError("warning: \($0)") }
    let next = NextSteps(outcome: outcome, findings: findings, path: path) {
      command(path, program: programPath, adding: $0)
    }
    let object = JSONValue.object(
      (outcome.json(path: path).members ?? []) + [.init("diagnosis", .array(findings.map(\.json)))])
    print(json ? object.encoded() : TrainCommand.table(outcome) + "\n" + next.text)
    if outcome.fit.ending == .interrupted { throw ExitStatus.interrupted }
  }

  /// Defaults < recipe file < flags < --set.
  func resolvedRecipe() throws -> Recipe {
    let location = RecipeLocation(source: source, recipe: recipe)
    let document = try location.document()
    let data: (path: String, value: JSONValue) = ("data", .string(location.data(in: document)))
    return try Recipe(document, settings: [data] + (flags + settings).map { ($0.key, $0.value) })
  }

  private var flags: [GivenSetting] {
    [
      target, task, model, hidden, epochs, batchSize, learningRate, optimizer, l2, seed, threads, table, query,
    ].compactMap { $0 }
  }

  private func modelName(_ recipe: Recipe) throws -> String {
    if let output { return output.split(separator: "/").last.map(String.init) ?? output }
    if let dataset = try DataLoader.description(at: recipe.data) { return dataset.name }
    return DataLoader.baseName(recipe.data)
  }

  /// The command that makes the same model again, ready to be pasted.
  ///
  /// - Parameter words: More flags.
  func command(_ path: String, program: String = "swiftlet", adding words: [String] = []) -> String {
    let place = source.hasPrefix("-") && source != "-" ? "./" + source : source
    let own = [program, "train", place] + (recipe.map { optionWords("recipe", $0) } ?? [])
    let given = (flags + settings).flatMap(\.words)
    return shellCommand(own + given + words + optionWords("output", path) + ["--force"])
  }

  /// The figures, and how the fit went.
  static func table(_ outcome: TrainingOutcome) -> String {
    let figures = outcome.figures
    let rows = figures.judged.metrics.map { metric in
      [metric.name]
        + (figures.parts.map(\.metrics) + [figures.baseline]).map { $0[metric.name].map { decimals($0, 4) } ?? "" }
    }
    let fit = outcome.fit
    let kept = fit.bestEpoch == fit.epochs ? "" : "; epoch \(fit.bestEpoch) was the best and is kept"
    return """
      \(textTable([[""] + figures.parts.map(\.split.rawValue) + ["baseline"]] + rows))

      \(fit.epochs) epochs in \(decimals(fit.seconds, 2)) s (\(fit.ending.rawValue)\(kept)), \(Int(min(fit.examplesPerSecond, 1e12))) examples/s
      """
  }
}
