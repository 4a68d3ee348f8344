// SPDX-License-Identifier: Apache-2.0
//
// The learning curves, one over the other.
//
// Before    DifferencesSection.swift     After    StripsSection.swift

import SwiftletReports

enum CurvesSection: ComparisonSection {
  static let title = "How they learned"
  /// As many as have a color of their own.
  private static let mostLines = 6

  static func blocks(_ compared: Compared) throws -> [any PageBlock] {
    let wanted =
      compared.runs.contains { run in run.curve.contains { $0.name == "validation loss" } }
      ? "validation loss" : "train loss"
    let lines = compared.runs.compactMap { run in
      run.curve.first { $0.name == wanted && $0.x.count > 1 }.map { Series(run.name, x: $0.x, y: $0.y) }
    }
    guard !lines.isEmpty else { return [] }
    let longest = lines.sorted { $0.x.count > $1.x.count }.prefix(mostLines)
    let shown = lines.filter { line in longest.contains { $0.name == line.name } }
    let chart = LineChart(title: "The \(wanted) by epoch", xLabel: "epoch", yLabel: wanted, series: shown)
    let more = lines.count > shown.count ? " The \(shown.count) longest of \(lines.count)." : ""
    return [
      ChartBlock(
        chart, caption: "Losses compare only between models of the same task, on the same rows.\(more)")
    ]
  }
}
