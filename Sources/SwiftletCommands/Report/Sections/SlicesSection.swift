// SPDX-License-Identifier: Apache-2.0
//
// Parts of the rows in which the model is worse.
//
// Before    DependenceSection.swift     After    WorstSection.swift

import SwiftletFormats
import SwiftletModels
import SwiftletReports
import SwiftletUnderstanding

enum SlicesSection: ReportSection {
  static let title = "Where it is worse"

  static func blocks(_ model: ReportedModel) throws -> [any PageBlock] {
    guard let answered = model.answered, model.bundle.pipeline.inputs.count > 1 else { return [] }
    let slices = try Slices(answered)
    let looked =
      "\(counted(slices.testedCount, "part")) of the \(counted(slices.rowCount, "row")) "
      + "\(slices.testedCount == 1 ? "was" : "were") looked at, by one column or two."
    guard !slices.slices.isEmpty else {
      return [Paragraph("\(looked) In none of them is the model worse by more than chance.")]
    }
    let rows = slices.slices.map { slice in
      [
        slice.conditions.joined(separator: " and "), "\(slice.rowCount)", NumberTable.text(slice.loss),
        NumberTable.text(slice.otherLoss), NumberTable.text((slice.effect * 100).rounded() / 100),
      ]
    }
    return [
      Paragraph(
        "\(looked) In these the loss is greater by more than chance, though so many were looked at: collect more such rows, or do "
          + "not use the model there."),
      TableBlock(
        NumberTable(columns: ["where", "rows", "mean loss", "of the others", "effect"], rows: rows),
        caption: "The effect is the difference in standard deviations of a row's loss."),
    ]
  }
}
