// SPDX-License-Identifier: Apache-2.0
//
// What is said while a model is fitted, and after.
//
// Before    ../Metrics/RegressionMetrics.swift     After    Trainer.swift

import SwiftletFormats
import SwiftletNN
import SwiftletTables
import SwiftletTensors

/// Examples to learn from: features and what they should give.
public struct Examples: Sendable {
  /// Shape `[N, D]`, or images that are converted as they are needed.
  public var features: FeatureMatrix
  /// N labels, or numbers of the shape `[N, T]`.
  public var targets: Targets

  /// Features and their targets, row by row.
  public init(features: FeatureMatrix, targets: Targets) { (self.features, self.targets) = (features, targets) }
  /// N, the number of examples.
  public var count: Int { features.rowCount }
}

/// How far a fit has come.
public struct FitProgress: Sendable {
  /// Epochs, or iterations of L-BFGS, from 1.
  public var epoch: Int
  /// How many epochs there will be, unless it ends before.
  public var epochCount: Int
  /// How much of this epoch is done, from 0 to 1. Before 1, the losses are those so far and of the last whole epoch.
  public var fraction: Double
  /// The mean loss of the epoch so far.
  public var trainLoss: Double?
  /// The loss of the validation rows after the last whole epoch.
  public var validationLoss: Double?
  /// Accuracy, or R².
  public var validationMetric: Metric?
  /// How fast it goes.
  public var examplesPerSecond: Double
  /// How long it will take at this speed.
  public var secondsLeft: Double
}

/// How a fit talks to whoever started it.
public struct TrainingHooks: Sendable {
  /// Told after every epoch, and several times in a long one.
  public var progress: @Sendable (FitProgress) -> Void
  /// Asked after every batch.
  public var shouldStop: @Sendable () -> Bool

  /// Nobody watches, and nothing stops it, where nothing is given.
  public init(
    progress: @escaping @Sendable (FitProgress) -> Void = { _ in },
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) {
    (self.progress, self.shouldStop) = (progress, shouldStop)
  }
}

/// Why a fit ended.
public enum Ending: String, Sendable {
  /// All epochs were trained.
  case completed
  /// The validation loss had not become less for a while.
  case earlyStopping = "early_stopping"
  /// L-BFGS found the minimum.
  case converged
  /// L-BFGS used up its iterations.
  case maximumIterations = "max_iterations"
  /// Somebody wanted it to stop.
  case interrupted
}

/// The outcome of a fit.
public struct FitReport: Sendable {
  /// Why it ended.
  public var ending: Ending
  /// Epochs, or iterations.
  public var epochs: Int
  /// The epoch whose parameters were kept.
  public var bestEpoch: Int
  /// How long fitting took.
  public var seconds: Double
  /// Examples that were learned from, in each second of it.
  public var examplesPerSecond: Double
  /// The lines of history.csv, its header included.
  public var history: String
  /// What should be known, each with its remedy.
  public var warnings: [String]
}

/// A run that went out of bounds.
public struct DivergenceError: Error, Equatable, CustomStringConvertible {
  /// The epoch, from 1.
  public let epoch: Int
  /// The step in the epoch, from 1.
  public let step: Int
  /// The loss that is no number.
  public let loss: Float
  /// The learning rate of that step.
  public let learningRate: Float

  public var description: String {
    "The loss became \(loss) at epoch \(epoch), step \(step), with the learning rate \(learningRate). "
      + "Try a smaller one (--learning-rate \(learningRate / 10)), or limit the steps (--set training.clip_norm=1)."
  }
}
