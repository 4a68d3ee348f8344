// SPDX-License-Identifier: Apache-2.0
//
// How good predictions of numbers are.
//
// Before    RankingCurve.swift     After    Statistics/Interval.swift
// Source    Draper, Smith, "Applied Regression Analysis" (1998), section 1.3, for R²

/// Root mean squared error and mean absolute error in the target's unit, and the part of its variance that is explained.
///
/// For several targets, the means of these, and R² for each by its name.
///
/// - Parameters:
///   - targets: For each target, N values.
///   - predictions: N rows of T predictions.
///   - names: The targets' names, T of them.
public func regressionMetrics(targets: [[Double]], predictions: [[Double]], names: [String]) -> [Metric] {
  var rmse: [Double] = []
  var mae: [Double] = []
  var r2: [Double] = []
  for (position, target) in targets.enumerated() {
    let errors = target.indices.map { predictions[$0][position] - target[$0] }
    let center = mean(target)
    let total = target.reduce(0) { $0 + ($1 - center) * ($1 - center) }
    let squares = errors.reduce(0) { $0 + $1 * $1 }
    rmse.append((squares / Double(max(errors.count, 1))).squareRoot())
    mae.append(mean(errors.map(\.magnitude)))
    r2.append(total > 0 ? 1 - squares / total : squares == 0 ? 1 : 0)
  }
  let ofEach = names.count > 1 ? zip(names, r2).map { Metric("\($0).r2", $1) } : []
  return [Metric("rmse", mean(rmse)), Metric("mae", mean(mae)), Metric("r2", mean(r2))] + ofEach
}
