// SPDX-License-Identifier: Apache-2.0
//
// Two classes: what each threshold would find, and what it would cost.
//
// Before    AnswersSection.swift     After    CalibrationSection.swift

import SwiftletFormats
import SwiftletModels
import SwiftletReports
import SwiftletTables

enum ThresholdSection: ReportSection {
  static let title = "What another threshold would do"

  static func blocks(_ model: ReportedModel) throws -> [any PageBlock] {
    guard let evaluation = model.evaluation, model.bundle.labels.count == 2, evaluation.labels.count == 2 else {
      return []
    }
    let scores = (0..<evaluation.answers.count).map { Float(evaluation.answers.values[$0 * 2 + 1]) }
    let isPositive = evaluation.truth.labels.map { $0 == 1 }
    let curve = rankingCurve(scores: scores, isPositive: isPositive)
    guard !curve.isEmpty else { return [] }
    let positive = model.bundle.labels[1]
    let threshold = model.bundle.threshold ?? 0.5
    let chosen = curve.last { Double($0.threshold) >= threshold } ?? curve[0]
    let share = Double(isPositive.count { $0 }) / Double(isPositive.count)
    let lines = thinned(curve)

    var roc = PanelChart(title: "ROC", xLabel: "false positive rate", yLabel: "recall")
    roc.lines = [Series("", x: lines.map(\.falsePositiveRate), y: lines.map(\.recall))]
    roc.dots = [.init(x: chosen.falsePositiveRate, y: chosen.recall, note: "threshold \(NumberTable.text(threshold))")]
    roc.showsDiagonal = true
    var precision = PanelChart(title: "Precision and recall", xLabel: "recall", yLabel: "precision")
    precision.lines = [Series("", x: lines.map(\.recall), y: lines.map(\.precision))]
    precision.dots = [.init(x: chosen.recall, y: chosen.precision, note: "threshold \(NumberTable.text(threshold))")]
    precision.level = share
    let charts = [roc, precision].map { chart in
      var chart = chart
      chart.isUnit = true
      return chart
    }
    return [
      Paragraph(
        "\(quoted(positive)) is answered from a probability of \(NumberTable.text(threshold)) on: the dot. A lower threshold finds "
          + "more of it and is wrong more often. The dashed lines are what guessing reaches."),
      ChartBlock(charts, caption: "The curves of \(quoted(positive)) on the \(model.split.rawValue) rows."),
      TableBlock(table(curve), caption: "What thresholds find. `swiftlet evaluate --threshold X` measures another."),
    ]
  }

  /// The points that a picture of this size can tell apart.
  private static func thinned(_ curve: [RankingPoint]) -> [RankingPoint] {
    var kept: [RankingPoint] = []
    for (position, point) in curve.enumerated() {
      if let last = kept.last, position < curve.count - 1 {
        let moved = max(
          (point.recall - last.recall).magnitude, (point.falsePositiveRate - last.falsePositiveRate).magnitude,
          (point.precision - last.precision).magnitude)
        guard moved > 0.004 else { continue }
      }
      kept.append(point)
    }
    return kept
  }

  /// The thresholds at which a tenth more is found.
  private static func table(_ curve: [RankingPoint]) -> NumberTable {
    let rows = (1...10).compactMap { tenth in curve.first { $0.recall >= Double(tenth) / 10 - 1e-9 } }.map { point in
      [
        NumberTable.text(Double(point.threshold)), NumberTable.text(point.recall), NumberTable.text(point.precision),
        NumberTable.text(point.falsePositiveRate),
      ]
    }
    return NumberTable(columns: ["threshold", "recall", "precision", "false positive rate"], rows: rows)
  }
}
