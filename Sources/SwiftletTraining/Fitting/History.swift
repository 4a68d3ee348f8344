// SPDX-License-Identifier: Apache-2.0
//
// The history of a fit: the figures of each epoch, kept in the bundle as history.csv.
//
// Before    FitReport.swift     After    Objective.swift

import SwiftletFormats

/// The figures of a fit, epoch by epoch.
public struct History: Codable, Equatable, Sendable {
  /// The name of the measure on the validation rows; `nil` if there are none.
  public var validationMetric: String?
  /// The figures of each epoch, in their order.
  public var epochs: [EpochFigures] = []

  /// The history of a fit that has not begun.
  public init(validationMetric: String?) { self.validationMetric = validationMetric }

  /// The text of history.csv.
  public var csv: String {
    let validation = validationMetric.map { ["validation_loss", "validation_" + $0] } ?? []
    return csvLine(["epoch", "train_loss"] + validation + ["learning_rate"])
      + epochs.map { csvLine(cells(of: $0)) }.joined()
  }

  private func cells(of figures: EpochFigures) -> [String] {
    let validation = validationMetric.map { _ in [figures.validationLoss, figures.validationMetric?.value] } ?? []
    return ["\(figures.epoch)"] + ([figures.trainLoss] + validation).map { $0.map(History.text) ?? "" }
      + [figures.learningRate.map { "\($0)" } ?? ""]
  }

  /// Six digits: as many as mean something, and the same text for the same run.
  private static func text(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return "\(value)" }
    var scale = 1.0
    while value.magnitude * scale < 1e5, scale < 1e15 { scale *= 10 }
    return "\((value * scale).rounded() / scale)"
  }
}
