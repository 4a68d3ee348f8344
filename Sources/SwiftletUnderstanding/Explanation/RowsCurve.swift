// SPDX-License-Identifier: Apache-2.0
//
// RowsCurve: whether more rows would help.
//
// The model is trained again on a sixteenth, an eighth, a quarter, a half and all of its training rows, with three seeds
// each, and judged on the same rows every time. All of them may take the same number of steps: with the same number of
// epochs, few rows would get few steps, and what the steps bring would look as if the rows had brought it. A law is fitted
// to the losses. What twice the rows would bring is told only if it is more than what other seeds and other judged rows
// would change.
//
// Shapes    K sizes, S seeds
// Before    PowerLaw.swift     After    CurveNoise.swift
// Source    Viering, Loog, "The Shape of Learning Curves: A Review" (2023), sections 3 and 4; Efron, Tibshirani (1993), for
//           the interval

import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTensors
import SwiftletTraining

/// The loss by the number of training rows.
public struct RowsCurve: Codable, Equatable, Sendable {
  /// Trainings on as many rows.
  public struct Point: Codable, Equatable, Sendable {
    /// The number of training rows.
    public let rowCount: Int
    /// A loss for each seed.
    public let losses: [Double]

    /// Losses of trainings on as many rows.
    public init(rowCount: Int, losses: [Double]) {
      self.rowCount = rowCount
      self.losses = losses
    }

    /// The mean of the losses.
    public var mean: Double { SwiftletModels.mean(losses) }
  }

  /// The loss: `log_loss` of classes, `rmse` of numbers.
  public let metric: String
  /// Which rows judged, such as the test rows.
  public let split: Split
  /// Their number.
  public let judgedCount: Int
  /// The sizes, rising.
  public let points: [Point]
  /// The law of the losses; `nil` if they do not fall, or there are too few sizes.
  public let law: PowerLaw?
  /// Where the law's a probably is; `nil` without a law.
  public let limit: Interval?

  /// How much less than the reached loss the law has at twice the rows; `nil` without a law.
  package let promise: Double?
  /// How much less it probably is; `nil` without a law.
  package let promiseInterval: Interval?

  /// How much less the loss would be with twice the rows, if the curve can tell: the law must be true of the loss that is
  /// reached and must not be at the end of what is tried, the interval of its a must lie below that loss, and that of the
  /// gain above 0; and since a law of this kind flattens, the next doubling cannot bring more than the last one did.
  public var gainOfTwice: Double? {
    guard let law, let limit, let last = points.last, isLawful, law.isInside, limit.high < last.mean,
      let promiseInterval, promiseInterval.low > 0, let promise, promise > 0, let gainOfLast, promise <= gainOfLast
    else { return nil }
    return promise
  }

  /// How much less the loss became with the last doubling of the rows; `nil` if there was none.
  package var gainOfLast: Double? {
    guard let last = points.last, let before = points.dropLast().last else { return nil }
    return before.mean - last.mean
  }

  /// Whether there is a law, and it misses the loss that is reached by less than half of what it promises.
  public var isLawful: Bool {
    guard let law, let last = points.last else { return false }
    let n = Double(last.rowCount)
    return (law.loss(n) - last.mean).magnitude <= (law.loss(n) - law.loss(2 * n)) / 2
  }

  /// Trains again and again.
  ///
  /// - Parameters:
  ///   - experiment: The rows, and what is predicted.
  ///   - recipe: What is trained; its split decides the training and the judging rows.
  ///   - seeds: Trainings for each size: each draws other rows, and begins with other parameters.
  ///   - observer: Watches the trainings, and may end them.
  ///   - progress: Called after each training with the number of those that are done, and of all.
  /// - Throws: `DataError` if there are fewer than 30 training rows, or none that judge.
  public init(
    _ experiment: Experiment, _ recipe: Recipe, seeds: Int = 3, observer: any RunObserver = NoObserver(),
    progress: (_ done: Int, _ count: Int) -> Void = { _, _ in }
  ) throws {
    let fold = try experiment.fold(recipe.split)
    let training = fold.rows(.train)
    guard let split = [Split.test, .validation].first(where: { !fold.rows($0).isEmpty }) else {
      throw DataError("There are neither test rows nor validation rows to judge smaller trainings by.")
    }
    guard training.count >= 30 else {
      throw DataError("\(training.count) training rows are too few to be made fewer: it takes 30.")
    }
    let sizes = [16, 8, 4, 2, 1].map { training.count / $0 }.filter { $0 >= 15 }
    let kept = fold.splits.indices.filter { fold.splits[$0] != .train }.map { Int32($0) }
    let resamples = Bootstrap(
      classes: experiment.truth.selecting(fold.rows(split)).classes, resampleCount: CurveNoise.resampleCount)
    var points: [Point] = []
    var noise = CurveNoise()
    var done = 0
    for size in sizes {
      var losses: [Double] = []
      var redrawn: [[Double]] = []
      for seed in 0..<max(seeds, 1) {
        var generator = Generator(seed: UInt64(seed), stream: 77)
        let drawn = generator.permutation(of: training.count).prefix(size).map { training[Int($0)] }
        let smaller = recipe.takingTheSteps(of: training.count, with: size)
        if let loss = try RowsCurve.loss(experiment, smaller, fold, (kept + drawn).sorted(), seed, split, observer) {
          losses.append(loss.value)
          redrawn.append(loss.counted.map(resamples.values) ?? [])
        }
        done += 1
        progress(done, sizes.count * max(seeds, 1))
      }
      guard !losses.isEmpty else { continue }
      points.append(Point(rowCount: size, losses: losses))
      noise.losses.append(redrawn)
    }
    let metrics = experiment.head.labels.isEmpty ? "rmse" : "log_loss"
    self.init(metric: metrics, split: split, judgedCount: fold.rows(split).count, points: points, noise: noise)
  }

  /// A curve of losses that are known, with its law. The intervals are those of the seeds alone.
  public init(metric: String, split: Split, judgedCount: Int, points: [Point]) {
    self.init(metric: metric, split: split, judgedCount: judgedCount, points: points, noise: CurveNoise(points))
  }

  private init(metric: String, split: Split, judgedCount: Int, points: [Point], noise: CurveNoise) {
    self.metric = metric
    self.split = split
    self.judgedCount = judgedCount
    self.points = points
    let sizes = points.flatMap { point in point.losses.map { _ in Double(point.rowCount) } }
    law = PowerLaw(sizes: sizes, losses: points.flatMap(\.losses))
    promise = law.flatMap { law in points.last.map { $0.mean - law.loss(2 * Double($0.rowCount)) } }
    let intervals = law == nil ? nil : noise.intervals(points)
    limit = intervals?.limit
    promiseInterval = intervals?.promise
  }

  /// The loss after a training on some rows; `nil` if it diverged.
  private static func loss(
    _ experiment: Experiment, _ recipe: Recipe, _ fold: Fold, _ rows: [Int32], _ seed: Int, _ split: Split,
    _ observer: any RunObserver
  ) throws -> Loss? {
    var recipe = recipe
    recipe.training.seed &+= UInt64(seed)
    let run = try experiment.selecting(rows).prepare(
      recipe, fold: Fold(rows.map { fold.splits[Int($0)] }), name: "rows")
    var network = try run.untrainedNetwork()
    do {
      _ = try run.fit(&network, observer)
    } catch is DivergenceError {
      return nil
    }
    let metrics = try run.metrics(of: network, on: split)
    guard let loss = metrics.first(where: { ["log_loss", "rmse"].contains($0.name) }), loss.value.isFinite else {
      return nil
    }
    let counted = try run.countedMetrics(of: network, on: split).first { $0.name == loss.name }
    guard case .counted(let statistic)? = counted?.form else { return Loss(value: loss.value, counted: nil) }
    return Loss(value: loss.value, counted: statistic)
  }

  /// A loss, and what it is if each judged row counts so often.
  private struct Loss {
    let value: Double
    let counted: Bootstrap.Statistic?
  }

  /// The members of this struct, in an object.
  public var json: JSONValue {
    [
      "metric": .string(metric), "split": .string(split.rawValue), "judged_rows": JSONValue(judgedCount),
      "points": .array(
        points.map {
          [
            "rows": JSONValue($0.rowCount), "mean": .number($0.mean), "losses": .array($0.losses.map { .number($0) }),
          ]
        }),
      "law": law.map { ["a": .number($0.a), "b": .number($0.b), "c": .number($0.c)] } ?? .null,
      "limit": limit?.json ?? .null, "gain_of_twice": gainOfTwice.map { .number($0) } ?? .null,
      "gain_interval": promiseInterval?.json ?? .null,
    ]
  }
}

extension Recipe {
  /// The recipe for fewer rows, with so many epochs that it takes as many steps as it may with all of them.
  ///
  /// - Parameters:
  ///   - all: The number of training rows that the recipe is meant for.
  ///   - rows: The number of rows that are left of them.
  fileprivate func takingTheSteps(of all: Int, with rows: Int) -> Recipe {
    func steps(_ rows: Int) -> Int { (rows + training.batchSize - 1) / training.batchSize }
    func scaled(_ epochs: Int) -> Int { (epochs * steps(all) + steps(rows) - 1) / steps(rows) }
    var recipe = self
    recipe.training.epochs = scaled(training.epochs)
    recipe.training.earlyStopping = scaled(training.earlyStopping)
    return recipe
  }
}
