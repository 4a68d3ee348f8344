// SPDX-License-Identifier: Apache-2.0
//
// Where values are missing.
//
// Before    ColumnsSection.swift     After    DistributionsSection.swift

import SwiftletReports
import SwiftletTables

enum MissingSection: DataSection {
  static let title = "Missing values"
  private static let mostRows = 20

  static func blocks(_ data: LookedAtData) throws -> [any PageBlock] {
    let table = data.data.table
    let missing = table.columns.filter { $0.missingCount > 0 }.sorted { $0.missingCount > $1.missingCount }
    guard !missing.isEmpty, table.rowCount > 0 else { return [Paragraph("No value is missing.")] }
    let rows = missing.prefix(mostRows).map { column in
      RangeChart.Row(
        column.name, 100 * Double(column.missingCount) / Double(table.rowCount), note: ColumnText.missing(column))
    }
    let whole = (0..<table.rowCount).count { row in missing.allSatisfy { !$0.isMissing(at: row) } }
    let more = missing.count > mostRows ? " The \(mostRows) with the most of \(missing.count)." : ""
    var chart = RangeChart(title: "Missing values", xLabel: "percent of the rows", rows: Array(rows))
    chart.noteLabel = "cells, and their words"
    return [
      Paragraph(
        "\(missing.count) of \(table.columns.count) columns lack values, and \(whole) of \(table.rowCount) rows are complete. Ask why "
          + "they are missing: if it has to do with the target, that is a feature of its own."),
      ChartBlock(chart, caption: "Missing cells by column.\(more)"),
    ]
  }
}
