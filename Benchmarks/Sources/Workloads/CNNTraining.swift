// SPDX-License-Identifier: Apache-2.0
//
// Training a convolutional network on Fashion-MNIST in batches of 64, by Adam: 16 and 32 channels, then 64 units.
//
// It goes through the trainer, as `swiftlet train --model cnn` does. Peer: cnn_torch.py.
//
// Options   rows=20000, threads=2, data=fashion (or random)
// Before    SmallMLPTraining.swift     After    LogisticFit.swift

import SwiftletNN
import SwiftletTensors
import SwiftletTraining

public struct CNNTraining: Workload {
  private let examples: Examples
  private let settings: Recipe.Training

  public init(_ options: Options) throws {
    var settings = Recipe().training
    settings.batchSize = 64
    settings.epochs = 1
    settings.threads = try options.count("threads", default: 2)
    setThreadCount(settings.threads)
    self.settings = settings
    examples = try FashionMNIST(options, rows: 20_000).examples
  }

  static let blueprint = Blueprint.cnn(
    pictureShape: [1, 28, 28], channels: [16, 32], hiddenSizes: [64], outputSize: 10)

  public func measure() throws -> Measurement {
    var network = try CNNTraining.blueprint.build(from: FreshParameters(using: Generator(seed: 7)), inputSize: 784)
    let trainer = Trainer(Adam(learningRate: 0.001), Objective(FashionMNIST.head), settings)
    let time = try seconds { _ = try trainer.fit(&network, train: examples) }
    let count = min(examples.count, 2000)
    let truth = examples.truth.selecting((0..<Int32(count)).map { $0 })
    let loss = FashionMNIST.head.lossAndGradient(network(examples.features.rows(0..<count)), truth).loss
    return Measurement(seconds: time, count: Double(examples.count), unit: "examples", check: loss)
  }
}
