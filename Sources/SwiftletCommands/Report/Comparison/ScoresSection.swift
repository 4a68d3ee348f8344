// SPDX-License-Identifier: Apache-2.0
//
// The scores, with their intervals.
//
// Before    ComparisonSection.swift     After    PairsSection.swift

import SwiftletModels
import SwiftletReports

enum ScoresSection: ComparisonSection {
  static let title = "The scores"
  private static let mostRows = 30

  static func blocks(_ compared: Compared) throws -> [any PageBlock] {
    let judged = compared.runs.filter { $0.score != nil }
    var blocks: [any PageBlock] = []
    let without = compared.runs.count - judged.count
    if without > 0 {
      let names = compared.runs.filter { $0.score == nil }.prefix(5).map { "\($0.name) \($0.state)" }
      blocks.append(Paragraph("\(without) of \(compared.runs.count) have no score: \(names.joined(separator: ", "))."))
    }
    guard let headline = compared.headline else {
      if !judged.isEmpty {
        blocks.append(Paragraph("They are judged by different measures, so their scores do not compare.", .notice))
      }
      return blocks + [table(judged)]
    }
    if Set(judged.map(\.dataSHA256)).count > 1 {
      blocks.append(Paragraph("They were trained on different data, so their scores compare only loosely.", .notice))
    }
    if Set(judged.map(\.split)).count > 1 {
      blocks.append(Paragraph("Not all are judged on the same part of the data: the table says which.", .notice))
    }
    if judged.contains(where: { $0.split.hasPrefix("validation") }), judged.count > 1 {
      blocks.append(Paragraph("Validation rows choose among them, so the best looks better than it is.", .notice))
    }
    let isGoodLow = ["loss", "log_loss", "rmse", "mae"].contains(headline)
    let sorted = judged.sorted {
      let (a, b) = ($0.score?.value ?? 0, $1.score?.value ?? 0)
      return isGoodLow ? a < b : a > b
    }
    let rows = sorted.prefix(mostRows).map { run in
      RangeChart.Row(
        run.name, run.score?.value ?? .nan,
        range: run.score?.interval.flatMap { $0.low <= $0.high ? $0.low...$0.high : nil }, note: run.split)
    }
    var chart = RangeChart(title: "\(headline), the best first", xLabel: headline, rows: Array(rows))
    chart.noteLabel = "part"
    let more = sorted.count > mostRows ? " The \(mostRows) best of \(sorted.count)." : ""
    let width = sorted.contains { $0.score?.interval != nil } ? " Lines are 95 % intervals." : ""
    blocks.append(ChartBlock(chart, caption: "\(isGoodLow ? "Less" : "More") is better.\(width)\(more)"))
    return blocks
  }

  private static func table(_ runs: [ComparedRun]) -> TableBlock {
    TableBlock(
      NumberTable(
        columns: ["", "measure", "score", "part"],
        rows: runs.map { [$0.name, $0.score?.name ?? "", NumberTable.text($0.score?.value ?? .nan), $0.split] }),
      caption: "Scores.")
  }
}
