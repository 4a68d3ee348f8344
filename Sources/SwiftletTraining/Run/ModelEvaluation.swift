// SPDX-License-Identifier: Apache-2.0
//
// Evaluating a model from disk: on the data that it was trained with, or on others.
//
// Before    TrainingRun.swift     After    SwiftletCommands

import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletTables

extension Evaluation {
  /// Evaluates a bundle on a part of its data set, split as in training, or on all rows of other data.
  ///
  /// - Parameters:
  ///   - bundle: The model, with the recipe that it was trained by.
  ///   - source: Other data; `nil` for those of the recipe in the bundle.
  ///   - split: Which rows; `nil` for all.
  public static func evaluate(_ bundle: ModelBundle, on source: String?, split: Split?) throws -> Evaluation {
    let document = YAMLDocument(name: "model.json", value: bundle.training["recipe"] ?? .object([]), lines: [:])
    var recipe = try Recipe(document)
    if let source {
      recipe.data = source
      // Whoever wrote the other data need not know what the data set's description said.
      let targets = bundle.output.targetNames
      if recipe.targets.isEmpty { recipe.targets = targets.isEmpty ? [bundle.target] : targets }
      recipe.columns.merge(bundle.columnTypes) { _, trained in trained }
    }
    recipe.task = bundle.task
    let prepared = try PreparedData(recipe)
    let rows = split.map { prepared.rows($0) } ?? prepared.splits.indices.map { Int32($0) }
    guard !rows.isEmpty else {
      throw DataError("There are no \(split?.rawValue ?? "") rows in these data. Use --split all.")
    }
    return try Evaluation(Predictor(bundle), prepared.features, rows: rows, prepared.target.selecting(rows))
  }
}
