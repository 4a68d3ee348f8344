// SPDX-License-Identifier: Apache-2.0
//
// `train --folds`: the measures of a recipe over folds, beside those of the one split.
//
// Before    NextSteps.swift     After    CompareCommand.swift

import SwiftletFormats
import SwiftletModels
import SwiftletSearch
import SwiftletTracking
import SwiftletTraining

/// The measures of a recipe over folds.
struct FoldScores {
  private let count: Int
  private let means: [(name: String, mean: FoldMean)]

  /// Trains and judges the recipe on every fold of the rows that are not for the test.
  ///
  /// - Returns: `nil` if the observer ended it.
  init?(of recipe: Recipe, on experiment: Experiment, count: Int, observer: any RunObserver) throws {
    let folds: [[Metric]]
    do {
      folds = try CrossValidation(folds: count).metrics(of: recipe, on: experiment, observer: observer)
    } catch is CancellationError {
      return nil
    }
    self.count = count
    means = (folds.first ?? []).map(\.name).map { name in
      (name, FoldMean(folds.compactMap { $0[name] }, folds: count, within: ScoreMetric(name).range))
    }
  }

  /// The same for the list of runs.
  var metrics: [RunMetric] {
    means.map {
      RunMetric(
        split: "folds", name: $0.name, value: $0.mean.mean, low: $0.mean.interval?.low, high: $0.mean.interval?.high)
    }
  }

  var text: String {
    let rows = means.map { name, mean in
      [
        name, decimals(mean.mean, 4),
        mean.interval.map { "[\(decimals($0.low, 4)), \(decimals($0.high, 4))]" } ?? "",
      ]
    }
    return "Over \(count) folds of the rows that are not for the test\n\n"
      + textTable([["", "mean", "95 % interval"]] + rows, alignsLeft: [0, 2])
  }

  var json: JSONValue {
    let measures = means.map { name, mean -> JSONValue.Member in
      let interval: [JSONValue.Member] =
        mean.interval.map { [.init("low", .number($0.low)), .init("high", .number($0.high))] } ?? []
      return .init(name, .object([.init("mean", .number(mean.mean))] + interval))
    }
    return ["count": JSONValue(count), "metrics": .object(measures)]
  }
}
