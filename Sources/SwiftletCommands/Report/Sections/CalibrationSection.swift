// SPDX-License-Identifier: Apache-2.0
//
// Can its probabilities be believed?
//
// Before    ThresholdSection.swift     After    ImportanceSection.swift

import SwiftletModels
import SwiftletReports
import SwiftletUnderstanding

enum CalibrationSection: ReportSection {
  static let title = "Can its probabilities be believed?"

  static func blocks(_ model: ReportedModel) throws -> [any PageBlock] {
    guard let answered = model.answered, !model.bundle.labels.isEmpty else { return [] }
    let calibration = try Calibration(answered)
    var chart = PanelChart(title: "Calibration", xLabel: "probability", yLabel: "share that happened")
    chart.dots = calibration.bins.map { bin in
      PanelChart.Dot(
        x: bin.probability, y: bin.share, bar: bin.interval.low...max(bin.interval.low, bin.interval.high),
        note: "\(bin.count)")
    }
    chart.isUnit = true
    chart.showsDiagonal = true
    let verdict =
      calibration.isBeyondChance
      ? "That is more than chance, so take the probabilities as a ranking only."
      : "Chance alone reaches \(NumberTable.text(calibration.chanceError)) on as many rows, so nothing speaks against them."
    return [
      Paragraph(
        "On average, probability and share differ by \(NumberTable.text(calibration.error)) (ECE). \(verdict) Brier score: "
          + "\(NumberTable.text(calibration.brier)), where always saying the share of all rows has "
          + "\(NumberTable.text(calibration.uncertainty))."),
      ChartBlock(
        chart,
        caption:
          "Of \(calibration.event): rows with similar probabilities, and how often it happened, with 95 % intervals. True "
          + "probabilities lie on the dashed line."),
    ]
  }
}
