// SPDX-License-Identifier: Apache-2.0
//
// StudyTracking: a search in the list of runs, with its trials as parts of it.
//
// The name of its run stands in its folder, so that a search that goes on is the same run, and a trial the same part.
//
// Before    StudyDiagnosis.swift     After    SettingsCommand.swift

import Foundation
import SwiftletModels
import SwiftletSearch
import SwiftletTracking
import SwiftletTraining
import Synchronization

/// What notes a search.
final class StudyTracking: Sendable {
  private let prepared: TuneOptions.Prepared
  private let log: RunLog
  private let run: LoggedRun
  private let trials = Mutex<[Int: NotedTrial]>([:])

  /// A trial, and how much of it was noted.
  private struct NotedTrial {
    let run: LoggedRun
    var rungCount = 0
    var foldCount = 0
  }

  /// Begins to note a search, or goes on.
  init(_ options: TrackingOptions, _ prepared: TuneOptions.Prepared, command: String) throws {
    self.prepared = prepared
    let file = prepared.folder + "/run"
    let known = (try? String(contentsOfFile: file, encoding: .utf8)).flatMap { text in
      text.count == 16 && text.allSatisfy(\.isHexDigit) ? text : nil
    }
    log = RunLog(to: try options.places(output: prepared.path, continues: known != nil))
    run = log.begin(StudyTracking.description(prepared, prepared.study.recipe, "tune", command), id: known)
    if known == nil { try? run.id.write(toFile: file, atomically: true, encoding: .utf8) }
  }

  private static func description(
    _ prepared: TuneOptions.Prepared, _ recipe: Recipe, _ kind: String?, _ command: String
  ) -> RunDescription {
    var description = RunDescription(of: prepared.experiment, recipe, name: prepared.name, command: command)
    if let kind { description.kind = kind }
    description.headline = prepared.study.metric.name
    return description
  }

  /// Notes what is new of a trial.
  func saw(_ trial: Trial) {
    let metric = prepared.study.metric
    guard let noted = noted(trial) else { return }
    let rungs = trial.rungs.dropFirst(noted.rungCount)
    let now = Date().timeIntervalSince1970
    noted.run.add(
      rungs.map { RunPoint(name: "validation_" + metric.name, step: $0.epochs, value: $0.score, time: now) })
    if let last = rungs.last { noted.run.judge(score: last.score) }
    let scores = trial.folds.compactMap { $0[metric.name] }
    guard scores.count > noted.foldCount else { return }
    noted.run.add([StudyTracking.measure(metric.name, FoldMean(scores, folds: scores.count, within: metric.range))])
  }

  /// What was noted of a trial before; from now on, all that is known of it is.
  private func noted(_ trial: Trial) -> NotedTrial? {
    trials.withLock { trials in
      guard let noted = trials[trial.index] ?? begun(trial) else { return nil }
      trials[trial.index] = NotedTrial(run: noted.run, rungCount: trial.rungs.count, foldCount: trial.folds.count)
      return noted
    }
  }

  private func begun(_ trial: Trial) -> NotedTrial? {
    guard let recipe = try? prepared.study.recipe(of: trial) else { return nil }
    var description = StudyTracking.description(prepared, recipe, nil, "")
    description.name = "trial-\(trial.index)"
    description.parent = run.id
    return NotedTrial(run: log.begin(description, id: run.partID(trial.index)))
  }

  private static func measure(_ metric: String, _ mean: FoldMean) -> RunMetric {
    RunMetric(
      split: "folds", name: metric, value: mean.mean, low: mean.interval?.low, high: mean.interval?.high)
  }

  /// Notes the result, with the trials that were there before.
  func end(_ result: StudyResult, bundle: String) {
    for trial in result.trials where !trial.rungs.isEmpty || trial.error != nil {
      saw(trial)
      noted(trial)?.run.end(RunEnd(trial.error == nil ? .completed : .failed, error: trial.error))
    }
    run.add([StudyTracking.measure(result.metric.name, result.winnerMean)])
    run.judge(score: result.winnerMean.mean)
    run.tag("winner", "trial \(result.winner.index)")
    run.tag("verdict", result.verdict.rawValue)
    run.end(RunEnd(.completed, bundle: bundle))
    finish()
  }

  /// Notes that the search did not come to its end.
  func end(_ state: RunState, error: String? = nil) {
    for trial in trials.withLock({ Array($0.values) }) { trial.run.end(RunEnd(.interrupted)) }
    run.end(RunEnd(state, error: error))
    finish()
  }

  private func finish() {
    for warning in log.finish() { printError("warning: \(warning)") }
  }
}
