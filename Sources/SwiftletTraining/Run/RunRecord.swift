// SPDX-License-Identifier: Apache-2.0
//
// The record of a run: how a model came about, as model.json keeps it.
//
// Apart from `seconds`, nothing in it depends on the time or the machine's folders.
//
// Before    Observers.swift     After    Fitting/FitReport.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTensors

/// How a model came about.
public struct RunRecord: Codable, Equatable, Sendable {
  /// The resolved recipe, in the form of its file.
  public var recipe: JSONValue
  /// The SHA-256 of the data.
  public var dataSHA256: String
  /// The seed of the first parameters, the order of the examples and dropout.
  public var seed: UInt64
  /// Number of threads.
  public var threads: Int
  /// The version of OpenBLAS.
  public var openBLAS = OpenBLAS.version
  /// The processor family that OpenBLAS multiplied for.
  public var core = OpenBLAS.coreName
  /// The version of the toolkit.
  public var swiftlet = swiftletVersion
  /// Number of epochs, or iterations.
  public var epochs: Int
  /// The epoch whose parameters were kept.
  public var bestEpoch: Int
  /// Why the fit ended.
  public var ending: Ending
  /// How long fitting took, to a thousandth.
  public var seconds: Double
  /// How good the model is.
  public var figures: Figures

  /// The record of a fit that was judged.
  init(_ recipe: Recipe, _ fit: FitReport, _ figures: Figures, dataSHA256: String, threads: Int) {
    self.recipe = recipe.json
    self.dataSHA256 = dataSHA256
    self.threads = threads
    self.figures = figures
    seed = recipe.training.seed
    epochs = fit.epochs
    bestEpoch = fit.bestEpoch
    ending = fit.ending
    seconds = (fit.seconds * 1000).rounded() / 1000
  }

  /// The record as it stands in model.json.
  public var json: JSONValue {
    [
      "recipe": recipe, "data_sha256": .string(dataSHA256), "seed": JSONValue(Int(seed)),
      "threads": JSONValue(threads), "openblas": .string(openBLAS), "core": .string(core),
      "swiftlet": .string(swiftlet), "epochs": JSONValue(epochs), "best_epoch": JSONValue(bestEpoch),
      "stopped": .string(ending.rawValue), "seconds": .number(seconds), "metrics": figures.metricsJSON,
      "baseline": figures.baseline.json,
    ]
  }
}
