// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet train`: from data to a saved model.
//
// Before    RecipeOptions.swift     After    NextSteps.swift

import ArgumentParser
import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletSearch
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

  @OptionGroup var options: RecipeOptions
  @Option(help: "Judge the recipe by this many folds too, of the rows that are not for the test.") var folds: Int?
  @Flag(help: "Print one JSON object instead of a table.") var json = false
  @Flag(help: "Print only the result and warnings, no progress.") var quiet = false
  @Flag(help: "Replace a model that exists already.") var force = false
  @Flag(help: "Resume an interrupted run from its last checkpoint (see training.checkpoint).") var resume = false
  @OptionGroup(title: "Tracking") var tracking: TrackingOptions
  @OptionGroup(title: "Watching") var watching: LiveOptions

  func validate() throws {
    guard folds.map((2...1000).contains) != false else { throw ValidationError("--folds is from 2 to 1000.") }
  }

  func run() throws {
    try reportingErrors {
      let recipe = try resolvedRecipe()
      let name = try options.name(of: recipe)
      let path = options.output ?? "Models/\(name)"
      // Checked before any data are read, and not after an hour of training.
      let isResumed = resume && Checkpoints(path + ".checkpoint").exists
      try writing { try OutputFolder.model.check(path, isForced: force || isResumed) }
      try ProtectedFiles.refuse(replacing: path, trainedOn: recipe.data)
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
    if let folds { try CrossValidation(folds: folds).check(recipe, on: experiment) }
    let description = RunDescription(of: experiment, recipe, name: name, command: command(path))
    let live = try watching.opened(name)
    let watchers: [any RunObserver] = live.map { [$0] } ?? []
    let tracking = try Tracking(self.tracking, description, output: path)
    var findings: [Finding] = []
    var end = "The training ended with an error; the terminal says which."
    var hasDiverged = false
    defer {
      if hasDiverged { findings.forEach { printError("\($0.code)  \($0.sentence)") } }
      live?.end(end, findings)
    }
    var scores: FoldScores?
    let outcome = try tracking.following(path) { observers in
      defer { progress.finish() }
      let observer = Observers([terminal] + observers + watchers)
      var run = try experiment.prepare(recipe, name: name, command: description.command, observer: observer)
      run.checkpoints = checkpoints
      live?.knows(run)
      let outcome: TrainingOutcome
      do { outcome = try run.outcome(observer) } catch let error as DivergenceError {
        hasDiverged = true
        findings = diagnosis(of: RunEvidence(run, diverged: error))
        throw error
      }
      findings = diagnosis(of: RunEvidence(run, outcome))
      end =
        "Over after \(outcome.fit.epochs) epochs (\(outcome.fit.ending.rawValue)); epoch \(outcome.fit.bestEpoch) is kept."
      try writing { try outcome.bundle.recording(findings).save(to: path) }
      if let folds, outcome.fit.ending != .interrupted {
        scores = try FoldScores(of: recipe, on: experiment, count: folds, observer: terminal)
        if let scores { tracking.add(scores.metrics) }
      }
      return outcome
    }
    defer { tracking.finish() }
    if outcome.fit.ending != .interrupted { checkpoints.remove() }
    outcome.warnings.forEach { printError("warning: \($0)") }
    let next = NextSteps(outcome: outcome, findings: findings, path: path) {
      command(path, program: programPath, adding: $0)
    }
    let object = JSONValue.object(
      (outcome.json(path: path).members ?? []) + [.init("diagnosis", .array(findings.map(\.json)))]
        + (scores.map { [.init("folds", $0.json)] } ?? []))
    let byFolds = scores.map { "\n\n" + $0.text } ?? ""
    print(json ? object.encoded() : TrainCommand.table(outcome) + byFolds + "\n" + next.text)
    if outcome.fit.ending == .interrupted || folds != nil && scores == nil { throw ExitStatus.interrupted }
  }

  /// Defaults < recipe file < flags < --set.
  func resolvedRecipe() throws -> Recipe { try options.resolved(options.document()) }

  /// The command that makes the same model again, ready to be pasted.
  ///
  /// - Parameter words: More flags.
  func command(_ path: String, program: String = "swiftlet", adding words: [String] = []) -> String {
    shellCommand(
      [program, "train"] + GivenSetting.replaced(options.given, in: options.words, by: words)
        + optionWords("output", path) + ["--force"])
  }

  /// The figures: a line for each measure, a column for each part of the rows.
  static func table(_ figures: Figures) -> String {
    let rows = figures.judged.metrics.map { metric in
      [metric.name]
        + (figures.parts.map(\.metrics) + [figures.baseline]).map { $0[metric.name].map { decimals($0, 4) } ?? "" }
    }
    return textTable([[""] + figures.parts.map(\.split.rawValue) + ["baseline"]] + rows)
  }

  /// The figures, and how the fit went.
  static func table(_ outcome: TrainingOutcome) -> String {
    let fit = outcome.fit
    let kept = fit.bestEpoch == fit.epochs ? "" : "; epoch \(fit.bestEpoch) was the best and is kept"
    return """
      \(table(outcome.figures))

      \(fit.epochs) epochs in \(decimals(fit.seconds, 2)) s (\(fit.ending.rawValue)\(kept)), \(Int(min(fit.examplesPerSecond, 1e12))) examples/s
      """
  }
}
