// SPDX-License-Identifier: Apache-2.0
//
// The convex fit: logistic and linear regression, to their one minimum.
//
// All rows are looked at in every step, block by block: a block's product, its loss and its part of the gradient are
// computed while it is in the cache, and are added up in 64 bits.
//
// Shapes    N examples, D features, C outputs
// Before    WholeObjective.swift     After    Run/Experiment.swift
// Source    Hastie, Tibshirani, Friedman (2009), sections 3.4.1 and 4.4.4

import Foundation
import SwiftletNN
import SwiftletTables
import SwiftletTensors

/// Fits a linear layer by L-BFGS.
public struct ConvexFit: Fitter {
  /// What is minimized.
  public var objective: Objective
  /// The tolerance, the most iterations, and the threads.
  public var settings: Recipe.Training

  /// A fit of an objective.
  public init(_ objective: Objective, _ settings: Recipe.Training) {
    self.objective = objective
    self.settings = settings
  }

  /// The fewest multiplications in a pass over all rows for which a second thread pays.
  private static let smallestShared = 1 << 22

  public func fit(
    _ network: inout Sequential, train: Examples, validation: Examples?, observer: any RunObserver
  ) throws -> FitReport {
    guard let layer = network.onlyLinear else {
      throw DataError("The optimizer lbfgs is for logistic and linear models; use adam, adamw or sgd for others.")
    }
    // With enough to do, each thread takes blocks of rows; else OpenBLAS splits large products.
    let threads = settings.threadCount
    let team = train.count * layer.weight.count >= Self.smallestShared ? ThreadTeam(count: threads) : .alone
    return try BLASThreads.hold(team.count > 1 ? 1 : threads) {
      let whole = WholeObjective(objective, train, layer, team)
      return try fit(&network, layer, whole, train: train, validation: validation, observer: observer)
    }
  }

  private func fit(
    _ network: inout Sequential, _ layer: Linear, _ whole: WholeObjective, train: Examples, validation: Examples?,
    observer: any RunObserver
  ) throws -> FitReport {
    guard let convexity = objective.head.convexity else {
      throw DataError("The optimizer lbfgs is for convex losses; use adam, adamw or sgd.")
    }
    var whole = whole
    let preconditioner = Preconditioner(train.features, curvature: convexity.curvature, penalty: whole.penalty)
    var history = History(validationMetric: validation == nil ? nil : objective.head.watchedMetric)
    var x = whole.numbers(of: layer)
    let clock = Stopwatch()
    let result = LBFGS(tolerance: settings.tolerance, maximumIterations: settings.maximumIterations).minimize(
      &x, preconditioner: preconditioner.map { preconditioner in { preconditioner.apply(to: &$0) } },
      progress: { iteration, value in
        var figures = EpochFigures(epoch: iteration, trainLoss: value)
        if let validation {
          let measured = objective.measure(whole.layer, validation)
          figures.validationLoss = measured.loss
          figures.validationMetric = measured.metric
        }
        history.epochs.append(figures)
        observer.saw(.progressed(progress(figures, seconds: clock.seconds, looks: whole.looks, train.count)))
        observer.saw(.epochEnded(figures))
        return !observer.wantsToStop
      },
      objective: { x, gradient in whole.value(at: x, gradient: &gradient) })
    network.layers = [whole.layer(of: x)]
    return FitReport(
      ending: try ending(of: result), epochs: result.iterations, bestEpoch: result.iterations, seconds: clock.seconds,
      examplesPerSecond: Double(whole.looks * train.count) / clock.seconds, history: history,
      warnings: warnings(of: result))
  }

  private func progress(_ figures: EpochFigures, seconds: Double, looks: Int, _ count: Int) -> FitProgress {
    FitProgress(
      figures: figures, epochCount: settings.maximumIterations, fraction: 1,
      examplesPerSecond: Double(looks * count) / seconds,
      secondsLeft: seconds / Double(figures.epoch) * Double(settings.maximumIterations - figures.epoch))
  }

  private func ending(of result: LBFGS.Result) throws -> Ending {
    switch result.ending {
    case .converged, .stalled: return .converged
    case .interrupted: return .interrupted
    case .reachedMaximumIterations: return .maximumIterations
    case .diverged:
      throw DivergenceError(
        epoch: result.iterations, step: 1, loss: Float(result.objective), learningRate: nil)
    }
  }

  private func warnings(of result: LBFGS.Result) -> [String] {
    let length = String(format: "%.1e", result.gradientLength)
    let compared = "the gradient's length is \(length), the tolerance \(settings.tolerance)"
    if result.ending == .reachedMaximumIterations {
      return [
        "The fit did not converge in \(result.iterations) iterations: \(compared). "
          + "Try --set training.max_iterations=\(settings.maximumIterations * 5) or a larger --l2."
      ]
    }
    if result.ending == .stalled, result.gradientLength > settings.tolerance {
      return ["The fit ended where 32-bit rounding hides any gain: \(compared)."]
    }
    return []
  }
}

/// The seconds since it was made.
private struct Stopwatch {
  private let start = ContinuousClock.now
  var seconds: Double { max((ContinuousClock.now - start).seconds, 1e-9) }
}
