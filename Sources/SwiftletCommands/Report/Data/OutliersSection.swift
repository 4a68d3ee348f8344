// SPDX-License-Identifier: Apache-2.0
//
// Values that lie far from the others, with their places in the file.
//
// Far is three times the distance of the quarters beyond them: the "far out" values of a box plot. Most are not errors, but an
// error is often among them.
//
// Before    CorrelationsSection.swift     After    Report/ReadmeFigures.swift
// Source    Tukey, "Exploratory Data Analysis" (1977), section 2D

import SwiftletReports
import SwiftletTables

enum OutliersSection: DataSection {
  static let title = "Values that lie far out"
  private static let mostRows = 20

  private struct Outlier {
    let column: String
    let row: Int
    let value: Double
    /// How many distances of the quarters beyond them.
    let distance: Double
  }

  static func blocks(_ data: LookedAtData) throws -> [any PageBlock] {
    let columns = data.data.table.columns.filter { $0.numbers != nil }
    guard !columns.isEmpty else { return [] }
    var found: [Outlier] = []
    var counts: [String] = []
    for column in columns {
      let own = outliers(column, data)
      if !own.isEmpty { counts.append("\(column.name) (\(own.count))") }
      found += own.sorted { $0.distance > $1.distance }.prefix(mostRows)
    }
    guard !found.isEmpty else { return [Paragraph("No number lies far from the others of its column.")] }
    let shown = found.sorted { ($1.distance, $0.row) < ($0.distance, $1.row) }.prefix(mostRows)
    let rows = shown.map { outlier in
      [
        data.place(ofRow: outlier.row), outlier.column, NumberTable.text(outlier.value),
        NumberTable.text((outlier.distance * 10).rounded() / 10),
      ]
    }
    let names = counts.prefix(12).joined(separator: ", ") + (counts.count > 12 ? " and \(counts.count - 12) more" : "")
    return [
      Paragraph(
        "Numbers more than three distances of the quarters beyond them: \(names). Most are real; look whether one is a slip of the "
          + "keyboard, another unit, or a word for missing such as 999."),
      TableBlock(
        NumberTable(columns: ["place", "column", "value", "distances"], rows: rows),
        caption: "Those that lie farthest out."),
    ]
  }

  private static func outliers(_ column: Column, _ data: LookedAtData) -> [Outlier] {
    guard let numbers = column.numbers, let quarters = Quartiles(data.rows.map { numbers[Int($0)] }) else { return [] }
    let spread = quarters.high - quarters.low
    guard spread > 0 else { return [] }
    return numbers.indices.compactMap { row in
      let value = numbers[row]
      let distance = max(quarters.low - value, value - quarters.high) / spread
      return distance > 3 ? Outlier(column: column.name, row: row, value: value, distance: distance) : nil
    }
  }
}
