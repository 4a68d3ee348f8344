// SPDX-License-Identifier: Apache-2.0
//
// ScoreMetric: the one figure by which recipes are compared, and which way is better.
//
// Without a name it is the loss: it notices how sure a model was, so it tells two models apart on fewer rows than the
// accuracy does.
//
// Before    Comparison.swift     After    Verdict.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables

/// The figure by which recipes are compared.
public struct ScoreMetric: Sendable, Equatable {
  /// The name, such as `log_loss`.
  public let name: String

  /// A metric by its name.
  public init(_ name: String) { self.name = name }

  /// Whether the smaller of two values is the better one.
  public var isLoss: Bool { ["log_loss", "rmse", "mae"].contains(kind) }

  /// The values that it can have.
  public var range: ClosedRange<Double> {
    if isLoss { return 0 ... .infinity }
    return kind == "r2" ? -.infinity...1 : 0...1
  }

  /// The name without the target that it is about: `rmse` of `x_m.rmse`.
  private var kind: Substring { name.split(separator: ".").last ?? "" }

  /// The metric that is named, or else the loss that was measured.
  ///
  /// - Throws: `DataError` if there is no such metric, with the nearest that there is.
  public static func choose(_ name: String?, among measured: [Metric]) throws -> ScoreMetric {
    let names = measured.map(\.name)
    guard let name else { return ScoreMetric(names.first { ["log_loss", "rmse"].contains($0) } ?? names.first ?? "") }
    guard names.contains(name) else {
      throw DataError(
        "There is no metric \(quoted(name)).\(suggestion(for: name, in: names))"
          + (nearestName(to: name, in: names) == nil ? "" : " There are \(names.joined(separator: ", ")).")
      )
    }
    return ScoreMetric(name)
  }

  /// The values of each fold.
  ///
  /// - Throws: `DataError` for a fold in which the metric does not exist.
  func scores(_ folds: [[Metric]]) throws -> [Double] {
    try folds.enumerated().map { position, metrics in
      guard let value = metrics[name], value.isFinite else {
        throw DataError(
          "\(name) does not exist in fold \(position + 1): its rows may be of one class only. Use fewer folds, or another "
            + "--metric.")
      }
      return value
    }
  }
}
