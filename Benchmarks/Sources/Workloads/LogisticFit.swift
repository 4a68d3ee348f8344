// SPDX-License-Identifier: Apache-2.0
//
// Logistic regression: Fashion-MNIST's ten classes by L-BFGS, until the objective is as low as a peer's.
//
//     objective = mean(log loss) + l2/(2n) · ‖W‖², biases not penalized, l2 = 1
//
// scikit-learn minimizes the same number with C = 1, so the two can be compared: it makes 100 iterations, and ours
// is measured until it is where they lead. An iteration is not compared with an iteration. Peer: logistic_sklearn.py.
//
// Options   rows=60000, threads=2, objective=0.3892, features=bytes (or numbers),
//           data=fashion (or random)
// Before    CNNTraining.swift     After    ConvexIteration.swift

import Synchronization
import SwiftletNN
import SwiftletTensors
import SwiftletTraining

public struct LogisticFit: Workload {
  private let examples: Examples
  private let target: Double
  private let threads: Int

  public init(_ options: Options) throws {
    threads = try options.count("threads", default: 2)
    setThreadCount(threads)
    target = try options.number("objective", default: 0.3892)
    let data = try FashionMNIST(options, rows: 60_000)
    var examples = data.examples
    if options.text("features", default: "bytes") == "numbers" { examples.features = .dense(data.numbers) }
    self.examples = examples
  }

  public func measure() throws -> Measurement {
    var settings = Recipe().training
    (settings.l2, settings.maximumIterations, settings.tolerance) = (1, 1000, 1e-9)
    settings.threads = threads
    let reached = Reached(target: target)
    let fit = ConvexFit(Objective(FashionMNIST.head, l2: settings.l2), settings)
    var network = Sequential(Linear(weight: .zeros([10, 784]), bias: .zeros([10])))
    let time = try seconds { _ = try fit.fit(&network, train: examples, validation: nil, observer: reached) }
    guard reached.isLowEnough else { throw UsageError("the objective ended at \(reached.objective), above \(target).") }
    return Measurement(seconds: time, count: 1, unit: "fits", check: reached.objective)
  }
}

/// Notes the lowest objective so far, and ends the fit when it is low enough.
private final class Reached: RunObserver {
  private let target: Double
  private let lowest = Mutex(Double.infinity)

  init(target: Double) { self.target = target }
  var objective: Double { lowest.withLock { $0 } }
  var isLowEnough: Bool { objective <= target }
  var wantsToStop: Bool { isLowEnough }

  func saw(_ event: RunEvent) {
    if case .epochEnded(let figures) = event { lowest.withLock { $0 = min($0, figures.trainLoss) } }
  }
}
