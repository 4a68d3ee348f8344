// SPDX-License-Identifier: Apache-2.0
//
// Data parallelism: the gradient of a batch, computed in shards.
//
// The gradient of a mean over a batch is the weighted mean of the gradients over its parts. So every thread takes
// a shard of the rows, with a tape of its own, and the shards' gradients are added up. On two cores this beats
// sharing out each matrix product: the rest of a step (activations, losses, gathering the rows) is shared out
// with it, and the threads meet once in a step instead of eight times.
//
// Shapes    B examples in a batch
// Before    Trainer.swift     After    ConvexFit.swift
// Source    Dean et al., "Large Scale Distributed Deep Networks" (2012), section 4, in its synchronous form

import SwiftletAutograd
import SwiftletNN
import SwiftletTensors
import Synchronization

/// The threads of a training run, and what each needs of its own.
struct DataParallelism {
  let team: ThreadTeam
  /// Each shard draws its dropout from a stream of its own, so that a run does not depend on which thread is first.
  private var dropout: [Generator]

  /// A shard has at least so many rows: below, a matrix product has too few to be fast.
  private static let smallestShard = 32
  /// A step with fewer multiplications is over before a second thread has begun.
  private static let smallestStep = 1 << 21

  /// As many shards as there are threads, or fewer where a step is too small to be shared out.
  init(threads: Int, batchSize: Int, parameterCount: Int, seed: UInt64) {
    // No overflow: a batch has at most 2²⁴ rows and a network 2³⁰ weights.
    let isWorthIt = batchSize * parameterCount >= Self.smallestStep
    let shards = isWorthIt ? max(1, min(threads, batchSize / Self.smallestShard)) : 1
    team = shards == 1 ? .alone : ThreadTeam(count: shards)
    dropout = (0..<shards).map { Generator(seed: seed, stream: 2 + UInt64($0)) }
  }

  /// What one member found.
  private struct ShardResult: Sendable {
    var loss: Float
    var gradients: [Tensor]
    var dropout: Generator
  }

  /// The loss of a batch and the gradients of the network's parameters, in their order.
  ///
  /// - Parameter batch: The positions of at least one example.
  mutating func gradients(_ network: Sequential, _ examples: Examples, _ batch: ArraySlice<Int32>, _ trainer: Trainer)
    -> (loss: Float, gradients: [Tensor])
  {
    let shardSize = (batch.count + team.count - 1) / team.count
    let batchWeight = trainer.totalWeight(examples.targets, batch)
    let generators = dropout
    let results = Mutex<[ShardResult?]>(Array(repeating: nil, count: team.count))
    team.run { member in
      let shard = batch.dropFirst(member * shardSize).prefix(shardSize)
      guard !shard.isEmpty else { return }
      let share = shard.count == batch.count ? 1 : trainer.totalWeight(examples.targets, shard) / batchWeight
      let tape = Tape(training: true, generator: generators[member])
      let features = tape.constant(examples.features.gathered(shard))  // [B / shards, D]
      let targets = examples.targets.gathered(Array(shard))
      let loss = trainer.loss(network(features), targets, classWeights: trainer.classWeights)
      let gradients = tape.gradients(of: loss, upstream: Tensor(Float(share)))
      let result = ShardResult(
        loss: loss.value.scalar * Float(share), gradients: gradients, dropout: tape.generator)
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
