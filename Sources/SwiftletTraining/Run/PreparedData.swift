// SPDX-License-Identifier: Apache-2.0
//
// PreparedData: from a fold of an experiment to examples.
//
// The pipeline is fitted on the training rows alone. What comes out can be shared by all the runs that differ in
// their model and their training only.
//
// Before    Folds.swift     After    Evaluation.swift

import SwiftletModels
import SwiftletTables
import SwiftletTensors

/// Examples that are ready to be learned from, and how they were made.
public struct PreparedData: Sendable {
  /// The rows, and what is predicted.
  public let experiment: Experiment
  /// The split of each row.
  public let fold: Fold
  /// The preparation of rows, learned from the training rows.
  public let pipeline: Pipeline
  /// What is predicted, with what it measured on the training rows.
  public let head: any Head
  /// The training examples.
  public let train: Examples
  /// The validation examples, if there are any.
  public let validation: Examples?
  /// Warnings, each with its remedy.
  public let warnings: [String]

  /// Fits the pipeline, and makes the examples.
  public init(_ experiment: Experiment, _ fold: Fold, _ options: PipelineOptions) throws {
    let rows = fold.rows(.train)
    guard rows.count >= 2 else { throw DataError("There are fewer than two training rows.") }
    self.experiment = experiment
    self.fold = fold
    let (pipeline, warnings) = try Pipeline.fit(experiment.features, rows: rows, options)
    func examples(_ rows: [Int32]) throws -> Examples {
      let features = try pipeline.transform(experiment.features, rows: rows).features
      return Examples(features: features, truth: experiment.truth.selecting(rows))
    }
    self.pipeline = pipeline
    self.warnings = fold.warnings + PreparedData.testWarnings(experiment, fold) + warnings
    train = try examples(rows)
    head = experiment.head.fitted(to: train.truth)
    let validationRows = fold.rows(.validation)
    validation = validationRows.isEmpty ? nil : try examples(validationRows)
  }

  /// What makes the test figures better than they are.
  private static func testWarnings(_ experiment: Experiment, _ fold: Fold) -> [String] {
    let test = fold.rows(.test)
    guard !test.isEmpty else {
      return ["No row is left for a test: the figures are measured on rows that the model was trained on."]
    }
    let targets = experiment.targetNames.compactMap { experiment.data.table[$0] }
    let count = repeatedRowCount(
      in: targets + experiment.features.columns, of: test, among: fold.rows(.train))
    guard count > 0 else { return [] }
    let (are, answers) = count == 1 ? ("is", "its answer") : ("are", "their answers")
    return [
      "\(count) of the \(test.count) test rows \(are) in training too, the same in every column: the model has seen "
        + "\(answers). Remove the copies, or keep them together with split.group."
    ]
  }
}
