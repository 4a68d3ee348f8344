// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletModels
import SwiftletTensors
import Testing

@Suite("Intervals")
struct IntervalTests {
  @Test("of rates are those of statsmodels", arguments: IntervalGolden.wilson)
  func wilson(golden: IntervalGolden.Wilson) {
    let interval = Rate(successes: golden.successes, count: golden.count).interval(confidence: golden.confidence)
    #expect(abs(interval.low - golden.low) < 1e-9 && abs(interval.high - golden.high) < 1e-9)
  }

  @Test("use the quantiles of scipy", arguments: IntervalGolden.student)
  func student(golden: IntervalGolden.Student) {
    let t = studentQuantile(golden.p, degreesOfFreedom: golden.degreesOfFreedom)
    #expect(abs(t - golden.quantile) < 1e-9 * max(1, abs(golden.quantile)))
    #expect(abs(studentCDF(golden.quantile, degreesOfFreedom: golden.degreesOfFreedom) - golden.p) < 1e-10)
  }

  @Test("use the normal quantiles of scipy", arguments: IntervalGolden.normal)
  func normal(golden: IntervalGolden.Normal) {
    #expect(abs(normalQuantile(golden.p) - golden.quantile) < 1e-9)
    #expect(abs(normalCDF(golden.quantile) - golden.p) < 1e-12)
  }

  @Test("of rates have a width even if all rows are right, and say nothing about no rows")
  func edges() {
    let all = Rate(successes: 60, count: 60).interval()
    #expect(all.high == 1 && abs(all.low - 0.93983) < 1e-5)  // n/(n + z²)
    #expect(Rate(successes: 0, count: 0).interval() == Interval(low: 0, high: 1))
    let one = Rate(successes: 7, count: 9)
    #expect(abs(intervalOfMean(of: [one]).low - one.interval().low) < 1e-12)
  }

  @Test("of folds are wider than the naive one by what folds share, worked by hand")
  func folds() throws {
    // mean 3, s² = 2.5, t(4) = 2.7764451, √(2.5 · (1/5 + 1/4)) = 1.0606602
    let mean = FoldMean([1, 2, 3, 4, 5], folds: 5)
    let interval = try #require(mean.interval)
    #expect(mean.mean == 3)
    #expect(abs(interval.high - (3 + 2.7764451 * 1.0606602)) < 1e-6)
    #expect(abs(interval.low - (3 - 2.7764451 * 1.0606602)) < 1e-6)
    #expect(FoldMean([1], folds: 5).interval == nil)
    #expect(FoldMean([0.9, 1, 0.95], folds: 3, within: 0...1).interval?.high == 1)
    #expect(FoldMean([0.01, 0.9], folds: 2, within: 0 ... .infinity).interval?.low == 0)
  }

  @Test("come from metrics that, with each row counted once, are the metrics themselves", arguments: [2, 3, 5])
  func countedOnce(classCount c: Int) throws {
    var generator = Generator(seed: UInt64(c))
    let labels = (0..<80).map { _ in Int32(generator.below(c)) }
    let predicted = (0..<80).map { _ in Int32(generator.below(c)) }
    // A few distinct scores, so that there are ties.
    let rows = (0..<80 * c).map { _ in Float(generator.below(6) + 1) / 10 }
    let p = Tensor(rows, shape: [80, c])
    let metrics = classificationMetrics(labels: labels, predicted: predicted, probabilities: p)
    let counted = countedClassificationMetrics(labels: labels, predicted: predicted, probabilities: p)
    #expect(counted.map(\.name) == metrics.map(\.name))
    try expectEqual(counted, metrics, rowCount: 80)
  }

  @Test("come from metrics of numbers that are the metrics themselves")
  func countedNumbers() throws {
    var generator = Generator(seed: 5)
    let targets = (0..<2).map { _ in (0..<50).map { _ in generator.normal() } }
    let predictions = (0..<50).map { _ in [generator.normal(), generator.normal()] }
    let metrics = regressionMetrics(targets: targets, predictions: predictions, names: ["a", "b"])
    let counted = countedRegressionMetrics(targets: targets, predictions: predictions, names: ["a", "b"])
    #expect(counted.map(\.name) == metrics.map(\.name))
    try expectEqual(counted, metrics, rowCount: 50)
  }

  private func expectEqual(_ counted: [CountedMetric], _ metrics: [Metric], rowCount: Int) throws {
    for (own, metric) in zip(counted, metrics) {
      switch own.form {
      case .rates(let rates): #expect(abs(rates.map(\.value).reduce(0, +) / Double(rates.count) - metric.value) < 1e-9)
      case .counted(let value):
        #expect(abs(try #require(value(Array(repeating: 1, count: rowCount))) - metric.value) < 1e-9)
      }
    }
  }

  @Test("of the bootstrap contain the true AUC in 93 to 97 of 100 samples of 113 rows")
  func coverage() {
    // Negative scores from N(0, 1), positive ones from N(1, 1): the area is Φ(1/√2) = 0.76025.
    let truth = normalCDF(1 / 2.0.squareRoot())
    var generator = Generator(seed: 11)
    let labels = (0..<113).map { Int32($0 < 38 ? 1 : 0) }
    let repeats = 400
    var hits = 0
    for _ in 0..<repeats {
      let scores = labels.map { Float(generator.normal()) + Float($0) }
      let p = Tensor(scores.flatMap { [-$0, $0] }, shape: [113, 2])
      let counted = countedClassificationMetrics(labels: labels, predicted: labels, probabilities: p)
      let metrics = [Metric("roc_auc", 0)].withIntervals(counted, classes: labels, width: 2)
      if let interval = metrics[0].interval, interval.low <= truth, truth <= interval.high { hits += 1 }
    }
    let part = Double(hits) / Double(repeats)
    #expect((0.93...0.97).contains(part), "coverage \(part)")
  }

  @Test("are the same every time, and absent where the rows cannot say how a figure varies")
  func repeatable() {
    let classes: [Int32] = [0, 0, 0, 1, 1]
    let values = [1.0, 2, 3, 4, 5]
    let sum: Bootstrap.Statistic = { zip($0, values).reduce(0) { $0 + $1.0 * $1.1 } }
    let bootstrap = Bootstrap(classes: classes)
    #expect(bootstrap.intervals(of: [sum]) == bootstrap.intervals(of: [sum]))
    #expect(bootstrap.intervals(of: [{ $0[0] + $0[1] + $0[2] }, { _ in nil }]) == [nil, nil])  // three of class 0
  }
}
