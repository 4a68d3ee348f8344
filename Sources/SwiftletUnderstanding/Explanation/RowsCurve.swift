// SPDX-License-Identifier: Apache-2.0
//
// RowsCurve: whether more rows would help.
//
// The model is trained again on a sixteenth, an eighth, a quarter, a half and all of its training rows, with three seeds
// each, and judged on the same rows every time. A law is fitted to the losses. What twice the rows would bring is told only
// if the law is sure that the loss has not arrived yet.
//
// Shapes    K sizes, S seeds
// Before    PowerLaw.swift     After    Fairness.swift
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

  /// How much less the loss would be with twice the rows, if the law can tell: it must be true of the loss that is reached,
  /// and the interval of its a must lie below that.
  public var gainOfTwice: Double? {
    guard let law, let limit, let last = points.last, isLawful, limit.high < last.mean else { return nil }
    let n = Double(last.rowCount)
    return law.loss(n) - law.loss(2 * n)
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
    var points: [Point] = []
    var done = 0
    for size in sizes {
      var losses: [Double] = []
      for seed in 0..<max(seeds, 1) {
        var generator = Generator(seed: UInt64(seed), stream: 77)
        let drawn = generator.permutation(of: training.count).prefix(size).map { training[Int($0)] }
        if let loss = try RowsCurve.loss(experiment, recipe, fold, (kept + drawn).sorted(), seed, split, observer) {
          losses.append(loss)
        }
        done += 1
        progress(done, sizes.count * max(seeds, 1))
      }
      if !losses.isEmpty { points.append(Point(rowCount: size, losses: losses)) }
    }
    let metrics = experiment.head.labels.isEmpty ? "rmse" : "log_loss"
    self.init(metric: metrics, split: split, judgedCount: fold.rows(split).count, points: points)
  }

  /// A curve of losses that are known, with its law.
  public init(metric: String, split: Split, judgedCount: Int, points: [Point]) {
    self.metric = metric
    self.split = split
    self.judgedCount = judgedCount
    self.points = points
    let sizes = points.flatMap { point in point.losses.map { _ in Double(point.rowCount) } }
    law = PowerLaw(sizes: sizes, losses: points.flatMap(\.losses))
    limit = law == nil ? nil : RowsCurve.limit(points, sizes)
  }

  /// The loss of a training on some rows; `nil` if it diverged.
  private static func loss(
    _ experiment: Experiment, _ recipe: Recipe, _ fold: Fold, _ rows: [Int32], _ seed: Int, _ split: Split,
    _ observer: any RunObserver
  ) throws -> Double? {
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
    return (metrics["log_loss"] ?? metrics["rmse"]).flatMap { $0.isFinite ? $0 : nil }
  }

  /// The interval of a: seeds are drawn anew for each size, and the law is fitted to them.
  private static func limit(_ points: [Point], _ sizes: [Double]) -> Interval? {
    var generator = Generator(seed: 7)
    let ends = (0..<200).compactMap { _ -> Double? in
      let losses = points.flatMap { point in point.losses.map { _ in point.losses[generator.below(point.losses.count)] }
      }
      return PowerLaw(sizes: sizes, losses: losses)?.a
    }.sorted()
    guard ends.count >= 100 else { return nil }
    return Interval(low: ends[ends.count / 40], high: ends[ends.count - 1 - ends.count / 40])
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
    ]
  }
}
