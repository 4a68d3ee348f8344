// SPDX-License-Identifier: Apache-2.0
//
// Study: a search for better settings that says so when it found none.
//
// All trials begin; the better third of them is continued, and then the better third of these. The last ones, and the
// recipe itself, are trained and judged on folds. For one small set of validation rows, searched long enough, always
// crowns somebody: the more trials, the luckier the winner. On folds, and in a paired comparison with the recipe, the
// luck of one split is gone. The rows of the test are never looked at.
//
// Before    StudyFolder.swift     After    StudyResult.swift
// Source    Jamieson, Talwalkar, "Non-stochastic Best Arm Identification and Hyperparameter Optimization" (2016);
//           Cawley, Talbot, "On Over-fitting in Model Selection" (2010)

import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTensors
import SwiftletTraining
import Synchronization

/// A search for better settings.
public struct Study: Sendable {
  /// The recipe that is varied.
  public let recipe: Recipe
  /// How the search goes about it.
  public let options: TuningOptions
  /// What is varied.
  public let space: TuningSpace
  /// Where the trials are kept; `nil` to keep none.
  public var folder: StudyFolder?
  /// Number of trials that are trained at the same time; the result is the same for any.
  public var workers = min(2, OpenBLAS.processorCount)
  /// Asked before each trial: whether no further one is to begin. The recipe's own always does, and the finalists among
  /// those that are there are judged.
  public var isOver: @Sendable () -> Bool = { false }
  /// What chooses.
  public private(set) var metric = ScoreMetric("")
  private let experiment: Experiment

  /// A study that has not begun.
  ///
  /// - Parameters:
  ///   - recipe: Where the search begins: trial 0.
  ///   - options: What is tried, and how often.
  ///   - experiment: The rows; those of the recipe's own test are left out at once.
  /// - Throws: `DataError` for a space or a metric that cannot be searched, and if there are no validation rows.
  public init(_ recipe: Recipe, _ options: TuningOptions, on experiment: Experiment) throws {
    var recipe = recipe
    recipe.training.threads = 1
    recipe.training.checkpoint = 0
    self.recipe = recipe
    self.options = options
    self.experiment = experiment
    space = try options.search.map { try TuningSpace($0, varying: recipe) } ?? TuningSpace(usualFor: recipe)
    guard try experiment.fold(recipe.split).splits.contains(.validation) else {
      throw DataError("A search chooses by validation rows, and there are none. Use --set split.validation=0.2.")
    }
    metric = try ChoosingRows(self, experiment).metric  // a metric that does not exist, before a folder is made
    _ = try experiment.withoutTestRows(recipe.split).folds(recipe.split, count: options.folds, repeats: 1)
  }

  /// What the study is of.
  public var identity: JSONValue {
    [
      "recipe": recipe.json, "data_sha256": .string(experiment.data.sha256), "metric": .string(options.metric),
      "seed": JSONValue(Int(options.seed)), "folds": JSONValue(options.folds),
      "search": .object(space.dimensions.map { .init($0.key, .string("\($0.candidates)")) }),
    ]
  }

  /// Something that happened in a study.
  public enum Event: Sendable {
    /// A trial has a score after some epochs, or an error.
    case judged(Trial)
    /// A finalist was judged by folds.
    case finished(Trial)
  }

  /// The numbers of epochs after which trials are compared.
  var rungs: [Int] {
    let epochs = recipe.training.epochs
    let first = min(epochs, max(2, epochs / 27))
    return [first, min(epochs, first * 3)]
  }

  /// Runs what has not been run yet.
  ///
  /// - Parameters:
  ///   - observer: May end it between two batches.
  ///   - saw: Called with what happened, on any thread.
  /// - Throws: The recipe's own error; and `CancellationError` if the observer ended it: the folder keeps what is done.
  public func run(
    observer: any RunObserver = NoObserver(), saw: @escaping @Sendable (Event) -> Void = { _ in }
  ) throws -> StudyResult {
    var trials = try (0..<options.trials).map(known)
    let choosing = try ChoosingRows(self, experiment)
    let running = Mutex<[Int: RunningTrial]>([:])
    var alive = trials.map(\.index)
    for (step, epochs) in rungs.enumerated() {
      let waiting = alive.filter { trials[$0].error == nil && trials[$0].score(after: epochs) == nil }
      let known = trials
      let judged = try inParallel(waiting.count, workers: workers) { position in
        let index = waiting[position]
        if index > 0, isOver() { return known[index] }
        let found = running.withLock { $0[index] }
        let (trial, state) = try choosing.judge(known[index], after: epochs, found, observer)
        running.withLock { $0[index] = state }
        try folder?.write(trial)
        saw(.judged(trial))
        return trial
      }
      for trial in judged { trials[trial.index] = trial }
      if let error = trials[0].error { throw DataError("The recipe itself fails: \(error)") }
      let count = step == 0 ? max(options.finalists, (options.trials + 2) / 3) : options.finalists
      alive = best(count, of: alive, trials, after: epochs, choosing.metric)
      running.withLock { running in running = running.filter { alive.contains($0.key) } }
    }
    let finalists = Array(Set(alive + [0])).sorted()
    for index in finalists where trials[index].folds.isEmpty && trials[index].error == nil {
      trials[index] = try judgedByFolds(trials[index], observer)
      try folder?.write(trials[index])
      saw(.finished(trials[index]))
    }
    return try StudyResult(self, trials, finalists: finalists, choosing.metric)
  }

  /// Runs one trial alone to its last epoch, as one of an array of jobs does.
  ///
  /// - Parameters:
  ///   - index: From 0, the recipe itself, up to but not including the number of trials.
  ///   - observer: May end it between two batches.
  /// - Returns: The trial, which is in the folder too; of one that is there already nothing is repeated.
  /// - Throws: What a run throws, but for what is the fault of the trial's settings; and `CancellationError`.
  public func runTrial(_ index: Int, observer: any RunObserver = NoObserver()) throws -> Trial {
    var trial = try known(index)
    let choosing = try ChoosingRows(self, experiment)
    var state: RunningTrial?
    for epochs in rungs where trial.error == nil && trial.score(after: epochs) == nil {
      (trial, state) = try choosing.judge(trial, after: epochs, state, observer)
      try folder?.write(trial)
    }
    return trial
  }

  /// A trial as far as it was run.
  private func known(_ index: Int) throws -> Trial {
    let trial = Trial(index, index == 0 ? [] : space.settings(ofTrial: index, seed: options.seed))
    var known = try folder?.read(trial) ?? trial
    if known.folds.count != options.folds { known.folds = [] }
    return known
  }

  /// The recipe of a trial.
  public func recipe(of trial: Trial) throws -> Recipe { try trial.recipe(varying: recipe, seed: options.seed) }

  /// The best of some trials; of equal ones, the earlier.
  private func best(_ count: Int, of alive: [Int], _ trials: [Trial], after epochs: Int, _ metric: ScoreMetric) -> [Int]
  {
    let scored = alive.compactMap { index -> Trial.Rung? in
      let trial = trials[index]
      // One that was not continued, because the time was over, counts by what is known of it.
      guard trial.error == nil, let score = trial.score(after: epochs) ?? trial.rungs.last?.score else { return nil }
      return Trial.Rung(epochs: index, score: metric.isLoss ? score : -score)
    }
    return scored.sorted { ($0.score, $0.epochs) < ($1.score, $1.epochs) }.prefix(count).map(\.epochs).sorted()
  }

  private func judgedByFolds(_ trial: Trial, _ observer: any RunObserver) throws -> Trial {
    var trial = trial
    let validation = CrossValidation(folds: options.folds, workers: workers)
    do {
      trial.folds = try validation.metrics(of: recipe(of: trial), on: experiment, observer: observer)
    } catch let error as DivergenceError {
      guard trial.index > 0 else { throw error }
      trial.error = "\(error)"
    }
    return trial
  }
}

/// A trial between two rungs.
struct RunningTrial: Sendable {
  let run: Run
  var fit: ContinuedFit?
}

/// The rows that choose: those of the recipe's own split, without the test.
struct ChoosingRows: Sendable {
  let study: Study
  let metric: ScoreMetric
  private let experiment: Experiment
  private let fold: Fold
  private let usual: PreparedData

  init(_ study: Study, _ experiment: Experiment) throws {
    self.study = study
    let splits = try experiment.fold(study.recipe.split).splits
    self.experiment = try experiment.withoutTestRows(study.recipe.split)
    fold = Fold(splits.filter { $0 != .test })
    usual = try PreparedData(self.experiment, fold, study.recipe.pipeline)
    let run = Run(recipe: study.recipe, data: usual, name: "trial")
    let measured = try run.metrics(of: run.untrainedNetwork(), on: .validation)
    metric = try ScoreMetric.choose(study.options.metric.isEmpty ? nil : study.options.metric, among: measured)
  }

  /// Trains a trial until some epochs are over, and measures it on the validation rows.
  func judge(
    _ trial: Trial, after epochs: Int, _ running: RunningTrial?, _ observer: any RunObserver
  ) throws -> (Trial, RunningTrial?) {
    var trial = trial
    do {
      var running = try running ?? begin(trial)
      if running.fit == nil, let last = trial.rungs.last {  // a convex fit has ended, and has no more epochs
        trial.rungs.append(.init(epochs: epochs, score: last.score))
        return (trial, running)
      }
      let stopping = StopOnly(observer)
      var network = try running.run.untrainedNetwork()
      let report: FitReport
      if var fit = running.fit {
        report = try fit.advance(to: epochs, stopping)
        network = fit.network
        running.fit = fit
      } else {
        report = try running.run.fit(&network, stopping)
      }
      guard report.ending != .interrupted else { throw CancellationError() }
      let metrics = try running.run.metrics(of: network, on: .validation)
      if let score = metrics[metric.name], score.isFinite {
        trial.rungs.append(.init(epochs: epochs, score: score))
        return (trial, running)
      }
      trial.error = "\(metric.name) is not a number."
    } catch let error as DivergenceError {
      trial.error = "\(error)"
    } catch let error as DataError {
      trial.error = "\(error)"
    }
    return (trial, nil)
  }

  private func begin(_ trial: Trial) throws -> RunningTrial {
    let recipe = try study.recipe(of: trial)
    let data =
      recipe.pipeline == study.recipe.pipeline ? usual : try PreparedData(experiment, fold, recipe.pipeline)
    let run = Run(recipe: recipe, data: data, name: "trial")
    return RunningTrial(run: run, fit: try run.continuedFit())
  }
}
