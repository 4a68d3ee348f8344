// SPDX-License-Identifier: Apache-2.0
//
// StudyResult: the winner, the recipe, and whether the one is better than the other.
//
// Before    Study.swift     After    -

import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTraining

/// What a study found.
public struct StudyResult: Sendable {
  /// The metric that chose.
  public let metric: ScoreMetric
  /// All trials, finished or not.
  public let trials: [Trial]
  /// The trial with the best mean over the folds.
  public let winner: Trial
  /// The mean of the winner's folds.
  public let winnerMean: FoldMean
  /// The mean of the recipe's own folds.
  public let recipeMean: FoldMean
  /// The winner's scores less the recipe's, fold by fold.
  public let difference: FoldMean
  /// What the difference says.
  public let verdict: Verdict

  init(_ study: Study, _ trials: [Trial], finalists: [Int], _ metric: ScoreMetric) throws {
    let folds = study.options.folds
    let own = try metric.scores(trials[0].folds)
    var winner = trials[0]
    var scores = own
    for index in finalists where index > 0 && trials[index].error == nil {
      guard let other = try? metric.scores(trials[index].folds) else { continue }
      let gain = mean(scores) - mean(other)
      if metric.isLoss ? gain > 0 : gain < 0 {
        winner = trials[index]
        scores = other
      }
    }
    self.metric = metric
    self.trials = trials
    self.winner = winner
    winnerMean = FoldMean(scores, folds: folds, within: metric.range)
    recipeMean = FoldMean(own, folds: folds, within: metric.range)
    difference = FoldMean(zip(scores, own).map { $0 - $1 }, folds: folds)
    verdict = Verdict(difference, isLoss: metric.isLoss)
  }

  /// Number of trials that ended without an error.
  public var finishedCount: Int { trials.count { $0.error == nil && !$0.rungs.isEmpty } }

  /// By how much the two best trials differ on the validation rows, of those that were trained longest; `nil` if there
  /// are not two, and if the folds have compared them, for then the validation rows did not choose between them.
  public var validationGap: Double? {
    let known = trials.filter { $0.error == nil }.compactMap { trial in
      trial.rungs.last.map { (trial: trial, rung: $0) }
    }
    guard let longest = known.map(\.rung.epochs).max() else { return nil }
    func loss(_ rung: Trial.Rung) -> Double { metric.isLoss ? rung.score : -rung.score }
    let best = known.filter { $0.rung.epochs == longest }.sorted { loss($0.rung) < loss($1.rung) }.prefix(2)
    guard best.count == 2, best.contains(where: \.trial.folds.isEmpty) else { return nil }
    return loss(best[1].rung) - loss(best[0].rung)
  }

  /// What `tune --json` prints.
  public func json(study: String, model: String, seconds: Double) -> JSONValue {
    [
      "study": .string(study), "metric": .string(metric.name), "trials": JSONValue(trials.count),
      "finished": JSONValue(finishedCount), "seconds": .number(seconds), "recipe": .object(recipeMean.members),
      "winner": .object(
        [.init("trial", JSONValue(winner.index)), .init("settings", .object(winner.settings))] + winnerMean.members),
      "verdict": .string(verdict.rawValue), "model": .string(model),
    ]
  }
}
