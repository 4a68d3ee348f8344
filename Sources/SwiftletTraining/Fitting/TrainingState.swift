// SPDX-License-Identifier: Apache-2.0
//
// Everything that changes while a network is trained.
//
// A fit is a function of its settings, its examples and this. So a fit can be resumed from a saved state.
//
// Before    BLASThreads.swift     After    Watch.swift

import SwiftletNN
import SwiftletTensors

/// The state of a fit between two batches.
struct TrainingState: Sendable {
  var network: Sequential
  var optimizer: any Optimizer
  /// Draws the order of the examples for each epoch.
  var order: Generator
  /// Draws the dropout of each shard.
  var dropout: [Generator]
  /// Number of epochs that have begun.
  var epoch = 0
  /// Number of steps that were taken.
  var step = 0
  var best = Best()
  var history: History
  /// How long fitting has taken in processes before this one.
  var earlierSeconds = 0.0

  /// The state in which a fit begins.
  init(_ network: Sequential, _ optimizer: any Optimizer, seed: UInt64, shards: Int, history: History) {
    self.network = network
    self.optimizer = optimizer
    self.history = history
    order = Generator(seed: seed, stream: 1)
    dropout = (0..<shards).map { Generator(seed: seed, stream: 2 + UInt64($0)) }
  }

  /// The network that the fit ends with.
  var chosenNetwork: Sequential { best.network ?? network }
  /// The epoch of that network.
  var chosenEpoch: Int { best.network == nil ? epoch : best.epoch }
}

/// The best network so far, by its validation loss; keeping it is an assignment, because a network is a value.
struct Best: Sendable {
  /// `nil` if nothing was measured: then the last network is the best.
  var network: Sequential?
  var loss = Double.infinity
  var epoch = 0

  /// Looks at the network of an epoch.
  mutating func consider(_ network: Sequential, loss: Double?, epoch: Int) {
    guard let loss, loss < self.loss || self.network == nil else { return }
    self.network = network
    self.epoch = epoch
    if loss.isFinite { self.loss = loss }
  }
}
