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
  public var features: FeatureMatrix
  public var targets: Targets

  public init(features: FeatureMatrix, targets: Targets) { (self.features, self.targets) = (features, targets) }
  public var count: Int { features.rowCount }
}

/// How far a fit has come.
public struct FitProgress: Sendable {
  /// Epochs, or iterations of L-BFGS, from 1.
  public var epoch: Int
  public var epochCount: Int
  /// How much of this epoch is done, from 0 to 1. Before 1, the losses are those so far and of the last whole epoch.
  public var fraction: Double
  public var trainLoss: Double?
  public var validationLoss: Double?
  /// Accuracy, or R².
  public var validationMetric: Metric?
  public var examplesPerSecond: Double
  public var secondsLeft: Double
}

/// How a fit talks to whoever started it.
public struct TrainingHooks: Sendable {
  public var progress: @Sendable (FitProgress) -> Void
  /// Asked after every batch.
  public var shouldStop: @Sendable () -> Bool

  public init(
    progress: @escaping @Sendable (FitProgress) -> Void = { _ in },
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) {
    (self.progress, self.shouldStop) = (progress, shouldStop)
  }
}

/// Why a fit ended.
public enum Ending: String, Sendable {
  case completed
  case earlyStopping = "early_stopping"
  case converged
  case maximumIterations = "max_iterations"
  case interrupted
}

/// The outcome of a fit.
public struct FitReport: Sendable {
  public var ending: Ending
  /// Epochs, or iterations.
  public var epochs: Int
  /// The epoch whose parameters were kept.
  public var bestEpoch: Int
  public var seconds: Double
  public var examplesPerSecond: Double
  /// The lines of history.csv, its header included.
  public var history: String
  public var warnings: [String]
}

/// A run that went out of bounds.
public struct DivergenceError: Error, Equatable, CustomStringConvertible {
  public let epoch: Int
  public let step: Int
  public let loss: Float
  public let learningRate: Float

  public var description: String {
    "The loss became \(loss) at epoch \(epoch), step \(step), with the learning rate \(learningRate). "
      + "Try a smaller one (--learning-rate \(learningRate / 10)), or limit the steps (--set training.clip_norm=1)."
  }
}
