// SPDX-License-Identifier: Apache-2.0
//
// Which columns there are, and what to know of them.
//
// Before    DataSection.swift     After    MissingSection.swift

import SwiftletReports
import SwiftletTables

enum ColumnsSection: DataSection {
  static let title = "The columns"

  static func blocks(_ data: LookedAtData) throws -> [any PageBlock] {
    let columns = data.data.table.columns
    let rows = columns.map { column in
      [
        column.name, column.type.rawValue, "\(column.missingCount)", ColumnText.summary(column),
        data.data.dataset?.column(column.name)?.meaning ?? "",
      ]
    }
    let hasMeaning = rows.contains { !$0[4].isEmpty }
    let shown = hasMeaning ? rows : rows.map { Array($0.dropLast()) }
    let head = ["column", "type", "missing", "values"] + (hasMeaning ? ["meaning"] : [])
    var sentences = [
      data.targets.isEmpty
        ? "Nothing says which column is to be predicted; --target COLUMN does, and shows how the others go with it."
        : "To be predicted: \(data.targets.joined(separator: ", "))."
    ]
    let count = data.data.table.rowCount
    if data.rows.count < count {
      sentences.append("The pictures are of \(data.rows.count) of the rows, evenly chosen.")
    }
    let pictures = columns.filter { $0.images != nil }
    if let first = pictures.first {
      sentences.append(
        "\(first.name) holds pictures of \(ColumnText.summary(first)), of which nothing is drawn here: look at some of the files."
      )
    }
    var blocks: [any PageBlock] = [Paragraph(sentences.joined(separator: " "))]
    blocks += data.data.warnings.map { Paragraph($0, .notice) }
    let remarks = columns.flatMap { ColumnText.remarks(on: $0).map(\.sentence) }
    if !remarks.isEmpty {
      let more = remarks.count > 20 ? ["… and \(remarks.count - 20) more"] : []
      blocks += [Paragraph("To know before a training:"), BulletList(remarks.prefix(20) + more)]
    }
    return blocks + [TableBlock(NumberTable(columns: head, rows: shown), caption: "All columns.")]
  }
}
