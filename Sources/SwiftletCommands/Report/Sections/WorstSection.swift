// SPDX-License-Identifier: Apache-2.0
//
// The rows that the model answers worst.
//
// Before    SlicesSection.swift     After    RecipeSection.swift

import SwiftletModels
import SwiftletReports
import SwiftletUnderstanding

enum WorstSection: ReportSection {
  static let title = "The worst answers"
  /// The columns that fit beside the answer.
  private static let mostColumns = 5

  static func blocks(_ model: ReportedModel) throws -> [any PageBlock] {
    guard let answered = model.answered else { return [] }
    let worst = try WrongRows(answered, count: 12)
    guard let first = worst.rows.first else { return [] }
    let hasNeighbors = worst.rows.contains { !$0.neighbors.isEmpty }
    let hasProbability = first.probability != nil
    let values = first.values.prefix(mostColumns).map(\.name)
    let rows = worst.rows.map { row in
      ["\(row.row)", row.truth, row.prediction]
        + (hasProbability ? [row.probability.map { NumberTable.text($0) } ?? ""] : []) + [NumberTable.text(row.loss)]
        + (hasNeighbors && hasProbability ? ["\(row.neighborsForPrediction) of \(row.neighbors.count)"] : [])
        + row.values.prefix(mostColumns).map { $0.text ?? "" }
    }
    let columns =
      ["row", "true", "predicted"] + (hasProbability ? ["probability"] : []) + ["loss"]
      + (hasNeighbors && hasProbability ? ["neighbors for it"] : []) + values
    let share = NumberTable.text((1000 * worst.share).rounded() / 10)
    let neighbors =
      hasNeighbors && hasProbability
      ? " Where the nearest training rows are for the answer too, the label of the row may be wrong." : ""
    return [
      Paragraph(
        "These \(worst.rows.count) of \(worst.rowCount) rows have \(share) % of all the loss. To look at them is the shortest way "
          + "to a better model.\(neighbors)"),
      TableBlock(
        NumberTable(columns: columns, rows: rows),
        caption: "The largest losses; rows are counted from 1 in the data. `swiftlet explain` shows more of them."),
    ]
  }
}
