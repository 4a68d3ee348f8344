// SPDX-License-Identifier: Apache-2.0
//
// CurveNoise: how else a curve by the number of rows could have come out.
//
// Two things are left to chance: the seeds of the trainings, and the rows that judge. A resample draws both anew, the same
// judged rows for all trainings, because it is the same rows that judge them all.
//
// Shapes    K sizes, S seeds, B resamples
// Before    RowsCurve.swift     After    Fairness.swift
// Source    Efron, Tibshirani, "An Introduction to the Bootstrap" (1993), section 13.3

import SwiftletModels
import SwiftletTensors

/// The losses of trainings on resamples of the rows that judge them.
struct CurveNoise {
  static let resampleCount = 200

  /// B losses for each of S trainings of each of K sizes; none where they are not known.
  var losses: [[[Double]]] = []

  init() {}

  /// The same losses whatever rows judge.
  init(_ points: [RowsCurve.Point]) {
    losses = points.map { $0.losses.map { Array(repeating: $0, count: Self.resampleCount) } }
  }

  /// The intervals of the law's a, and of what it promises for twice the rows.
  func intervals(_ points: [RowsCurve.Point]) -> (limit: Interval, promise: Interval)? {
    var generator = Generator(seed: 7)
    let sizes = points.flatMap { point in point.losses.map { _ in Double(point.rowCount) } }
    var limits: [Double] = []
    var promises: [Double] = []
    for resample in 0..<Self.resampleCount {
      let drawn = zip(points, losses).map { point, trainings in
        point.losses.map { _ in
          let seed = generator.below(point.losses.count)
          return trainings[seed].isEmpty ? point.losses[seed] : trainings[seed][resample]
        }
      }
      guard let last = drawn.last, let law = PowerLaw(sizes: sizes, losses: drawn.flatMap { $0 }) else {
        promises.append(0)  // a curve that does not fall promises nothing
        continue
      }
      limits.append(law.a)
      promises.append(mean(last) - law.loss(2 * Double(points.last?.rowCount ?? 0)))
    }
    guard limits.count >= Self.resampleCount / 2 else { return nil }
    return (interval(limits), interval(promises))
  }

  /// The middle 95 %.
  private func interval(_ values: [Double]) -> Interval {
    let sorted = values.sorted()
    return Interval(low: sorted[sorted.count / 40], high: sorted[sorted.count - 1 - sorted.count / 40])
  }
}
