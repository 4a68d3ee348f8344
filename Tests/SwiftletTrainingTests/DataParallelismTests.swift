// SPDX-License-Identifier: Apache-2.0

import SwiftletNN
import SwiftletTables
import SwiftletTensors
import SwiftletTestSupport
import Testing

@testable import SwiftletTraining

@Suite("Data parallelism")
struct DataParallelismTests {
  /// A network and examples that are large enough to be shared out over two threads.
  private func problem(seed: UInt64, count: Int) -> (network: Sequential, examples: Examples) {
    var generator = Generator(seed: seed)
    let network = Sequential(
      Linear(inputSize: 300, outputSize: 100, using: &generator), Tanh(),
      Linear(inputSize: 100, outputSize: 4, using: &generator))
    let features = Tensor.normal([count, 300], using: &generator)
    let labels = (0..<count).map { _ in Int32(generator.below(4)) }
    return (network, Examples(features: .dense(features), targets: .labels(labels)))
  }

  private func parallelism(threads: Int, batchSize: Int, _ network: Sequential) -> DataParallelism {
    DataParallelism(threads: threads, batchSize: batchSize, parameterCount: network.parameterCount, seed: 1)
  }

  // 97 rows: shards of 49 and 48, or of 33, 33 and 31. Class weights make the shards count differently.
  @Test(
    "the shards' gradients add up to the batch's", arguments: [2, 3], [nil, [1, 5, 0.5, 2]] as [[Float]?])
  func twin(threads: Int, classWeights: [Float]?) {
    let (network, examples) = problem(seed: 1, count: 200)
    let trainer = Trainer(Recipe().training, loss: .crossEntropy, classWeights: classWeights)
    let batch = (50..<147).map { Int32($0) }[...]
    var (alone, shared) = (
      parallelism(threads: 1, batchSize: 97, network), parallelism(threads: threads, batchSize: 97, network)
    )
    #expect(alone.team.count == 1 && shared.team.count == threads)
    let (expected, actual) = (
      alone.gradients(network, examples, batch, trainer), shared.gradients(network, examples, batch, trainer)
    )
    #expect(abs(expected.loss - actual.loss) < 1e-5)
    #expect(expected.gradients.count == 4 && actual.gradients.count == 4)
    for (a, b) in zip(actual.gradients, expected.gradients) { expectClose(a, b, tolerance: 1e-6) }
  }

  @Test("a batch with fewer rows than threads is still whole")
  func fewRows() {
    let (network, examples) = problem(seed: 2, count: 200)
    let trainer = Trainer(Recipe().training, loss: .crossEntropy)
    var (alone, shared) = (
      parallelism(threads: 1, batchSize: 128, network), parallelism(threads: 3, batchSize: 128, network)
    )
    let (expected, actual) = (
      alone.gradients(network, examples, [7, 8], trainer), shared.gradients(network, examples, [7, 8], trainer)
    )
    for (a, b) in zip(actual.gradients, expected.gradients) { expectClose(a, b, tolerance: 1e-6) }
  }

  @Test("small steps are not shared out")
  func smallSteps() {
    #expect(DataParallelism(threads: 8, batchSize: 32, parameterCount: 4810, seed: 1).team.count == 1)
    #expect(DataParallelism(threads: 8, batchSize: 128, parameterCount: 235_146, seed: 1).team.count == 4)
  }

  @Test("the same seed and threads give the same run, bit for bit, dropout included")
  func sameRun() throws {
    var settings = Recipe().training
    (settings.threads, settings.epochs, settings.batchSize) = (2, 2, 128)
    func run() throws -> Sequential {
      var (network, examples) = problem(seed: 3, count: 300)
      network.layers.insert(Dropout(rate: 0.5), at: 2)
      let trainer = Trainer(settings, loss: .crossEntropy)
      _ = try trainer.fit(&network, optimizer: Adam(), train: examples, validation: nil)
      return network
    }
    let (first, second) = (try run(), try run())
    for (a, b) in zip(first.parameters, second.parameters) { #expect(a.value == b.value) }
  }

  @Test("Adam over a team is Adam alone, bit for bit")
  func adamTwin() {
    var generator = Generator(seed: 4)
    let start = Tensor.normal([150, 301], using: &generator)
    var (alone, shared) = (start, start)
    var (one, two) = (Adam(weightDecay: 0.1), Adam(weightDecay: 0.1))
    let team = ThreadTeam(count: 2)
    for _ in 0..<3 {
      let gradient = Tensor.normal([150, 301], using: &generator)
      one.beginStep()
      two.beginStep()
      one.update(&alone, gradient: gradient, at: 0, over: .alone)
      two.update(&shared, gradient: gradient, at: 0, over: team)
    }
    #expect(alone == shared)
  }
}
