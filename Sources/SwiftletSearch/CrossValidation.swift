// SPDX-License-Identifier: Apache-2.0
//
// Cross-validation: a recipe's score on every row once, and on no row of the test.
//
// A fold is a run of its own, with a pipeline that was fitted to its own training rows. Folds are independent, so two
// workers take one after another, each with one thread of OpenBLAS: the scores are the same for any number of workers.
//
// Before    -     After    Comparison.swift
// Source    Stone (1974)

import SwiftletModels
import SwiftletTables
import SwiftletTensors
import SwiftletTraining
import Synchronization

/// The scores of a recipe, fold by fold.
public struct CrossValidation: Sendable {
  /// k, the number of folds in a repeat.
  public var folds: Int
  /// How many times the rows are dealt out anew.
  public var repeats: Int
  /// Number of folds that are trained at the same time.
  public var workers: Int

  /// Folds, on as many workers as the machine has cores, and at most two.
  public init(folds: Int = 5, repeats: Int = 1, workers: Int = min(2, OpenBLAS.processorCount)) {
    self.folds = folds
    self.repeats = repeats
    self.workers = workers
  }

  /// A recipe was judged by one fold.
  public struct Step: Sendable, Equatable {
    /// How many folds are done.
    public let done: Int
    /// How many there are.
    public let count: Int
  }

  /// Checks whether there are rows enough for the folds, without training anything.
  ///
  /// - Parameters:
  ///   - recipe: What decides the split.
  ///   - experiment: The rows.
  /// - Throws: `DataError` if there are too few rows, or groups, or if the rows are split by time.
  public func check(_ recipe: Recipe, on experiment: Experiment) throws {
    _ = try experiment.withoutTestRows(recipe.split).folds(recipe.split, count: folds, repeats: repeats)
  }

  /// Trains and judges a recipe on every fold.
  ///
  /// - Parameters:
  ///   - recipe: What decides the runs; its `training.threads` does not matter.
  ///   - experiment: The rows; those of the recipe's own test are left out.
  ///   - observer: May end it between two batches.
  ///   - progress: Called after each fold, on any thread.
  /// - Returns: The measures of each fold of each repeat, in their order.
  /// - Throws: What a run throws, and `CancellationError` if the observer ended it.
  public func metrics(
    of recipe: Recipe, on experiment: Experiment, observer: any RunObserver = NoObserver(),
    progress: @escaping @Sendable (Step) -> Void = { _ in }
  ) throws -> [[Metric]] {
    let choosing = try experiment.withoutTestRows(recipe.split)
    let folds = try choosing.folds(recipe.split, count: folds, repeats: repeats)
    var single = recipe
    single.training.threads = 1
    single.training.checkpoint = 0
    let done = Atomic<Int>(0)
    let watching = StopOnly(observer)
    return try inParallel(folds.count, workers: workers) { [single] position in
      let data = try PreparedData(choosing, folds[position], single.pipeline)
      // A seed of its own for each fold: else a lucky first network would be lucky in all of them.
      var own = single
      own.training.seed = Generator.mix(single.training.seed ^ Generator.mix(UInt64(position))) >> 33
      let run = Run(recipe: own, data: data, name: "fold")
      var network = try run.untrainedNetwork()
      let fit = try run.fit(&network, watching)
      guard fit.ending != .interrupted else { throw CancellationError() }
      let metrics = try run.metrics(of: network, on: .test)
      progress(Step(done: done.add(1, ordering: .relaxed).newValue, count: folds.count))
      return metrics
    }
  }
}

/// Passes on nothing but the wish to stop.
struct StopOnly: RunObserver {
  private let observer: any RunObserver
  init(_ observer: any RunObserver) { self.observer = observer }
  var wantsToStop: Bool { observer.wantsToStop }
}

/// Does `count` pieces of work, some of them at the same time.
///
/// - Returns: What they return, in their order.
/// - Throws: The error of the first piece, in their order, that threw; after an error no further piece begins.
func inParallel<Result: Sendable>(
  _ count: Int, workers: Int, _ work: @escaping @Sendable (Int) throws -> Result
) throws -> [Result] {
  let next = Atomic<Int>(0)
  let hasFailed = Atomic<Bool>(false)
  let results = Mutex<[Swift.Result<Result, any Error>?]>(Array(repeating: nil, count: count))
  let team = ThreadTeam(count: max(1, min(workers, count)), patience: .zero)
  team.run { _ in
    while !hasFailed.load(ordering: .relaxed) {
      let position = next.add(1, ordering: .relaxed).oldValue
      guard position < count else { return }
      let result = Swift.Result { try work(position) }
      if case .failure = result { hasFailed.store(true, ordering: .relaxed) }
      results.withLock { $0[position] = result }
    }
  }
  return try results.withLock { results in try results.compactMap { try $0?.get() } }
}
