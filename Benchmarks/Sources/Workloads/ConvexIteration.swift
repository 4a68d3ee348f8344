// SPDX-License-Identifier: Apache-2.0
//
// One iteration of L-BFGS: logistic regression on 60,000 rows of 784 numbers and ten classes.
//
// An iteration looks at every number for two products, the scores and the gradient. Beside it stands what no method
// that looks twice can do without: reading the matrix from memory twice, by the same threads. The time is the median of
// the iterations of a fit, from the end of one to the end of the next.
//
// Options   rows=60000, threads=2, iterations=20, data=fashion (or random)
// Before    LogisticFit.swift     After    Inference.swift

import SwiftletNN
import SwiftletTensors
import SwiftletTraining
import Synchronization

public struct ConvexIteration: Workload {
  private let matrix: Tensor
  private let examples: Examples
  private let threads: Int
  private let iterations: Int

  public init(_ options: Options) throws {
    threads = try options.count("threads", default: 2)
    iterations = try options.count("iterations", default: 20)
    setThreadCount(threads)
    let data = try FashionMNIST(options, rows: 60_000)
    matrix = data.numbers
    var examples = data.examples
    examples.features = .dense(matrix)
    self.examples = examples
  }

  public func measure() throws -> Measurement {
    var settings = Recipe().training
    settings.l2 = 1
    settings.maximumIterations = iterations
    settings.tolerance = 1e-12
    settings.threads = threads
    let clock = IterationClock()
    var network = Sequential(Linear(weight: .zeros([10, 784]), bias: .zeros([10])))
    _ = try ConvexFit(Objective(FashionMNIST.head, l2: settings.l2), settings)
      .fit(&network, train: examples, validation: nil, observer: clock)
    let found = clock.found
    return Measurement(
      seconds: median(found.seconds), bareSeconds: 2 * secondsToRead(), count: 1, unit: "iterations",
      check: found.objective)
  }

  /// The time in which the threads read the matrix once, the median of several.
  private func secondsToRead() -> Double {
    let team = ThreadTeam(count: threads)
    let count = matrix.count
    let share = (count / threads + 31) / 32 * 32
    return matrix.withUnsafeScalars { numbers in
      nonisolated(unsafe) let numbers = numbers
      return median(
        (0..<7).map { _ in
          seconds {
            let total = Mutex<Float>(0)
            team.run { [threads] member in
              let end = member == threads - 1 ? count : min((member + 1) * share, count)
              let sum = sumOfAll(UnsafeBufferPointer(rebasing: numbers[min(member * share, count)..<end]))
              total.withLock { $0 += sum }
            }
            withExtendedLifetime(total.withLock { $0 }) {}
          }
        })
    }
  }
}

/// The sum of numbers in four vectors, so that none waits for another.
@inline(never)
private func sumOfAll(_ numbers: UnsafeBufferPointer<Float>) -> Float {
  var sums = (SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero)
  let bytes = UnsafeRawBufferPointer(numbers)
  for start in stride(from: 0, to: bytes.count / 128 * 128, by: 128) {
    sums.0 += bytes.loadUnaligned(fromByteOffset: start, as: SIMD8<Float>.self)
    sums.1 += bytes.loadUnaligned(fromByteOffset: start + 32, as: SIMD8<Float>.self)
    sums.2 += bytes.loadUnaligned(fromByteOffset: start + 64, as: SIMD8<Float>.self)
    sums.3 += bytes.loadUnaligned(fromByteOffset: start + 96, as: SIMD8<Float>.self)
  }
  return (sums.0 + sums.1 + sums.2 + sums.3).sum()
}

/// Notes when every iteration ended, and the objective there.
private final class IterationClock: RunObserver {
  private let ends = Mutex<[ContinuousClock.Instant]>([])
  private let last = Mutex(Double.nan)

  var wantsToStop: Bool { false }

  /// The seconds of every iteration but the first, and the objective after the last.
  var found: (seconds: [Double], objective: Double) {
    let ends = ends.withLock { $0 }
    let seconds = zip(ends, ends.dropFirst()).map { start, end in
      let (seconds, attoseconds) = (end - start).components
      return Double(seconds) + Double(attoseconds) * 1e-18
    }
    return (seconds, last.withLock { $0 })
  }

  func saw(_ event: RunEvent) {
    guard case .epochEnded(let figures) = event else { return }
    ends.withLock { $0.append(.now) }
    last.withLock { $0 = figures.trainLoss }
  }
}
