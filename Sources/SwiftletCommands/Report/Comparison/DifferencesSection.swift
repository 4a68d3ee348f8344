// SPDX-License-Identifier: Apache-2.0
//
// The settings that differ.
//
// Before    PairsSection.swift     After    CurvesSection.swift

import SwiftletReports

enum DifferencesSection: ComparisonSection {
  static let title = "What differs"

  static func blocks(_ compared: Compared) throws -> [any PageBlock] {
    guard compared.runs.count > 1 else {
      let settings = compared.runs.flatMap(\.settings).map { [$0.key, $0.value] }
      return [TableBlock(NumberTable(columns: ["setting", "value"], rows: settings), caption: "The settings.")]
    }
    let keys = compared.differing
    guard !keys.isEmpty else { return [Paragraph("No setting differs.")] }
    // The longer side goes down the page.
    if compared.runs.count <= 6 {
      let rows = keys.map { key in [key] + compared.runs.map { $0.setting(key) ?? "" } }
      return [
        TableBlock(
          NumberTable(columns: ["setting"] + compared.runs.map(\.name), rows: rows),
          caption: "The settings that differ.")
      ]
    }
    let rows = compared.runs.map { run in
      [run.name] + keys.map { run.setting($0) ?? "" } + [run.score.map { NumberTable.text($0.value) } ?? run.state]
    }
    return [
      TableBlock(NumberTable(columns: [""] + keys + ["score"], rows: rows), caption: "The settings that differ.")
    ]
  }
}
