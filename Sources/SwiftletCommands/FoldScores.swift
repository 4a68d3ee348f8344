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
  private let means: [Measure]

  /// A measure over the folds in which it exists.
  private struct Measure {
    let name: String
    let mean: FoldMean
    let foldCount: Int
  }

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
    var names: [String] = []
    for name in folds.flatMap({ $0.map(\.name) }) where !names.contains(name) { names.append(name) }
    means = names.map { name in
      let scores = folds.compactMap { $0[name] }.filter(\.isFinite)
      // k stays that of all folds: it says how the rows that judge relate to those that train.
      return Measure(
        name: name, mean: FoldMean(scores, folds: count, within: ScoreMetric(name).range), foldCount: scores.count)
    }.filter { $0.foldCount > 0 }
  }

  /// The same for the list of runs.
  var metrics: [RunMetric] {
    means.map {
      RunMetric(
        split: "folds", name: $0.name, value: $0.mean.mean, low: $0.mean.interval?.low, high: $0.mean.interval?.high)
    }
  }

  /// Whether every measure exists in every fold.
  private var isComplete: Bool { means.allSatisfy { $0.foldCount == count } }

  var text: String {
    let rows = means.map { measure in
      [
        measure.name, decimals(measure.mean.mean, 4),
        measure.mean.interval.map { "[\(decimals($0.low, 4)), \(decimals($0.high, 4))]" } ?? "",
      ] + (isComplete ? [] : [measure.foldCount == count ? "" : "in \(measure.foldCount) of them"])
    }
    return "Over \(count) folds of the rows that are not for the test\n\n"
      + textTable([["", "mean", "95 % interval"] + (isComplete ? [] : [""])] + rows, alignsLeft: [0, 2, 3])
  }

  var json: JSONValue {
    let measures = means.map { measure -> JSONValue.Member in
      let interval: [JSONValue.Member] =
        measure.mean.interval.map { [.init("low", .number($0.low)), .init("high", .number($0.high))] } ?? []
      let folds: [JSONValue.Member] =
        measure.foldCount == count ? [] : [.init("folds", JSONValue(measure.foldCount))]
      return .init(measure.name, .object([.init("mean", .number(measure.mean.mean))] + interval + folds))
    }
    return ["count": JSONValue(count), "metrics": .object(measures)]
  }
}
