// SPDX-License-Identifier: Apache-2.0
//
// The convex fit: logistic and linear regression, to their one minimum.
//
//     classification   mean(log loss) + l2/(2n) · ‖W‖²      l2 = 1 is scikit-learn's C = 1
//     regression       ½ mean(squared error) + l2/(2n) · ‖W‖²   l2 = 1 is Ridge(alpha=1)
//
// The biases are not penalized. All rows are looked at in every step, block by block: a block's product, its
// loss and its part of the gradient are computed while it is in the cache, and are added up in 64 bits.
//
// Shapes    N examples, D features, C outputs
// Before    Preconditioner.swift     After    ../Run/TrainingRun.swift
// Source    Hastie, Tibshirani, Friedman (2009), sections 3.4.1 and 4.4.4

import Foundation
import SwiftletAutograd
import SwiftletNN
import SwiftletTensors
import Synchronization

extension Trainer {
  /// How many rows are looked at together.
  private static let blockSize = 1024
  /// A look at all rows with fewer multiplications is over before a second thread has begun.
  private static let smallestShared = 1 << 22

  /// Fits a linear layer by L-BFGS.
  public func fitConvex(_ layer: inout Linear, train: Examples, validation: Examples?) throws -> FitReport {
    let clock = ContinuousClock()
    let start = clock.now
    let (c, d) = (layer.outputSize, layer.inputSize)
    var history = History(hasValidation: validation != nil, metric: metricName)
    var x = layer.weight.scalars.map { Double($0) } + layer.bias.scalars.map { Double($0) }
    var evaluations = 0
    let solver = LBFGS(tolerance: settings.tolerance, maximumIterations: settings.maximumIterations)
    // Where there is enough to do, each thread takes blocks of rows; else OpenBLAS shares out large products.
    let team = train.count * c * d >= Self.smallestShared ? ThreadTeam(count: threads) : .alone
    OpenBLAS.setThreadCount(team.count > 1 ? 1 : threads)
    defer { OpenBLAS.setThreadCount(threads) }
    let preconditioner = Preconditioner(
      train.features, curvature: loss == .meanSquaredError ? 1 : 0.25, penalty: settings.l2 / Double(train.count))
    var current = layer
    let result = solver.minimize(
      &x,
      preconditioner: preconditioner.map { preconditioner in { preconditioner.apply(to: &$0) } },
      progress: { iteration, objective, _ in
        let measured = validation.map { measure(Sequential(current), $0) }
        history.add(epoch: iteration, trainLoss: objective, validation: measured, rate: nil)
        let elapsed = (clock.now - start).seconds
        hooks.progress(
          FitProgress(
            epoch: iteration, epochCount: settings.maximumIterations, fraction: 1, trainLoss: objective,
            validationLoss: measured?.loss, validationMetric: measured.map { (metricName, $0.metric) },
            examplesPerSecond: Double(evaluations) * Double(train.count) / max(elapsed, 1e-9),
            secondsLeft: elapsed / Double(iteration) * Double(settings.maximumIterations - iteration)))
        return !hooks.shouldStop()
      },
      objective: { x, gradient in
        evaluations += 1
        current = Linear(
          weight: Tensor(x[..<(c * d)].map { Float($0) }, shape: [c, d]),
          bias: Tensor(x[(c * d)...].map { Float($0) }, shape: [c]))
        return objective(current, x, train, &gradient, team)
      })
    layer = Linear(
      weight: Tensor(x[..<(c * d)].map { Float($0) }, shape: [c, d]),
      bias: Tensor(x[(c * d)...].map { Float($0) }, shape: [c]))

    var warnings: [String] = []
    let largest = String(format: "%.1e", result.gradientMaximum)
    let ending: Ending
    switch result.ending {
    case .converged, .stalled: ending = .converged
    case .interrupted: ending = .interrupted
    case .reachedMaximumIterations:
      ending = .maximumIterations
      warnings.append(
        "The fit did not converge in \(result.iterations) iterations (largest gradient \(largest), tolerance \(settings.tolerance)). "
          + "Raise --set training.max_iterations=\(settings.maximumIterations * 5), or a larger --l2.")
    case .diverged:
      throw DivergenceError(
        epoch: result.iterations, step: 1, loss: Float(result.objective), learningRate: settings.learningRate)
    }
    if result.ending == .stalled, result.gradientMaximum > settings.tolerance {
      warnings.append(
        "The fit ended where 32-bit rounding hides any gain: largest gradient \(largest), tolerance \(settings.tolerance)."
      )
    }
    let seconds = (clock.now - start).seconds
    return FitReport(
      ending: ending, epochs: result.iterations, bestEpoch: result.iterations, seconds: seconds,
      examplesPerSecond: Double(evaluations) * Double(train.count) / max(seconds, 1e-9), history: history.csv,
      warnings: warnings)
  }

  /// The value of the objective, and its gradient: the weights' C · D numbers, then the biases' C.
  private func objective(
    _ layer: Linear, _ x: [Double], _ train: Examples, _ gradient: inout [Double], _ team: ThreadTeam
  ) -> Double {
    let (n, weightCount) = (Double(train.count), layer.weight.count)
    let parts = Mutex<[Part?]>(Array(repeating: nil, count: team.count))
    team.run { member in
      // Every thread takes blocks in turns, so that which block is whose does not depend on who is fast.
      var part = Part(gradient: Array(repeating: 0, count: x.count))
      for start in stride(from: member * Self.blockSize, to: train.count, by: team.count * Self.blockSize) {
        add(start..<min(start + Self.blockSize, train.count), layer, train, to: &part)
      }
      parts.withLock { [part] in $0[member] = part }
    }
    var total = Part(gradient: Array(repeating: 0, count: x.count))
    for part in parts.withLock({ $0 }).compactMap({ $0 }) {
      total.value += part.value
      for i in total.gradient.indices { total.gradient[i] += part.gradient[i] }
    }
    let penalty = settings.l2 / n
    for i in 0..<weightCount {
      total.value += 0.5 * penalty * x[i] * x[i]
      total.gradient[i] += penalty * x[i]
    }
    gradient = total.gradient
    return total.value
  }

  /// What some of the rows add to the objective and to its gradient.
  private struct Part: Sendable {
    var value = 0.0
    var gradient: [Double]
  }

  /// Adds one block of rows.
  private func add(_ range: Range<Int>, _ layer: Linear, _ train: Examples, to part: inout Part) {
    let n = Double(train.count)
    let features = train.features.rows(range)  // [B, D]
    let targets = train.targets.gathered((Int32(range.lowerBound)..<Int32(range.upperBound)).map { $0 })
    let (mean, slope) = loss.valueAndGradient(layer(features), targets, classWeights: classWeights)  // [B, C]
    // From the mean over a block to the block's part of the mean over all; ½ for squares, which are a mean over targets too.
    let share =
      loss == .meanSquaredError ? 0.5 * Double(layer.outputSize) * Double(range.count) / n : totalWeight(targets) / n
    part.value += mean * share
    add(matmul(slope, features, transposingLeft: true), share, to: &part.gradient, at: 0)
    add(slope.sum(axis: 0), share, to: &part.gradient, at: layer.weight.count)
  }

  private func add(_ tensor: Tensor, _ factor: Double, to gradient: inout [Double], at start: Int) {
    tensor.withUnsafeScalars { tensor in
      for i in tensor.indices { gradient[start + i] += factor * Double(tensor[i]) }
    }
  }
}
