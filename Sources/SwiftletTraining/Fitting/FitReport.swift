// SPDX-License-Identifier: Apache-2.0
//
// FitReport: the examples that go into a fit, and its outcome.
//
// Before    Run/RunRecord.swift     After    History.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables

/// Examples to learn from: features and what they should give.
public struct Examples: Sendable {
  /// Shape `[N, D]`, or images that are converted as they are needed.
  public var features: FeatureMatrix
  /// The answers that the model should find.
  public var truth: Truth

  /// Features and what is true of them, row by row.
  public init(features: FeatureMatrix, truth: Truth) {
    self.features = features
    self.truth = truth
  }

  /// N, the number of examples.
  public var count: Int { features.rowCount }
}

/// Why a fit ended.
public enum Ending: String, Codable, Sendable {
  /// All epochs were trained.
  case completed
  /// The validation loss no longer improved.
  case earlyStopping = "early_stopping"
  /// L-BFGS found the minimum.
  case converged
  /// L-BFGS used up its iterations.
  case maximumIterations = "max_iterations"
  /// An observer asked it to stop.
  case interrupted
  /// Nothing was fitted: the parameters came from a file.
  case imported
}

/// The outcome of a fit.
public struct FitReport: Equatable, Sendable {
  /// Why it ended.
  public var ending: Ending
  /// Number of epochs, or iterations.
  public var epochs: Int
  /// The epoch whose parameters were kept.
  public var bestEpoch: Int
  /// How long fitting took.
  public var seconds: Double
  /// Number of examples per second.
  public var examplesPerSecond: Double
  /// The figures of every epoch.
  public var history: History
  /// Warnings, each with its remedy.
  public var warnings: [String]
}

/// A run that diverged.
public struct DivergenceError: Error, Equatable, CustomStringConvertible {
  /// The epoch, from 1.
  public let epoch: Int
  /// The step in the epoch, from 1.
  public let step: Int
  /// The loss, which is NaN or infinite.
  public let loss: Float
  /// The learning rate of the recipe; `nil` for L-BFGS, which has none.
  public let learningRate: Float?

  package init(epoch: Int, step: Int, loss: Float, learningRate: Float?) {
    self.epoch = epoch
    self.step = step
    self.loss = loss
    self.learningRate = learningRate
  }

  public var description: String {
    guard let learningRate else {
      return "The objective of L-BFGS became \(loss) after \(epoch) iterations. "
        + "Scale the features (--set pipeline.numeric.scale=standard), or use a larger --l2."
    }
    let smaller = rounded(shortest(learningRate) / 10, toDigits: 2)
    return "The loss became \(loss) at epoch \(epoch), step \(step), with the learning rate \(learningRate). "
      + "Try a smaller one (--learning-rate \(smaller)), or limit the steps (--set training.clip_norm=1)."
  }
}
