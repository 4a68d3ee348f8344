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
  ///   - target: What is true of these rows.
  /// - Throws: `DataError` where a column is absent or of another type.
  public init(_ predictor: Predictor, _ table: Table, rows: [Int32], _ target: Target) throws {
    let (predictions, unseen) = try Evaluation.predict(predictor, table, rows)
    self.rows = rows.count
    unseenCount = unseen
    labels = predictor.bundle.labels
    switch (predictions, target) {
    case (.classes(let probabilities, let answers), .labels(let codes, let names)):
      let positions = names.map { predictor.bundle.labels.firstIndex(of: $0) }
      if let unknown = zip(names, positions).first(where: { $0.1 == nil }) {
        throw DataError(
          "The data hold the label \(quoted(unknown.0)), which the model does not know: \(predictor.bundle.labels.joined(separator: ", "))."
        )
      }
      let truth = codes.map { Int32(positions[Int($0)] ?? 0) }
      metrics = classificationMetrics(labels: truth, predicted: answers, probabilities: probabilities)
      confusionMatrix = SwiftletTraining.confusionMatrix(labels: truth, predicted: answers, classCount: labels.count)
      comparisons = []
    case (.numbers(let rows), .numbers(let targets, let names)):
      guard targets.count == predictor.answerWidth else {
        throw DataError("The model predicts \(predictor.answerWidth) targets, and the data hold \(targets.count).")
      }
      metrics = regressionMetrics(targets: targets, predictions: rows, names: names)
      confusionMatrix = []
      comparisons = names.indices.map { position in
        Comparison(target: names[position], truth: targets[position], predicted: rows.map { $0[position] })
      }
    default:
      throw DataError("The model and the data are not of one task.")
    }
  }

  /// The largest number of rows that are prepared and asked together: the features of all of them never exist at once.
  private static let blockSize = 1024

  private static func predict(_ predictor: Predictor, _ table: Table, _ rows: [Int32]) throws -> (
    predictions: Predictions, unseenCount: Int
  ) {
    var probabilities: [Tensor] = []
    var labels: [Int32] = []
    var numbers: [[Double]] = []
    var unseenCount = 0
    let reader = try predictor.bundle.pipeline.reader(of: table)
    for start in stride(from: 0, to: max(rows.count, 1), by: blockSize) {
      let block = Array(rows[start..<min(start + blockSize, rows.count)])
      let (features, unseen) = try reader.features(block)
      unseenCount += unseen
      switch predictor.predictions(for: features) {
      case .classes(let blockProbabilities, let blockLabels):
        probabilities.append(blockProbabilities)
        labels += blockLabels
      case .numbers(let rows): numbers += rows
      }
    }
    guard !probabilities.isEmpty else { return (.numbers(rows: numbers), unseenCount) }
    return (.classes(probabilities: concatenated(probabilities, axis: 0), labels: labels), unseenCount)
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
    let targets = bundle.output.targetNames
    if recipe.targets.isEmpty { recipe.targets = targets.isEmpty ? [bundle.target] : targets }
    recipe.columns.merge(bundle.columnTypes) { own, _ in own }
    recipe.task = bundle.task
    let experiment = try Experiment(source, recipe)
    let fold = try experiment.fold(recipe.split)
    let rows = split.map { fold.rows($0) } ?? fold.splits.indices.map { Int32($0) }
    guard !rows.isEmpty else {
      throw DataError("There are no \(split?.rawValue ?? "") rows in these data. Use --split all.")
    }
    try self.init(Predictor(bundle), experiment.features, rows: rows, experiment.target.selecting(rows))
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
