// SPDX-License-Identifier: Apache-2.0
//
// Training a network: 784-256-128-10 on Fashion-MNIST in batches of 128, by Adam.
//
// It goes through the trainer, as `swiftlet train` does: shuffling, putting batches together, the step and the sum
// of the losses are all in the time. Peers: mlp_torch.py, mlp_sklearn.py.
//
// Options   rows=60000, epochs=1 (of few rows so many that they are 60,000), threads=2,
//           features=bytes (or numbers: a matrix made before), data=fashion (or random)
// Before    Images.swift     After    SmallMLPTraining.swift

import SwiftletNN
import SwiftletTables
import SwiftletTensors
import SwiftletTraining

public struct MLPTraining: Workload {
  static let sizes = [784, 256, 128, 10]
  private let epochs: Epochs

  public init(_ options: Options) throws {
    let threads = try options.count("threads", default: 2)
    setThreadCount(threads)
    let data = try FashionMNIST(options, rows: 60_000)
    var examples = data.examples
    if options.text("features", default: "bytes") == "numbers" { examples.features = .dense(data.numbers) }
    // Of few rows several epochs, so that a turn is never too short to be measured.
    let epochCount = try options.count("epochs", default: max(1, 60_000 / data.labels.count))
    epochs = Epochs(examples, sizes: MLPTraining.sizes, batchSize: 128, epochCount: epochCount, threads: threads)
  }

  public func measure() throws -> Measurement { try epochs.measure() }
}

/// Epochs of training a fresh network with ReLU between its layers, and the same products bare.
struct Epochs {
  private let examples: Examples
  private let sizes: [Int]
  private let settings: Recipe.Training
  private let floor: EpochFloor

  init(_ examples: Examples, sizes: [Int], batchSize: Int, epochCount: Int, threads: Int) {
    (self.examples, self.sizes) = (examples, sizes)
    var settings = Recipe().training
    settings.batchSize = batchSize
    settings.epochs = epochCount
    settings.threads = threads
    self.settings = settings
    floor = EpochFloor(sizes: sizes, batchSize: batchSize, exampleCount: examples.count)
  }

  func measure() throws -> Measurement {
    var generator = Generator(seed: 7)
    var layers: [any Layer] = []
    for (inputSize, outputSize) in zip(sizes, sizes.dropFirst()) {
      if !layers.isEmpty { layers.append(ReLU()) }
      layers.append(Linear(inputSize: inputSize, outputSize: outputSize, using: &generator))
    }
    var network = Sequential(layers)
    let trainer = Trainer(Adam(learningRate: 0.001), Objective(FashionMNIST.head), settings)
    let time = try seconds { _ = try trainer.fit(&network, train: examples) }
    return Measurement(
      seconds: time, bareSeconds: floor.seconds(epochs: settings.epochs),
      count: Double(examples.count * settings.epochs), unit: "examples", check: meanLoss(of: network))
  }

  /// The loss of the trained network on its first examples, which is to be about a peer's.
  private func meanLoss(of network: Sequential) -> Double {
    let count = min(examples.count, 10_000)
    let truth = examples.truth.selecting((0..<Int32(count)).map { $0 })
    return FashionMNIST.head.lossAndGradient(network(examples.features.rows(0..<count)), truth).loss
  }
}
