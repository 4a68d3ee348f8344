// SPDX-License-Identifier: Apache-2.0
//
// Data parallelism: the gradient of a batch, computed in shards by the threads of one process.
//
// Every thread takes a shard of the rows, with a tape of its own, and the shards' gradients are added up. On two cores
// this beats splitting each matrix product: the rest of a step (activations, losses, gathering the rows) is split with
// it, and the threads meet once in a step instead of eight times.
//
// Shapes    B examples in a batch
// Before    Augmentation.swift     After    BLASThreads.swift
// Source    Dean et al., "Large Scale Distributed Deep Networks" (2012), section 4, in its synchronous form

import SwiftletAutograd
import SwiftletNN
import SwiftletTensors
import Synchronization

/// The threads of a fit.
struct DataParallelism {
  let team: ThreadTeam
  /// What is done to pictures before they are learned from.
  var augmentation = Augmentation()

  /// The fewest rows of a product in a shard: with fewer, it is slow.
  private static let fewestRows = 32
  /// The fewest multiplications in a step for which a second thread pays.
  private static let smallestStep = 0x1p21

  /// As many shards as there are threads, or fewer if a step is too small to be split.
  ///
  /// - Parameters:
  ///   - threads: The most shards.
  ///   - batchSize: B.
  ///   - network: What learns.
  ///   - width: D, the numbers of an example.
  init(threads: Int, batchSize: Int, network: Sequential, width: Int) {
    let example: Shape = [1, width]
    let cost = network.multiplicationCount(for: example) * Double(batchSize)
    let smallestShard = max(1, Self.fewestRows / network.productRowCount(for: example))
    let shards = cost >= Self.smallestStep ? max(1, min(threads, batchSize / smallestShard)) : 1
    team = shards == 1 ? .alone : ThreadTeam(count: shards)
  }

  /// What one member found.
  private struct ShardResult: Sendable {
    var loss: Float
    var gradients: [Tensor]
    var dropout: Generator
  }

  /// What some rows add to the mean loss of a batch, and to the gradients of the network's parameters, in their order.
  ///
  /// - Parameters:
  ///   - rows: The positions of the examples to look at.
  ///   - batchWeight: What all examples of the batch count together.
  ///   - dropout: A generator for each shard, so that a run does not depend on which thread is first.
  func gradients(
    _ network: Sequential, _ examples: Examples, _ rows: ArraySlice<Int32>, batchWeight: Double,
    _ objective: Objective, dropout: inout [Generator]
  ) -> (loss: Float, gradients: [Tensor]) {
    let shardSize = (rows.count + team.count - 1) / team.count
    let generators = dropout
    let results = Mutex<[ShardResult?]>(Array(repeating: nil, count: team.count))
    team.run { member in
      let shard = Array(rows.dropFirst(member * shardSize).prefix(shardSize))
      guard !shard.isEmpty else { return }
      var generator = generators[member]
      let features = self.augmentation(examples.features.gathered(shard[...]), of: examples.features, &generator)
      let tape = Tape(training: true, generator: generator)
      let outputs = network(tape.constant(features))  // [B / shards, C]
      let loss = tape.penalized(objective.head.loss(outputs, examples.truth.selecting(shard)))
      let share = examples.truth.totalWeight(of: shard[...]) / batchWeight
      let factor = Float(share * objective.lossFactor)
      let gradients = tape.gradients(of: loss, upstream: Tensor(factor))
      let result = ShardResult(loss: loss.value.scalar * factor, gradients: gradients, dropout: tape.generator)
      results.withLock { $0[member] = result }
    }
    var shards = results.withLock { results in
      defer { results = [] }
      return results
    }
    var sum: (loss: Float, gradients: [Tensor]) = (0, [])
    for member in shards.indices {  // in their order, so that the same run rounds the same way
      guard let shard = shards[member].take() else { continue }
      sum.loss += shard.loss
      dropout[member] = shard.dropout
      guard !sum.gradients.isEmpty else {
        sum.gradients = shard.gradients
        continue
      }
      for (position, gradient) in shard.gradients.enumerated() { sum.gradients[position].add(gradient, over: team) }
    }
    return sum
  }
}
