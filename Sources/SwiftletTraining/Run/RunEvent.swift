// SPDX-License-Identifier: Apache-2.0
//
// The events of a run, and the observers that receive them.
//
// A bar in the terminal, the history of a bundle and a database of runs are observers: each takes the events that it
// needs. An observer can also end the run, after the current batch.
//
// Before    Kinds/SequentialKind.swift     After    Observers.swift

import SwiftletModels

/// Something that happened in a run.
public enum RunEvent: Codable, Equatable, Sendable {
  /// A decision, in a sentence.
  case said(String)
  /// A warning, in a sentence with its remedy.
  case warned(String)
  /// How far the fit has come: after every epoch, and several times in a long one.
  case progressed(FitProgress)
  /// An epoch, or an iteration of L-BFGS, is over.
  case epochEnded(EpochFigures)
  /// The model was judged.
  case ended(RunRecord)
}

/// Watches a run.
public protocol RunObserver: Sendable {
  /// Called with each event, on the thread of the run.
  func saw(_ event: RunEvent)
  /// Asked after every batch: whether the run should end here.
  var wantsToStop: Bool { get }
}

extension RunObserver {
  public func saw(_ event: RunEvent) {}
  public var wantsToStop: Bool { false }
}

/// Sees nothing and stops nothing.
public struct NoObserver: RunObserver {
  /// An observer that does nothing.
  public init() {}
}

/// The figures of an epoch, or of an iteration of L-BFGS.
public struct EpochFigures: Codable, Equatable, Sendable {
  /// The epoch, from 1.
  public var epoch: Int
  /// The mean loss of the batches of the epoch; of L-BFGS, the objective.
  public var trainLoss: Double
  /// The loss of the validation rows, if there are any.
  public var validationLoss: Double?
  /// Accuracy or R² of the validation rows.
  public var validationMetric: Metric?
  /// The learning rate of the last step; L-BFGS has none.
  public var learningRate: Float?

  /// Figures, by default without those of the validation rows.
  public init(
    epoch: Int, trainLoss: Double, validationLoss: Double? = nil, validationMetric: Metric? = nil,
    learningRate: Float? = nil
  ) {
    self.epoch = epoch
    self.trainLoss = trainLoss
    self.validationLoss = validationLoss
    self.validationMetric = validationMetric
    self.learningRate = learningRate
  }
}

/// How far a fit has come.
public struct FitProgress: Codable, Equatable, Sendable {
  /// The figures so far. In the middle of an epoch, its own loss and the last epoch's validation.
  public var figures: EpochFigures
  /// Number of epochs, unless the fit ends before.
  public var epochCount: Int
  /// The part of this epoch that is done, from 0 to 1.
  public var fraction: Double
  /// Number of examples per second.
  public var examplesPerSecond: Double
  /// How long the rest will take at this speed.
  public var secondsLeft: Double

  /// Progress within an epoch.
  public init(
    figures: EpochFigures, epochCount: Int, fraction: Double, examplesPerSecond: Double, secondsLeft: Double
  ) {
    self.figures = figures
    self.epochCount = epochCount
    self.fraction = fraction
    self.examplesPerSecond = examplesPerSecond
    self.secondsLeft = secondsLeft
  }
}
