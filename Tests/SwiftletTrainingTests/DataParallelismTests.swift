// SPDX-License-Identifier: Apache-2.0

import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors
import SwiftletTestSupport
import Testing

@testable import SwiftletTraining

@Suite("Data parallelism")
struct DataParallelismTests {
  private let objective = Objective(ClassHead(labels: ["a", "b", "c", "d"]))

  /// A network and examples that are large enough to be shared out over two threads.
  private func problem(seed: UInt64, count: Int) -> (network: Sequential, examples: Examples) {
    var generator = Generator(seed: seed)
    let network = Sequential(
      Linear(inputSize: 300, outputSize: 100, using: &generator), Tanh(),
      Linear(inputSize: 100, outputSize: 4, using: &generator))
    let features = Tensor.normal([count, 300], using: &generator)
    let labels = (0..<count).map { _ in Int32(generator.below(4)) }
    return (network, Examples(features: .dense(features), truth: Truth(labels: labels)))
  }

  /// The loss and the gradients of a batch, by so many threads.
  private func gradients(
    _ network: Sequential, _ examples: Examples, _ batch: ArraySlice<Int32>, _ objective: Objective, threads: Int
  ) -> (loss: Float, gradients: [Tensor], shards: Int) {
    let parallelism = DataParallelism(threads: threads, batchSize: 128, network: network, width: 300)
    var dropout = (0..<parallelism.team.count).map { Generator(seed: 1, stream: UInt64($0)) }
    let weight = examples.truth.totalWeight(of: batch)
    let found = parallelism.gradients(
      network, examples, batch, batchWeight: weight, objective, dropout: &dropout)
    return (found.loss, found.gradients, parallelism.team.count)
  }

  // 97 rows: shards of 49 and 48, or of 33, 33 and 31. Class weights make the shards count differently.
  @Test(
    "the shards' gradients add up to the batch's", arguments: [2, 3], [nil, [1, 5, 0.5, 2]] as [[Float]?])
  func twin(threads: Int, classWeights: [Float]?) {
    var (network, examples) = problem(seed: 1, count: 200)
    examples.truth.weights = classWeights.map { weights in examples.truth.labels.map { weights[Int($0)] } }
    let batch = (50..<147).map { Int32($0) }[...]
    let expected = gradients(network, examples, batch, objective, threads: 1)
    let actual = gradients(network, examples, batch, objective, threads: threads)
    #expect(expected.shards == 1 && actual.shards == threads)
    #expect(abs(expected.loss - actual.loss) < 1e-5)
    #expect(expected.gradients.count == 4 && actual.gradients.count == 4)
    for (a, b) in zip(actual.gradients, expected.gradients) { expectClose(a, b, tolerance: 1e-6) }
  }

  @Test("a batch with fewer rows than threads is still whole")
  func fewRows() {
    let (network, examples) = problem(seed: 2, count: 200)
    let expected = gradients(network, examples, [7, 8], objective, threads: 1)
    let actual = gradients(network, examples, [7, 8], objective, threads: 3)
    #expect(actual.gradients.count == 4)
    for (a, b) in zip(actual.gradients, expected.gradients) { expectClose(a, b, tolerance: 1e-6) }
  }

  @Test("every shard drops other units in the next step")
  func dropoutGoesOn() {
    var (network, examples) = problem(seed: 5, count: 128)
    network.layers.insert(Dropout(rate: 0.5), at: 2)
    let parallelism = DataParallelism(threads: 2, batchSize: 128, network: network, width: 300)
    var dropout = (0..<2).map { Generator(seed: 1, stream: UInt64($0)) }
    let begun = dropout
    func step() -> [Tensor] {
      BLASThreads.hold(1) {
        parallelism.gradients(
          network, examples, (0..<128).map { Int32($0) }[...], batchWeight: 128, objective,
          dropout: &dropout
        ).gradients
      }
    }
    let first = step()
    #expect(parallelism.team.count == 2 && dropout[0] != begun[0] && dropout[1] != begun[1])
    #expect(step() != first)
    dropout = begun
    #expect(step() == first)
  }

  @Test("small steps are not shared out")
  func smallSteps() throws {
    func shards(batchSize: Int, sizes: [Int]) throws -> Int {
      let blueprint = Blueprint.mlp(inputSize: sizes[0], hiddenSizes: Array(sizes[1..<sizes.count - 1]), outputSize: 10)
      return DataParallelism(
        threads: 8, batchSize: batchSize,
        network: try blueprint.build(from: FreshParameters(using: Generator(seed: 1)), inputSize: sizes[0]),
        width: sizes[0]
      ).team.count
    }
    #expect(try shards(batchSize: 32, sizes: [64, 64, 10]) == 1)
    #expect(try shards(batchSize: 128, sizes: [784, 256, 128, 10]) == 4)
  }

  @Test("pictures are shared out even in small batches, because their pixels are the rows of a product")
  func pictures() throws {
    let blueprint = Blueprint.cnn(pictureShape: [1, 28, 28], channels: [16, 32], hiddenSizes: [64], outputSize: 10)
    let network = try blueprint.build(from: FreshParameters(using: Generator(seed: 1)), inputSize: 784)
    #expect(network.productRowCount(for: [1, 784]) == 784)
    // 784 pixels · 9 · 16, then 196 · 16 · 9 · 32, 49 · 32 · 64 and 64 · 10
    #expect(network.multiplicationCount(for: [1, 784]) == 112_896 + 903_168 + 100_352 + 640)
    #expect(DataParallelism(threads: 2, batchSize: 8, network: network, width: 784).team.count == 2)
  }

  @Test("the same seed and threads give the same run, bit for bit, dropout included")
  func sameRun() throws {
    var settings = Recipe().training
    settings.threads = 2
    settings.epochs = 2
    settings.batchSize = 128
    func run() throws -> Sequential {
      var (network, examples) = problem(seed: 3, count: 300)
      network.layers.insert(Dropout(rate: 0.5), at: 2)
      _ = try Trainer(Adam(), objective, settings).fit(&network, train: examples)
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
      one.beginStep(rateFactor: 1)
      two.beginStep(rateFactor: 1)
      one.update(&alone, gradient: gradient, at: 0, over: .alone)
      two.update(&shared, gradient: gradient, at: 0, over: team)
    }
    #expect(alone == shared)
  }
}
