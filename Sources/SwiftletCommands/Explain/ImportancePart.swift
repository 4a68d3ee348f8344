// SPDX-License-Identifier: Apache-2.0
//
// Which columns a model needs, in words.
//
// Before    ExplainedPart.swift     After    WrongRowsPart.swift

import SwiftletFormats
import SwiftletReports
import SwiftletUnderstanding

/// The importance of the columns.
struct ImportancePart: ExplainedPart {
  static let name = "importance"
  static let help = "how much the loss grows when a column is shuffled, so that it tells nothing"

  private let importance: PermutationImportance
  private let top: Int

  init(_ subject: ExplainedModel) throws {
    importance = try PermutationImportance(subject.rows)
    top = subject.top
  }

  var json: JSONValue { importance.json }

  var text: String {
    let shown = importance.columns.prefix(top)
    let largest = (shown + importance.groups).map(\.mean).max() ?? 0
    var lines = [
      "Which columns it needs: what \(importance.metric), now \(decimals(importance.loss, 4)), grows by when a column is "
        + "shuffled",
      "\(counted(importance.repeats, "shuffle")) of \(counted(importance.rowCount, "row")), mean ± standard deviation",
      "",
      textTable(shown.map { row($0, largest) }, alignsLeft: [0, 3]),
    ]
    let rest = importance.columns.count - shown.count
    if rest > 0 { lines.append("… and \(rest) more; --top shows more of them") }
    let unneeded = importance.columns.filter { !$0.isNeeded }
    if !unneeded.isEmpty {
      lines.append(
        "\nNot needed on these rows, as far as two standard deviations tell: \(unneeded.count) of "
          + "\(importance.columns.count) columns.")
    }
    if !importance.groups.isEmpty {
      lines.append("\nColumns that say nearly the same, shuffled together: each alone can hide behind the others.\n")
      lines.append(textTable(importance.groups.prefix(top).map { row($0, largest) }, alignsLeft: [0, 3]))
    }
    return lines.joined(separator: "\n")
  }

  var pictures: [Picture] {
    let rows = importance.columns.prefix(40).map { column in
      RangeChart.Row(
        listed(column.columns), column.mean,
        range: column.mean - column.deviation...column.mean + column.deviation)
    }
    var chart = RangeChart(
      title: "Which columns the model needs", xLabel: "growth of \(importance.metric) when shuffled", rows: rows)
    chart.rangeLabels = ["mean − deviation", "mean + deviation"]
    return [Picture(file: "importance.svg", chart: chart)]
  }

  private func row(_ importance: Importance, _ largest: Double) -> [String] {
    let length = largest > 0 ? Int((20 * max(0, importance.mean) / largest).rounded()) : 0
    return [
      listed(importance.columns), decimals(importance.mean, 4), "± " + decimals(importance.deviation, 4),
      String(repeating: "█", count: length),
    ]
  }

  private func listed(_ names: [String]) -> String {
    names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
  }
}
