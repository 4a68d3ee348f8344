// SPDX-License-Identifier: Apache-2.0
//
// Which rows the model learned from, and which judge it.
//
// Before    VerdictSection.swift     After    LearningSection.swift

import SwiftletModels
import SwiftletReports
import SwiftletTables

enum RowsSection: ReportSection {
  static let title = "The data"

  static func blocks(_ model: ReportedModel) throws -> [any PageBlock] {
    let inputs = TableBlock(inputs(model), caption: "The columns that the model looks at.")
    let count = model.bundle.pipeline.inputs.count
    let folded = FoldedBlock(count == 1 ? "Its one column" : "Its \(count) columns", [inputs])
    guard let judged = model.judged else { return [folded] }
    let table = judged.loaded.table
    var sentences = ["\(judged.loaded.dataset?.title ?? judged.loaded.name) has \(table.rowCount) rows."]
    let absent = model.parts.count { $0 == nil }
    if absent > 0 { sentences.append("\(absent) have no target and were left out.") }
    let missing = table.columns.filter { model.bundle.pipeline.input(named: $0.name) != nil && $0.missingCount > 0 }
    sentences.append(
      missing.isEmpty
        ? "No value is missing in the columns that the model looks at."
        : "Values are missing in \(missing.count) of its columns; what stands in for them was learned from the training rows."
    )
    var blocks: [any PageBlock] = [
      Paragraph(sentences.joined(separator: " ")), TableBlock(splits(model, table), caption: "The split."),
    ]
    if !missing.isEmpty {
      let order = missing.sorted { $0.missingCount > $1.missingCount }
      let rows = order.prefix(20).map { column in
        RangeChart.Row(
          column.name, 100 * Double(column.missingCount) / Double(max(1, table.rowCount)),
          note: "\(column.missingCount)")
      }
      let more = order.count > 20 ? " The 20 with the most of \(order.count)." : ""
      let chart = RangeChart(title: "Missing values", xLabel: "percent of the rows", rows: rows)
      blocks.append(ChartBlock(chart, caption: "Where values are missing.\(more)"))
    }
    return blocks + [folded]
  }

  /// A row for each part: how many rows it has, and the shares of the classes.
  private static func splits(_ model: ReportedModel, _ table: Table) -> NumberTable {
    let labels = Array(model.bundle.labels.prefix(12))
    let target = labels.isEmpty ? nil : table[model.bundle.target]
    let rows = Split.allCases.compactMap { split -> [String]? in
      let own = model.rows(split)
      guard !own.isEmpty else { return nil }
      var counts: [String: Int] = [:]
      for row in own { counts[target?.text(at: row) ?? "", default: 0] += 1 }
      let shares =
        target == nil ? [] : labels.map { "\(NumberTable.text(100 * Double(counts[$0] ?? 0) / Double(own.count))) %" }
      return [split.rawValue, "\(own.count)"] + shares
    }
    return NumberTable(columns: ["", "rows"] + (target == nil ? [] : labels), rows: rows)
  }

  private static func inputs(_ model: ReportedModel) -> NumberTable {
    let rows = zip(model.bundle.pipeline.inputs, model.bundle.pipeline.encoders).map { input, encoder in
      [
        input.name, input.type.rawValue, "\(encoder.width)",
        input.profile.map { "\(NumberTable.text($0.minimum)) … \(NumberTable.text($0.maximum))" } ?? "",
      ]
    }
    return NumberTable(columns: ["column", "type", "features", "range in training"], rows: rows)
  }
}
