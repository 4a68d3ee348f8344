// SPDX-License-Identifier: Apache-2.0
//
// Which columns the model needs.
//
// Before    CalibrationSection.swift     After    DependenceSection.swift

import SwiftletModels
import SwiftletReports
import SwiftletUnderstanding

enum ImportanceSection: ReportSection {
  static let title = "What it looks at"
  /// More rows of a chart are not read.
  private static let mostRows = 15

  static func blocks(_ model: ReportedModel) throws -> [any PageBlock] {
    guard let answered = model.answered, model.bundle.pipeline.inputs.count > 1 else { return [] }
    let importance = try PermutationImportance(sampled(answered, model.bundle.pipeline.inputs.count), repeats: 5)
    let shown = importance.columns.prefix(mostRows)
    let rows = (shown + importance.groups.prefix(5)).map { column in
      RangeChart.Row(
        names(column.columns), column.mean, range: column.mean - column.deviation...column.mean + column.deviation)
    }
    var chart = RangeChart(
      title: "What \(importance.metric) grows by without a column", xLabel: "growth of \(importance.metric)",
      rows: rows,
      mark: Mark(x: 0, label: "not needed"))
    chart.rangeLabels = ["− deviation", "+ deviation"]
    let unneeded = importance.columns.count { !$0.isNeeded }
    var sentences = [
      "The values of a column are shuffled among \(importance.rowCount) rows, \(importance.repeats) times, and \(importance.metric), "
        + "which is \(NumberTable.text(importance.loss)), is measured again."
    ]
    if let first = importance.columns.first, first.isNeeded {
      sentences.append(
        "It needs \(names(first.columns)) most: without it, it would be \(NumberTable.text(importance.loss + first.mean))."
      )
    }
    if unneeded > 0 {
      sentences.append(
        "\(unneeded) of its \(importance.columns.count) columns are not needed, as far as two deviations tell.")
    }
    if !importance.groups.isEmpty {
      sentences.append(
        "Columns that say nearly the same are shuffled together too, since each alone can hide behind the others.")
    }
    let more = importance.columns.count - shown.count
    return [
      Paragraph(sentences.joined(separator: " ")),
      ChartBlock(
        chart,
        caption: "Mean and standard deviation of the shuffles. It is true of this model, and not of the world."
          + (more > 0 ? " \(more) more columns matter less." : "")),
    ]
  }

  /// Fewer rows of a wide table, evenly chosen: a page should not keep anybody waiting, and `swiftlet explain` takes them all.
  private static func sampled(_ answered: AnsweredRows, _ columnCount: Int) throws -> AnsweredRows {
    let judged = answered.judged
    let step = max(1, judged.rows.count / max(300, 20_000 / columnCount))
    guard step > 1 else { return answered }
    let positions = stride(from: 0, to: judged.rows.count, by: step).map { Int32($0) }
    return try AnsweredRows(
      JudgedRows(
        judged.bundle, judged.table, rows: positions.map { judged.rows[Int($0)] }, judged.truth.selecting(positions)))
  }

  private static func names(_ columns: [String]) -> String { columns.joined(separator: " + ") }
}
