// SPDX-License-Identifier: Apache-2.0
//
// The outcome of a run: the model, its record, and the warnings.
//
// Before    Run.swift     After    AdoptedModel.swift

import SwiftletFormats
import SwiftletModels

/// The outcome of a run.
public struct TrainingOutcome: Sendable {
  /// The trained model.
  public let bundle: ModelBundle
  /// How the fit went.
  public let fit: FitReport
  /// How the model came about.
  public let record: RunRecord
  /// Warnings, each with its remedy.
  public let warnings: [String]

  /// What was left out of the training.
  public let dropped: Dropped

  /// Rows and columns of the data that are not in the model.
  public struct Dropped: Codable, Equatable, Sendable {
    /// Number of rows without a target.
    public var rows: Int
    /// The columns that could have been features and say nothing, or are text.
    public var columns: [String]
    /// Of these, the columns of text with words that ten training rows or more have: categories, if that is what they are.
    public var words: [String]

    /// The number of training rows that a word needs to be one of those.
    public static let frequentCount = 10
  }

  /// How good the model is.
  public var figures: Figures { record.figures }

  /// What `train --json` prints.
  public func json(path: String) -> JSONValue {
    [
      "model": .string(path), "name": .string(bundle.name), "task": .string(bundle.task),
      "kind": .string(bundle.kind), "rows": figures.rowsJSON,
      "features": JSONValue(bundle.pipeline.width), "labels": JSONValue(bundle.labels),
      "epochs": JSONValue(fit.epochs), "stopped": .string(fit.ending.rawValue), "seconds": .number(fit.seconds),
      "examples_per_second": .number(fit.examplesPerSecond), "seed": JSONValue(Int(record.seed)),
      "parameters": JSONValue(bundle.network.parameterCount),
      "baseline": .object([.init(figures.judged.split.rawValue, figures.baseline.json)]),
      "metrics": figures.metricsJSON, "warnings": JSONValue(warnings),
      "dropped": ["rows": JSONValue(dropped.rows), "columns": JSONValue(dropped.columns)],
    ]
  }
}
