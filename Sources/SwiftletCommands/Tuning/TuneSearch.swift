// SPDX-License-Identifier: Apache-2.0
//
// A search from its first trial to the saved winner.
//
// Before    TuneCommand.swift     After    TuneText.swift

import ArgumentParser
import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletReports
import SwiftletSearch
import SwiftletTracking
import SwiftletTraining

/// A search, with what is printed and written of it.
struct TuneSearch {
  private let options: TuneOptions
  private let prepared: TuneOptions.Prepared
  private let tracking: StudyTracking

  init(_ options: TuneOptions, _ prepared: TuneOptions.Prepared, _ tracking: TrackingOptions) throws {
    self.options = options
    self.prepared = prepared
    let words = ["swiftlet", "tune"] + options.recipe.words
    self.tracking = try StudyTracking(
      tracking, prepared, command: shellCommand(words + optionWords("output", prepared.path) + ["--force"]))
  }

  /// Runs what is left of it, and saves the winner.
  ///
  /// - Parameter isOver: Whether no further trial is to begin.
  func run(until isOver: @escaping @Sendable () -> Bool) throws {
    do {
      let begin = ContinuousClock.now
      let result = try search(isOver)
      let elapsed = (ContinuousClock.now - begin).components
      let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
      let outcome = try save(result)
      let findings = try StudyDiagnosis.findings(result, outcome, prepared.experiment.data)
      tracking.end(result, bundle: prepared.path)
      outcome.warnings.forEach { printError("warning: \($0)") }
      let json = result.json(study: prepared.folder, model: prepared.path, seconds: seconds)
      print(
        options.json
          ? JSONValue.object((json.members ?? []) + [.init("diagnosis", .array(findings.map(\.json)))]).encoded()
          : TuneText.text(result, findings, path: prepared.path, folder: prepared.folder, seconds: seconds))
    } catch let code as ExitCode {
      tracking.end(.interrupted)
      throw code
    } catch {
      tracking.end(.failed, error: "\(error)")
      throw error
    }
  }

  private func search(_ isOver: @escaping @Sendable () -> Bool) throws -> StudyResult {
    let isQuiet = options.quiet
    let tracking = tracking
    var study = prepared.study
    study.isOver = isOver
    return try TuneSearch.interruptible { observer in
      try study.run(observer: observer) { event in
        switch event {
        case .judged(let trial):
          tracking.saw(trial)
          if !isQuiet { printError("trial \(trial.index): \(TuneText.sentence(of: trial))") }
        case .finished(let trial):
          tracking.saw(trial)
          if !isQuiet { printError("trial \(trial.index): \(trial.error ?? "judged by folds")") }
        }
      }
    }
  }

  /// Does work that Ctrl-C ends between two batches.
  static func interruptible<Result>(_ body: (any RunObserver) throws -> Result) throws -> Result {
    let interruption = Interruption(
      says: "Ending after this batch. The same command goes on from here. Ctrl-C again ends at once.")
    let observer = TerminalObserver(
      progress: ProgressLine(isQuiet: true), interruption: interruption, isQuiet: true)
    do { return try body(observer) } catch is CancellationError { throw ExitStatus.interrupted }
  }

  /// Trains the winner on the recipe's own split, and writes it, its recipe and the pictures.
  private func save(_ result: StudyResult) throws -> TrainingOutcome {
    var recipe = try prepared.study.recipe(of: result.winner)
    let own = URL(fileURLWithPath: recipe.data).path
    let command = shellCommand(
      ["swiftlet", "train", prepared.folder + "/recipe.yaml"] + optionWords("output", prepared.path) + ["--force"])
    let outcome = try prepared.experiment.run(recipe, name: prepared.name, command: command)
    try writing { try outcome.bundle.save(to: prepared.path) }
    recipe.data = own
    try OutputFile(prepared.folder + "/recipe.yaml", inputs: []).write(recipe.json.yaml())
    for (position, dimension) in prepared.study.space.dimensions.enumerated() {
      let plot = TuneText.picture(dimension, result)
      try OutputFile(prepared.folder + "/setting-\(position + 1).svg", inputs: []).write(plot.svg())
    }
    return outcome
  }
}
