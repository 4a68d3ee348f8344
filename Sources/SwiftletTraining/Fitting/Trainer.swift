// SPDX-License-Identifier: Apache-2.0
//
// The trainer: the loop in which a network learns from batches.
//
// Forward, loss, backward, step; after every epoch a look at the validation rows, and the best parameters
// so far are kept, which costs an assignment, because a network is a value.
//
// Shapes    B examples in a batch, D features, C outputs
// Before    FitReport.swift     After    DataParallelism.swift
// Source    Goodfellow, Bengio, Courville (2016), algorithm 7.1, for early stopping

import Foundation
import SwiftletAutograd
import SwiftletNN
import SwiftletTensors

/// Fits a network by an optimizer that looks at one batch at a time.
public struct Trainer: Sendable {
  /// Batches, epochs, schedule and the like.
  public var settings: Recipe.Training
  /// What is made small.
  public var loss: Loss
  /// How much an example of each class counts; C numbers.
  public var classWeights: [Float]?
  /// Who watches, and who may stop it.
  public var hooks: TrainingHooks

  /// A trainer for one fit or several.
  public init(
    _ settings: Recipe.Training, loss: Loss, classWeights: [Float]? = nil, hooks: TrainingHooks = TrainingHooks()
  ) {
    (self.settings, self.loss, self.classWeights, self.hooks) = (settings, loss, classWeights, hooks)
  }

  /// Changes the network's parameters until the last epoch, or until the validation loss stays up.
  ///
  /// - Throws: ``DivergenceError`` where the loss is no finite number any more.
  public func fit(_ network: inout Sequential, optimizer: any Optimizer, train: Examples, validation: Examples?) throws
    -> FitReport
  {
    var optimizer = optimizer
    var order = Generator(seed: settings.seed, stream: 1)
    // Where shards are worth their threads, each multiplies on one; where not, OpenBLAS shares out large products.
    var parallelism = DataParallelism(
      threads: threads, batchSize: min(settings.batchSize, train.count), parameterCount: network.parameterCount,
      seed: settings.seed)
    OpenBLAS.setThreadCount(parallelism.team.count > 1 ? 1 : threads)
    defer { OpenBLAS.setThreadCount(threads) }
    let clock = ContinuousClock()
    let start = clock.now
    var history = History(hasValidation: validation != nil, metric: metricName)
    var best = (network: network, loss: Double.infinity, epoch: 0)
    var ending = Ending.completed
    let stepsPerEpoch = (train.count + settings.batchSize - 1) / settings.batchSize
    let totalSteps = stepsPerEpoch * settings.epochs
    var step = 0
    var evaluationTime = Duration.zero
    var epoch = 0
    /// Of the last whole epoch: what there is to tell in the middle of the next.
    var lastMeasured: (loss: Double, metric: Double)?

    while epoch < settings.epochs {
      epoch += 1
      let permutation = order.permutation(of: train.count)
      var (lossSum, seenCount) = (0.0, 0)
      var rate = settings.learningRate
      for batchStart in stride(from: 0, to: train.count, by: settings.batchSize) {
        let batch = permutation[batchStart..<min(batchStart + settings.batchSize, train.count)]
        rate =
          settings.learningRate * schedule.factor(atStep: step, stepsPerEpoch: stepsPerEpoch, totalSteps: totalSteps)
        optimizer.learningRate = rate
        let batchLoss = self.step(&network, &optimizer, train, batch, &parallelism)
        guard batchLoss.isFinite else {
          throw DivergenceError(epoch: epoch, step: step % stepsPerEpoch + 1, loss: batchLoss, learningRate: rate)
        }
        lossSum += Double(batchLoss) * Double(batch.count)
        seenCount += batch.count
        step += 1
        if hooks.shouldStop() {
          ending = .interrupted
          break
        }
        guard seenCount < train.count else { continue }  // the epoch's own report follows
        report(
          epoch, Double(seenCount) / Double(train.count), lossSum / Double(seenCount), lastMeasured, step, totalSteps,
          train.count, clock.now - start - evaluationTime)
      }
      let evaluationStart = clock.now
      let trainLoss = lossSum / Double(max(seenCount, 1))
      let measured = validation.map { measure(network, $0) }
      evaluationTime += clock.now - evaluationStart
      history.add(epoch: epoch, trainLoss: trainLoss, validation: measured, rate: rate)
      lastMeasured = measured
      report(
        epoch, 1, trainLoss, measured, step, totalSteps, train.count, clock.now - start - evaluationTime)
      if ending == .interrupted {
        // An epoch that was broken off may still be better than those before.
        if (measured?.loss ?? 0) < best.loss { best = (network, measured?.loss ?? 0, epoch) }
        break
      }
      guard let measured else {
        best = (network, trainLoss, epoch)
        continue
      }
      if measured.loss < best.loss { best = (network, measured.loss, epoch) }
      if settings.earlyStopping > 0, epoch - best.epoch >= settings.earlyStopping {
        ending = .earlyStopping
        break
      }
    }
    network = best.network
    let seconds = (clock.now - start).seconds
    let fittingSeconds = max((clock.now - start - evaluationTime).seconds, 1e-9)
    return FitReport(
      ending: ending, epochs: epoch, bestEpoch: best.epoch, seconds: seconds,
      examplesPerSecond: Double(step) * Double(train.count) / Double(stepsPerEpoch) / fittingSeconds,
      history: history.csv, warnings: [])
  }

  /// The threads that the settings ask for: as many as there are processors where they leave it open.
  var threads: Int { settings.threads == 0 ? OpenBLAS.processorCount : settings.threads }

  /// One step on one batch; its loss.
  private func step(
    _ network: inout Sequential, _ optimizer: inout any Optimizer, _ examples: Examples, _ batch: ArraySlice<Int32>,
    _ parallelism: inout DataParallelism
  ) -> Float {
    var (loss, gradients) = parallelism.gradients(network, examples, batch, self)
    if settings.clipNorm > 0 { clipGradients(&gradients, toNorm: settings.clipNorm) }
    optimizer.step(&network, gradients: gradients, over: parallelism.team)
    return loss
  }

  private var schedule: Schedule {
    switch settings.schedule {
    case .constant: .constant
    case .step: .step(every: max(1, settings.epochs / 3), factor: 0.1)
    case .cosine: .cosine
    case .warmup: .warmUp(fraction: 0.05, then: .cosine)
    }
  }

  var metricName: String { loss == .meanSquaredError ? "r2" : "accuracy" }

  /// Loss, and accuracy or R², of examples.
  func measure(_ network: Sequential, _ examples: Examples) -> (loss: Double, metric: Double) {
    var (lossSum, weight, metricSum) = (0.0, 0.0, 0.0)
    var variance = 0.0
    let means: Tensor? = if case .numbers(let numbers) = examples.targets { numbers.mean(axis: 0) } else { nil }
    for start in stride(from: 0, to: examples.count, by: 1024) {
      let range = start..<min(start + 1024, examples.count)
      let outputs = network(examples.features.rows(range))
      let indices = (Int32(range.lowerBound)..<Int32(range.upperBound)).map { $0 }
      let targets = examples.targets.gathered(indices)
      let blockWeight = totalWeight(targets)
      lossSum += loss.valueAndGradient(outputs, targets, classWeights: classWeights).loss * blockWeight
      weight += blockWeight
      switch targets {
      case .labels(let labels):
        let answers = outputs.shape[1] == 1 ? outputs.scalars.map { $0 > 0 ? 1 : 0 } : outputs.argmax(axis: 1)
        metricSum += Double(zip(labels, answers).count { $0 == $1 })
      case .numbers(let numbers):
        metricSum += Double(square(outputs - numbers).sum().scalar)
        if let means { variance += Double(square(numbers - means).sum().scalar) }
      }
    }
    let metric = means == nil ? metricSum / Double(examples.count) : variance > 0 ? 1 - metricSum / variance : 0
    return (lossSum / max(weight, .leastNormalMagnitude), metric)
  }

  /// How much the examples at the given positions count together.
  func totalWeight(_ targets: Targets, _ positions: ArraySlice<Int32>) -> Double {
    guard case .labels(let labels) = targets, let classWeights else { return Double(positions.count) }
    return positions.reduce(0) { $0 + Double(classWeights[Int(labels[Int($1)])]) }
  }

  func totalWeight(_ targets: Targets) -> Double {
    guard case .labels(let labels) = targets, let classWeights else { return Double(targets.count) }
    return labels.reduce(0) { $0 + Double(classWeights[Int($1)]) }
  }

  private func report(
    _ epoch: Int, _ fraction: Double, _ trainLoss: Double, _ measured: (loss: Double, metric: Double)?, _ step: Int,
    _ totalSteps: Int, _ count: Int, _ elapsed: Duration
  ) {
    let perSecond = (Double(epoch - 1) + fraction) * Double(count) / max(elapsed.seconds, 1e-9)
    let left = elapsed.seconds / Double(max(step, 1)) * Double(totalSteps - step)
    hooks.progress(
      FitProgress(
        epoch: epoch, epochCount: settings.epochs, fraction: fraction, trainLoss: trainLoss,
        validationLoss: measured?.loss, validationMetric: measured.map { (metricName, $0.metric) },
        examplesPerSecond: perSecond, secondsLeft: left))
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
