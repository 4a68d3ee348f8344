// SPDX-License-Identifier: Apache-2.0
//
// ContinuedFit: a fit by batches that pauses between two epochs, and goes on in memory.
//
// A search looks at a network after a few epochs, and continues it only if it is promising. The state of the fit is a
// value, so nothing is trained twice, and the network is that of a fit without a pause, bit for bit.
//
// Before    Trainer.swift     After    GradientSum.swift

import SwiftletNN

/// A fit by batches that can pause after any epoch.
public struct ContinuedFit: Sendable {
  private let trainer: Trainer
  private let train: Examples
  private let validation: Examples?
  private var state: TrainingState

  /// A fit that has not begun.
  init(_ trainer: Trainer, _ network: Sequential, train: Examples, validation: Examples?) {
    self.trainer = trainer
    self.train = train
    self.validation = validation
    let parallelism = trainer.parallelism(of: network, train)
    state = trainer.beginning(network, shards: parallelism.team.count, validation: validation)
  }

  /// The best network so far.
  public var network: Sequential { state.chosenNetwork }
  /// Number of epochs that are over.
  public var epoch: Int { state.epoch }

  /// Trains until an epoch is over, or until the fit ends by itself.
  ///
  /// - Throws: `DivergenceError` if the loss is not a number.
  public mutating func advance(to epoch: Int, _ observer: any RunObserver = NoObserver()) throws -> FitReport {
    let parallelism = trainer.parallelism(of: state.network, train)
    return try trainer.fit(
      &state, parallelism, until: epoch, train: train, validation: validation, observer: observer)
  }
}

extension Run {
  /// A fit that can pause after any epoch; `nil` for L-BFGS, which has none.
  ///
  /// - Throws: `DataError` for settings that do not go together.
  public func continuedFit() throws -> ContinuedFit? {
    let network = try untrainedNetwork()
    guard let trainer = try fitter(NoObserver()) as? Trainer else { return nil }
    return ContinuedFit(
      trainer, network, train: try weighted(data.train, .train),
      validation: try data.validation.map { try weighted($0, .validation) })
  }
}
