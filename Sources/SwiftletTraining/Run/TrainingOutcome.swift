// SPDX-License-Identifier: Apache-2.0
//
// The outcome of a run: the model, its record, and the warnings.
//
// Before    Run.swift     After    SwiftletCommands

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
    ]
  }
}
