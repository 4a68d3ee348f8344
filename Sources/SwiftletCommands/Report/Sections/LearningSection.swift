// SPDX-License-Identifier: Apache-2.0
//
// How the model learned, and whether that was normal.
//
// Before    RowsSection.swift     After    AnswersSection.swift

import Foundation
import SwiftletModels
import SwiftletReports
import SwiftletTables
import SwiftletUnderstanding

enum LearningSection: ReportSection {
  static let title = "How it learned"

  static func blocks(_ model: ReportedModel) throws -> [any PageBlock] {
    let findings = try model.bundle.findings()
    var blocks: [any PageBlock] = []
    if let chart = try LearningCurve.chart(of: model.bundle) {
      blocks.append(
        ChartBlock(
          chart,
          caption:
            "The loss is what the training makes small. Where that of the validation rows rises while the other falls, "
            + "the model learns the training rows by heart."))
    }
    blocks.append(
      findings.isEmpty
        ? Paragraph("The diagnosis finds nothing unusual.")
        : BulletList(findings.map { "\($0.code): \($0.sentence)" }))
    return blocks
  }
}

/// The losses of a training by epoch.
enum LearningCurve {
  /// The chart, with the epoch whose parameters were kept; `nil` if the bundle has no history.
  static func chart(of bundle: ModelBundle) throws -> LineChart? {
    let losses = try series(bundle.history)
    guard !losses.isEmpty else { return nil }
    let kept = losses.last?.y.enumerated().filter { $1.isFinite }.min { $0.element < $1.element }
    let mark =
      losses.count > 1 ? kept.map { Mark(x: Double($0.offset + 1), label: "least at epoch \($0.offset + 1)") } : nil
    return LineChart(title: "How \(bundle.name) learned", xLabel: "epoch", yLabel: "loss", series: losses, mark: mark)
  }

  /// The columns of history.csv that are losses.
  static func series(_ history: String) throws -> [Series] {
    guard history.utf8.contains(0x0A) else { return [] }
    let table = try TableReader().readCSV(.memory(Array(history.utf8), name: "history.csv"))
    return table.columns.compactMap { column in
      guard column.name.hasSuffix("loss"), let values = column.numbers else { return nil }
      let name = column.name.replacingOccurrences(of: "_", with: " ")
      return Series(name, x: values.indices.map { Double($0 + 1) }, y: Array(values))
    }
  }
}
