// SPDX-License-Identifier: Apache-2.0
//
// Evaluation: a trained model on rows whose answers are known.
//
// Before    PreparedData.swift     After    Baseline.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTensors

/// The measures of a model on some rows.
public struct Evaluation: Sendable {
  /// N, the number of rows.
  public let rows: Int
  /// The measures by their names.
  public let metrics: [Metric]
  /// The classes in the order of the matrix.
  public let labels: [String]
  /// Rows are true labels, columns predicted ones; empty for a regression.
  public let confusionMatrix: [[Int]]
  /// Of a regression, what was true and what was predicted, for each target; empty for a classification.
  public let comparisons: [Comparison]
  /// Number of cells that held a category that training did not know.
  public let unseenCount: Int

  /// What the model said.
  let answers: Answers
  /// What is true, in the model's terms.
  let truth: Truth

  /// What was true and what was predicted of a target, row by row.
  public struct Comparison: Codable, Equatable, Sendable {
    /// The target's name.
    public let target: String
    /// N values as they stand in the data.
    public let truth: [Double]
    /// N predictions.
    public let predicted: [Double]
  }

  /// Asks the predictor for every row, and compares.
  ///
  /// - Parameters:
  ///   - predictor: The model that is asked.
  ///   - table: Has the model's columns, and others if it likes.
  ///   - rows: Which rows of the table.
  ///   - truth: What is true of these rows.
  ///   - head: What read the truth; it may know other labels than the model.
  /// - Throws: `DataError` where a column is absent or of another type, and for a truth that the model cannot answer.
  public init(_ predictor: Predictor, _ table: Table, rows: [Int32], _ truth: Truth, of head: any Head) throws {
    let own = predictor.bundle.head
    let truth = try own.truth(truth, readBy: head)
    let (answers, unseen) = try Evaluation.answers(predictor, table, rows)
    self.answers = answers
    self.truth = truth
    self.rows = rows.count
    unseenCount = unseen
    labels = own.labels
    metrics = own.metrics(answers, truth)
    let predicted = labels.isEmpty ? [] : (0..<answers.count).map { Int32(own.label(of: answers.row($0))) }
    confusionMatrix = SwiftletModels.confusionMatrix(
      labels: truth.labels, predicted: predicted, classCount: labels.count)
    comparisons = zip(own.targetNames, truth.numbers).enumerated().map { position, target in
      let values = (0..<answers.count).map { answers.row($0)[$0 * answers.width + position] }
      return Comparison(target: target.0, truth: target.1, predicted: values)
    }
  }

  /// The largest number of rows that are prepared and asked together: the features of all of them never exist at once.
  private static let blockSize = 1024

  private static func answers(_ predictor: Predictor, _ table: Table, _ rows: [Int32]) throws -> (
    answers: Answers, unseenCount: Int
  ) {
    var values: [Double] = []
    var unseenCount = 0
    let reader = try predictor.bundle.pipeline.reader(of: table)
    for start in stride(from: 0, to: rows.count, by: blockSize) {
      let block = Array(rows[start..<min(start + blockSize, rows.count)])
      let (features, unseen) = try reader.features(block)
      unseenCount += unseen
      values += predictor.answers(for: features).values
    }
    return (Answers(values: values, count: rows.count, width: predictor.answerWidth), unseenCount)
  }
}

extension Evaluation {
  /// Evaluates a bundle on rows that were split as in training, or on all rows.
  ///
  /// - Parameters:
  ///   - bundle: The model, with the recipe that it was trained by.
  ///   - source: The rows, with their true targets.
  ///   - split: Which rows; `nil` for all.
  public init(_ bundle: ModelBundle, on source: some DataSource, split: Split?) throws {
    var recipe = try bundle.recipe()
    // What is asked is what the model answers, whatever the data suggest.
    let targets = bundle.head.targetNames
    if recipe.targets.isEmpty { recipe.targets = targets.isEmpty ? [bundle.target] : targets }
    recipe.columns.merge(bundle.columnTypes) { own, _ in own }
    recipe.task = bundle.task
    let experiment = try Experiment(source, recipe)
    let fold = try experiment.fold(recipe.split)
    let rows = split.map { fold.rows($0) } ?? fold.splits.indices.map { Int32($0) }
    guard !rows.isEmpty else {
      throw DataError("There are no \(split?.rawValue ?? "") rows in these data. Use --split all.")
    }
    try self.init(
      Predictor(bundle), experiment.features, rows: rows, experiment.truth.selecting(rows),
      of: experiment.head)
  }
}

extension ModelBundle {
  /// The recipe that the model was trained by.
  ///
  /// - Throws: `FormatError` where the bundle's record holds none that can be read.
  public func recipe() throws -> Recipe {
    var recipe = try Recipe(YAMLDocument(name: "model.json", value: training["recipe"] ?? .object([])))
    // Older bundles write the default so.
    if recipe.split.column == "split" { recipe.split.column = Recipe.SplitOptions.automaticColumn }
    return recipe
  }
}
