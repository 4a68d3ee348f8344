// SPDX-License-Identifier: Apache-2.0
//
// The trainer: the loop in which a network learns from batches.
//
// Forward, loss, backward, step; after every epoch a look at the validation rows, and the best parameters so far are
// kept.
//
// Shapes    B examples in a batch, D features, C outputs
// Before    Fitter.swift     After    ContinuedFit.swift
// Source    Goodfellow, Bengio, Courville (2016), algorithm 7.1, for early stopping

import SwiftletNN
import SwiftletTensors

/// Fits a network by an optimizer that looks at one batch at a time.
public struct Trainer: Fitter {
  /// Takes the steps, at a learning rate of its own.
  public var optimizer: any Optimizer
  /// What is minimized.
  public var objective: Objective
  /// Batches, epochs, schedule and the like. The learning rate in it is not read: it is the optimizer's.
  public var settings: Recipe.Training
  /// Adds up the gradients of the processes that share the batches.
  public var gradientSum: any GradientSum = SingleProcess()
  /// Where the state is saved between epochs, if at all.
  var checkpoints: Checkpoints?

  /// A trainer for one fit or several.
  public init(_ optimizer: any Optimizer, _ objective: Objective, _ settings: Recipe.Training) {
    self.optimizer = optimizer
    self.objective = objective
    self.settings = settings
  }

  public func fit(
    _ network: inout Sequential, train: Examples, validation: Examples?, observer: any RunObserver
  ) throws -> FitReport {
    let parallelism = parallelism(of: network, train)
    var state = beginning(network, shards: parallelism.team.count, validation: validation)
    try checkpoints?.restore(&state)
    let report = try fit(
      &state, parallelism, until: settings.epochs, train: train, validation: validation, observer: observer)
    network = state.chosenNetwork
    return report
  }

  /// The threads of a fit.
  func parallelism(of network: Sequential, _ train: Examples) -> DataParallelism {
    var parallelism = DataParallelism(
      threads: settings.threadCount, batchSize: min(settings.batchSize, train.count), network: network,
      width: train.features.width)
    parallelism.augmentation = settings.augment
    return parallelism
  }

  /// The state in which a fit begins.
  func beginning(_ network: Sequential, shards: Int, validation: Examples?) -> TrainingState {
    TrainingState(
      network, optimizer, seed: settings.seed, shards: shards,
      history: History(validationMetric: validation == nil ? nil : objective.head.watchedMetric))
  }

  /// Goes on with a fit until an epoch is over.
  func fit(
    _ state: inout TrainingState, _ parallelism: DataParallelism, until epoch: Int, train: Examples,
    validation: Examples?, observer: any RunObserver
  ) throws -> FitReport {
    // If shards are worth their threads, each multiplies on one; if not, OpenBLAS splits large products.
    try BLASThreads.hold(parallelism.team.count > 1 ? 1 : settings.threadCount) {
      try loop(
        &state, parallelism, until: min(epoch, settings.epochs), train: train, validation: validation,
        observer: observer)
    }
  }

  /// The loop itself.
  private func loop(
    _ state: inout TrainingState, _ parallelism: DataParallelism, until last: Int, train: Examples,
    validation: Examples?, observer: any RunObserver
  ) throws -> FitReport {
    var loop = Epochs(self, state, parallelism, train, observer)
    var isInterrupted = false
    while state.epoch < last, !isStoppedEarly(state), !isInterrupted {
      var figures = try loop.trainEpoch(&state)
      isInterrupted = loop.isInterrupted
      let measured = loop.watch.pausing { [network = state.network] in
        validation.map { objective.measure(network, $0) }
      }
      figures.validationLoss = measured?.loss
      figures.validationMetric = measured?.metric
      state.best.consider(state.network, loss: measured?.loss, epoch: state.epoch)
      loop.report(figures, &state)
      if !isInterrupted, gradientSum.rank == 0 { try checkpoints?.write(state, seconds: loop.watch.seconds) }
    }
    return FitReport(
      ending: isInterrupted ? .interrupted : isStoppedEarly(state) ? .earlyStopping : .completed,
      epochs: state.epoch, bestEpoch: state.chosenEpoch, seconds: loop.watch.seconds,
      examplesPerSecond: loop.watch.examplesPerSecond(afterStep: state.step), history: state.history, warnings: [])
  }

  /// Whether the validation loss has not become less for a while.
  private func isStoppedEarly(_ state: TrainingState) -> Bool {
    settings.earlyStopping > 0 && state.epoch - state.chosenEpoch >= settings.earlyStopping
  }
}

/// One epoch after another: the batches in a new order, and a step on each.
private struct Epochs {
  let trainer: Trainer
  let parallelism: DataParallelism
  let train: Examples
  let observer: any RunObserver
  var watch: Watch
  /// Whether the observer asked to stop.
  var isInterrupted = false

  private let stepsPerEpoch: Int
  private let schedule: Schedule

  init(
    _ trainer: Trainer, _ state: TrainingState, _ parallelism: DataParallelism, _ train: Examples,
    _ observer: any RunObserver
  ) {
    let settings = trainer.settings
    self.trainer = trainer
    self.parallelism = parallelism
    self.train = train
    self.observer = observer
    stepsPerEpoch = (train.count + settings.batchSize - 1) / settings.batchSize
    schedule = Schedule(settings.schedule, epochs: settings.epochs)
    watch = Watch(state, epochCount: settings.epochs, stepsPerEpoch: stepsPerEpoch, exampleCount: train.count)
  }

  /// Goes once through the examples, and returns the mean loss of what was seen.
  mutating func trainEpoch(_ state: inout TrainingState) throws -> EpochFigures {
    let settings = trainer.settings
    var figures = EpochFigures(epoch: state.epoch + 1, trainLoss: 0)
    figures.validationLoss = state.history.epochs.last?.validationLoss  // of the last whole epoch
    figures.validationMetric = state.history.epochs.last?.validationMetric
    state.epoch += 1
    let order = state.order.permutation(of: train.count)
    var lossSum = 0.0
    for start in stride(from: 0, to: train.count, by: settings.batchSize) {
      let batch = order[start..<min(start + settings.batchSize, train.count)]
      let factor = schedule.factor(
        atStep: state.step, stepsPerEpoch: stepsPerEpoch, totalSteps: stepsPerEpoch * settings.epochs)
      let loss = step(&state, batch, rateFactor: factor)
      let rate = trainer.optimizer.learningRate * factor
      guard loss.isFinite else {
        throw DivergenceError(
          epoch: state.epoch, step: start / settings.batchSize + 1, loss: loss, learningRate: settings.learningRate)
      }
      state.step += 1
      lossSum += Double(loss) * Double(batch.count)
      figures.trainLoss = lossSum / Double(batch.endIndex)
      figures.learningRate = rate
      if observer.wantsToStop {
        isInterrupted = true
        break
      }
      guard batch.endIndex < train.count else { break }  // the epoch's own report follows
      let fraction = Double(batch.endIndex) / Double(train.count)
      observer.saw(.progressed(watch.progress(figures, fraction: fraction, step: state.step)))
    }
    return figures
  }

  /// One step on one batch; its loss.
  private func step(_ state: inout TrainingState, _ batch: ArraySlice<Int32>, rateFactor: Float) -> Float {
    let objective = trainer.objective
    var (loss, gradients) = parallelism.gradients(
      state.network, train, trainer.gradientSum.part(of: batch),
      batchWeight: train.truth.totalWeight(of: batch), objective, dropout: &state.dropout)
    if gradients.isEmpty {  // no rows for this process
      gradients = state.network.parameters.filter(\.isTrainable).map { .zeros($0.value.shape) }
    }
    trainer.gradientSum.sum(&loss, &gradients)
    loss += Float(objective.addPenalty(of: state.network, exampleCount: train.count, to: &gradients))
    if trainer.settings.clipNorm > 0 { clipGradients(&gradients, toNorm: trainer.settings.clipNorm) }
    state.optimizer.step(&state.network, gradients: gradients, rateFactor: rateFactor, over: parallelism.team)
    return loss
  }

  /// Remembers and shows the figures of an epoch that is over.
  func report(_ figures: EpochFigures, _ state: inout TrainingState) {
    state.history.epochs.append(figures)
    observer.saw(.progressed(watch.progress(figures, fraction: 1, step: state.step)))
    observer.saw(.epochEnded(figures))
  }
}

extension Schedule {
  /// The schedule that a recipe names.
  fileprivate init(_ kind: Recipe.ScheduleKind, epochs: Int) {
    switch kind {
    case .constant: self = .constant
    case .step: self = .step(every: max(1, epochs / 3), factor: 0.1)
    case .cosine: self = .cosine
    case .warmup: self = .warmUp(fraction: 0.05, then: .cosine)
    }
  }
}
