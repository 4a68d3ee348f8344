// SPDX-License-Identifier: Apache-2.0
//
// Comparison: is one recipe better than another, or was it lucky?
//
// All recipes see the same folds, so their scores are compared fold by fold: what makes a fold hard is the same for all
// of them, and drops out of the differences.
//
// Before    CrossValidation.swift     After    ScoreMetric.swift
// Source    Nadeau, Bengio, "Inference for the Generalization Error" (2003); Dietterich (1998)

import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTraining

/// Recipes, compared by the same folds.
public struct Comparison: Sendable {
  /// A recipe, and the rows that it asks about.
  public struct Candidate: Sendable {
    /// What it is called in the result.
    public let name: String
    /// What decides its runs.
    public let recipe: Recipe
    /// Its rows.
    public let experiment: Experiment

    /// A recipe under a name.
    public init(_ name: String, _ recipe: Recipe, _ experiment: Experiment) {
      self.name = name
      self.recipe = recipe
      self.experiment = experiment
    }
  }

  /// The scores of a recipe.
  public struct Scored: Sendable {
    /// Its name.
    public let name: String
    /// One score for each fold of each repeat.
    public let scores: [Double]
    /// Their mean.
    public let mean: FoldMean
  }

  /// The scores of one recipe less those of another.
  public struct Difference: Sendable {
    /// The recipe that the other is compared with.
    public let a: String
    /// The recipe that is judged.
    public let b: String
    /// The mean of b − a.
    public let mean: FoldMean
    /// What it says of b.
    public let verdict: Verdict
  }

  /// What the scores are.
  public let metric: ScoreMetric
  /// Number of folds, and of repeats.
  public let validation: CrossValidation
  /// The recipes in the order in which they were given.
  public let recipes: [Scored]
  /// Every recipe after the first, compared with the first; then the others with each other.
  public let differences: [Difference]

  /// Trains and judges every recipe on every fold.
  ///
  /// - Parameters:
  ///   - candidates: At least one.
  ///   - metric: The name of the metric; `nil` for the loss.
  ///   - validation: The folds that all of them are judged on.
  ///   - observer: May end it between two batches.
  ///   - progress: Called after each fold with the recipe's name.
  /// - Throws: `DataError` for recipes that do not ask the same question of the same rows; and what a run throws.
  public init(
    _ candidates: [Candidate], by metric: String? = nil, _ validation: CrossValidation,
    observer: any RunObserver = NoObserver(),
    progress: @escaping @Sendable (String, CrossValidation.Step) -> Void = { _, _ in }
  ) throws {
    try Comparison.checkAgreement(candidates)
    var chosen: ScoreMetric?
    var recipes: [Scored] = []
    for candidate in candidates {
      let folds = try validation.metrics(of: candidate.recipe, on: candidate.experiment, observer: observer) {
        progress(candidate.name, $0)
      }
      let own = try chosen ?? ScoreMetric.choose(metric, among: folds.first ?? [])
      chosen = own
      let scores = try own.scores(folds)
      recipes.append(
        Scored(name: candidate.name, scores: scores, mean: FoldMean(scores, folds: validation.folds, within: own.range))
      )
    }
    let metric = chosen ?? ScoreMetric("")
    self.metric = metric
    self.validation = validation
    self.recipes = recipes
    differences = recipes.indices.flatMap { a in
      recipes.indices.dropFirst(a + 1).map { b in
        let mean = FoldMean(zip(recipes[a].scores, recipes[b].scores).map { $1 - $0 }, folds: validation.folds)
        return Difference(
          a: recipes[a].name, b: recipes[b].name, mean: mean, verdict: Verdict(mean, isLoss: metric.isLoss))
      }
    }
  }

  /// Refuses recipes whose scores cannot be paired.
  private static func checkAgreement(_ candidates: [Candidate]) throws {
    guard let first = candidates.first else { return }
    for other in candidates.dropFirst() {
      let names = "\(first.name) and \(other.name)"
      guard first.experiment.data.sha256 == other.experiment.data.sha256,
        first.experiment.targetNames == other.experiment.targetNames,
        first.experiment.head.task == other.experiment.head.task, first.experiment.truth == other.experiment.truth
      else {
        throw DataError(
          "\(names) do not ask the same question: their data, or their targets, differ. Name the data for all of them with "
            + "--data.")
      }
      var own = other.recipe.split
      own.validation = first.recipe.split.validation  // which rows choose the epoch is each recipe's own business
      guard own == first.recipe.split else {
        throw DataError(
          "\(names) split the rows differently, so their folds cannot be paired. Give both the same split.")
      }
    }
  }

  /// What `compare --json` prints.
  public var json: JSONValue {
    [
      "metric": .string(metric.name), "folds": JSONValue(validation.folds), "repeats": JSONValue(validation.repeats),
      "recipes": .array(recipes.map { .object([.init("recipe", .string($0.name))] + $0.mean.members) }),
      "differences": .array(
        differences.map { difference in
          .object(
            [.init("a", .string(difference.a)), .init("b", .string(difference.b))] + difference.mean.members
              + [.init("verdict", .string(difference.verdict.rawValue))])
        }),
    ]
  }
}

extension FoldMean {
  /// The mean and both ends of its interval.
  var members: [JSONValue.Member] {
    [.init("mean", .number(mean))]
      + (interval.map { [.init("low", .number($0.low)), .init("high", .number($0.high))] } ?? [])
  }
}
