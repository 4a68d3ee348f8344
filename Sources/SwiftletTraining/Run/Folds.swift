// SPDX-License-Identifier: Apache-2.0
//
// Folds of an experiment: what cross-validation trains on, and what it judges by.
//
// The rows of the recipe's own test are left out, since scores by fold are there to choose by. In each fold the rows that
// are held out judge; the others teach, a part of them choosing the best epoch.
//
// Before    UserFold.swift     After    PreparedData.swift
// Source    Stone, "Cross-Validatory Choice and Assessment of Statistical Predictions" (1974)

import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors

extension Experiment {
  /// The same question, asked of the rows that are not for the test.
  ///
  /// - Throws: `DataError` if the split cannot be made.
  public func withoutTestRows(_ options: Recipe.SplitOptions) throws -> Experiment {
    let splits = try fold(options).splits
    return selecting(splits.indices.filter { splits[$0] != .test }.map { Int32($0) })
  }

  /// Folds over all rows: those that are held out are the test of their fold.
  ///
  /// - Parameters:
  ///   - options: Groups, stratification, the part for validation, and the seed.
  ///   - count: k, at least 2.
  ///   - repeats: How many times the rows are dealt out; every time by another seed.
  /// - Throws: `DataError` if there are too few rows, or groups, or if the rows are split by time.
  public func folds(_ options: Recipe.SplitOptions, count: Int, repeats: Int = 1) throws -> [Fold] {
    guard options.time == nil else {
      throw DataError(
        "The split is by time, and folds would teach a model with rows from after those that judge it. Compare on the "
          + "validation rows instead, or leave split.time out.")
    }
    let groups = try options.group.map { try groupNumbers($0) }
    let available = groups.map { Set($0).count } ?? truth.count
    guard count >= 2, available >= 2 * count else {
      throw DataError(
        "\(count) folds need at least \(2 * max(count, 2)) \(groups == nil ? "rows" : "groups") that are not for the test, "
          + "and there are \(available). Use fewer folds.")
    }
    return (0..<max(repeats, 1)).flatMap { round in
      let seed = round == 0 ? options.seed : Generator.mix(options.seed &+ UInt64(round)) >> 32
      let numbers =
        groups.map { Split.folds(groups: $0, count: count, seed: seed) }
        ?? Split.folds(
          classes: classes(options), count: count, seed: seed)
      return (0..<count).map { held in
        let splits = numbers.map { $0 == held ? Split.test : .train }
        let part = options.validation
        let all =
          groups.map { Split.addingValidation(part, to: splits, groups: $0, seed: seed) }
          ?? Split.addingValidation(part, to: splits, classes: classes(options), seed: seed)
        return Fold(all, message: "Fold \(held + 1) of \(count) is held out.")
      }
    }
  }
}

extension Run {
  /// Measures a network on the rows of a split, without making a bundle of it.
  ///
  /// - Throws: `FormatError` and `DataError` for rows that the pipeline refuses.
  public func metrics(of network: Sequential, on split: Split) throws -> [Metric] {
    let (head, answers) = try answers(of: network, on: split)
    return head.metrics(answers, data.experiment.truth.selecting(data.fold.rows(split)))
  }

  /// The same metrics as functions of how often each row of a split counts.
  ///
  /// - Throws: `FormatError` and `DataError` for rows that the pipeline refuses.
  package func countedMetrics(of network: Sequential, on split: Split) throws -> [CountedMetric] {
    let (head, answers) = try answers(of: network, on: split)
    return head.countedMetrics(answers, data.experiment.truth.selecting(data.fold.rows(split)))
  }

  private func answers(of network: Sequential, on split: Split) throws -> (head: any Head, answers: Answers) {
    let rows = data.fold.rows(split)
    var head = data.head
    head.threshold = recipe.decision.threshold
    var values: [Double] = []
    for start in stride(from: 0, to: rows.count, by: 1024) {
      let block = Array(rows[start..<min(start + 1024, rows.count)])
      let features = try data.pipeline.transform(data.experiment.features, rows: block).features
      // As in the fit: the figures are the same whatever else the process is doing.
      let scores = BLASThreads.hold(recipe.training.threadCount) { network(features.tensor).scalars }
      var answers = Array(repeating: 0.0, count: block.count * head.answerWidth)
      scores.withUnsafeBufferPointer { scores in
        answers.withUnsafeMutableBufferPointer { head.finish(scores, into: $0) }
      }
      values += answers
    }
    return (head, Answers(values: values, count: rows.count, width: head.answerWidth))
  }
}
