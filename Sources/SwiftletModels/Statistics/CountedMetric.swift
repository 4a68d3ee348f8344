// SPDX-License-Identifier: Apache-2.0
//
// CountedMetric: a metric as a function of how often each row counts.
//
// That is what an interval is computed from: a rate from its counts, any other metric by the bootstrap. With every row
// counted once it is the metric itself, which a test holds it to.
//
// Shapes    N rows, C classes
// Before    FoldMeans.swift     After    CountedRanking.swift

import Foundation
import SwiftletFormats
import SwiftletTensors

/// A metric, and how its value depends on the rows.
public struct CountedMetric: Sendable {
  /// What its interval is computed from.
  public enum Form: Sendable {
    /// It is the mean of rates.
    case rates([Rate])
    /// Its value if each of the N rows counts so often.
    case counted(Bootstrap.Statistic)
  }

  /// The metric's name.
  public let name: String
  /// How it depends on the rows.
  public let form: Form

  /// A metric that is the mean of rates.
  public init(_ name: String, rates: [Rate]) {
    self.name = name
    form = .rates(rates)
  }

  /// A metric that is computed from how often each row counts.
  public init(_ name: String, counted: @escaping Bootstrap.Statistic) {
    self.name = name
    form = .counted(counted)
  }
}

extension [Metric] {
  /// The same metrics with their intervals: those of rates by Wilson, the others by the bootstrap.
  ///
  /// A large table is resampled less often, and its intervals are narrow.
  ///
  /// - Parameters:
  ///   - counted: The metrics as functions of the rows; one that is not among these gets no interval.
  ///   - classes: The class of each row, of which every resample keeps the number.
  ///   - width: How many numbers of a row a metric looks at.
  public func withIntervals(_ counted: [CountedMetric], classes: [Int32], width: Int) -> [Metric] {
    var intervals: [String: Interval] = [:]
    var names: [String] = []
    var statistics: [Bootstrap.Statistic] = []
    for metric in counted where self[metric.name] != nil {
      switch metric.form {
      case .rates(let rates): intervals[metric.name] = intervalOfMean(of: rates)
      case .counted(let statistic):
        names.append(metric.name)
        statistics.append(statistic)
      }
    }
    let affordable = 5_000_000 / Swift.max(classes.count * width, 1)
    let bootstrap = Bootstrap(classes: classes, resampleCount: Swift.min(1000, Swift.max(200, affordable)))
    for (name, interval) in zip(names, bootstrap.intervals(of: statistics)) { intervals[name] = interval }
    return map { metric in
      var metric = metric
      metric.interval = intervals[metric.name]
      return metric
    }
  }

  /// An object with both ends for each metric that has an interval.
  public var intervalsJSON: JSONValue {
    .object(compactMap { metric in metric.interval.map { .init(metric.name, $0.json) } })
  }
}

/// The metrics of a classification, in the order of ``classificationMetrics(labels:predicted:probabilities:)``.
///
/// - Parameters:
///   - labels: The true classes.
///   - predicted: The predicted ones.
///   - probabilities: Shape `[N, C]`.
public func countedClassificationMetrics(
  labels: [Int32], predicted: [Int32], probabilities: Tensor
) -> [CountedMetric] {
  let c = probabilities.shape[1]
  let matrix = confusionMatrix(labels: labels, predicted: predicted, classCount: c)
  let present = matrix.map { $0.reduce(0, +) }
  let answered = (0..<c).map { k in matrix.reduce(0) { $0 + $1[k] } }
  let used = (0..<c).filter { present[$0] + answered[$0] > 0 }  // a class that is not in play has no rate
  let hits = (0..<c).map { Double(matrix[$0][$0]) }
  let p = probabilities.scalars
  let losses = labels.indices.map { rowLogLoss(p[$0 * c + Int(labels[$0])]) }
  let cells = zip(labels, predicted).map { Int($0) * c + Int($1) }
  var metrics = [
    CountedMetric("accuracy", rates: [Rate(successes: hits.reduce(0, +), count: Double(labels.count))]),
    CountedMetric("log_loss") { weightedMean(of: losses, $0) },
    CountedMetric("macro_f1") { macroF1(cells, classCount: c, $0) },
    CountedMetric("macro_precision", rates: used.map { Rate(successes: hits[$0], count: Double(answered[$0])) }),
    CountedMetric("macro_recall", rates: used.map { Rate(successes: hits[$0], count: Double(present[$0])) }),
  ]
  let rankings = (c == 2 ? [1] : Array(0..<c)).map { k in
    CountedRanking(scores: labels.indices.map { p[$0 * c + k] }, isPositive: labels.map { $0 == Int32(k) })
  }
  metrics.append(
    CountedMetric("roc_auc") { counts in
      let areas = rankings.compactMap { $0.areaUnderROC(counts) }
      return areas.isEmpty ? nil : mean(areas)
    })
  if c == 2 { metrics.append(CountedMetric("average_precision") { rankings[0].averagePrecision($0) }) }
  return metrics
}

/// The metrics of predicted numbers, in the order of ``regressionMetrics(targets:predictions:names:)``.
public func countedRegressionMetrics(
  targets: [[Double]], predictions: [[Double]], names: [String]
) -> [CountedMetric] {
  let errors = targets.enumerated().map { position, target in
    target.indices.map { predictions[$0][position] - target[$0] }
  }
  let squares = errors.map { $0.map { $0 * $0 } }
  let magnitudes = errors.map { $0.map(\.magnitude) }
  let r2 = zip(targets, squares).map { target, squares in
    let targetSquares = target.map { $0 * $0 }
    return { @Sendable (counts: [Double]) -> Double in
      let center = weightedMean(of: target, counts)
      let spread = weightedMean(of: targetSquares, counts) - center * center
      let error = weightedMean(of: squares, counts)
      return spread > 0 ? 1 - error / spread : error == 0 ? 1 : 0
    }
  }
  let metrics = [
    CountedMetric("rmse") { counts in mean(squares.map { weightedMean(of: $0, counts).squareRoot() }) },
    CountedMetric("mae") { counts in mean(magnitudes.map { weightedMean(of: $0, counts) }) },
    CountedMetric("r2") { counts in mean(r2.map { $0(counts) }) },
  ]
  return metrics + (names.count > 1 ? zip(names, r2).map { CountedMetric("\($0).r2", counted: $1) } : [])
}

/// Σ cᵢ vᵢ / Σ cᵢ.
private func weightedMean(of values: [Double], _ counts: [Double]) -> Double {
  var sum = 0.0
  var total = 0.0
  values.withUnsafeBufferPointer { values in
    counts.withUnsafeBufferPointer { counts in
      for i in 0..<min(values.count, counts.count) {
        sum += counts[i] * values[i]
        total += counts[i]
      }
    }
  }
  return total > 0 ? sum / total : 0
}

/// The mean F1 of the classes, from the cell of the confusion matrix that each row is in.
private func macroF1(_ cells: [Int], classCount c: Int, _ counts: [Double]) -> Double {
  var matrix = Array(repeating: 0.0, count: c * c)
  for (cell, count) in zip(cells, counts) { matrix[cell] += count }
  var scores: [Double] = []
  for k in 0..<c {
    let involved = (0..<c).reduce(0) { $0 + matrix[k * c + $1] + matrix[$1 * c + k] }
    if involved > 0 { scores.append(2 * matrix[k * c + k] / involved) }
  }
  return mean(scores)
}
