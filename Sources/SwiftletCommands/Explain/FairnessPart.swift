// SPDX-License-Identifier: Apache-2.0
//
// How a model treats the groups of a column, in words.
//
// Before    RowsPart.swift     After    Calibrating.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletUnderstanding

/// The figures of each group of the columns that --by names; nothing without one.
struct FairnessPart: ExplainedPart {
  static let name = "groups"
  static let help = "with --by COLUMN: how often each of its groups is chosen, found and wrongly chosen"

  private let all: [Fairness]

  static func isTold(_ subject: ExplainedModel) -> Bool { !subject.groupColumns.isEmpty }

  init(_ subject: ExplainedModel) throws {
    guard !subject.groupColumns.isEmpty else {
      throw DataError("Name a column with --by COLUMN to compare its groups.")
    }
    all = try subject.groupColumns.map { try Fairness(subject.rows, by: $0) }
  }

  var json: JSONValue { .array(all.map(\.json)) }

  var text: String { all.map(text).joined(separator: "\n\n") }

  private func text(_ fairness: Fairness) -> String {
    let names = fairness.groups.first { !$0.metrics.isEmpty }?.metrics.map(\.name) ?? []
    let header = ["", "rows"] + names.map { $0.replacingOccurrences(of: "_", with: " ") }
    let rows = fairness.groups.map { group in
      [group.name, "\(group.rowCount)"]
        + names.map { name in group.metrics.first { $0.name == name }.map(figure) ?? "–" }
    }
    let chosen = fairness.positive.map { "; chosen is who is answered \(quoted($0))" } ?? ""
    let ratio = fairness.smallestRatio.map {
      "\n\nThe smallest selection rate is \(decimals($0, 2)) of the largest, of groups with at least 20 rows."
    }
    return "How it treats the groups of \(quoted(fairness.column))\(chosen)\n\n"
      + textTable([header] + rows, alignsLeft: [0]) + (ratio ?? "")
  }

  private func figure(_ metric: Metric) -> String {
    decimals(metric.value, 3)
      + (metric.interval.map { " [\(decimals($0.low, 2)), \(decimals($0.high, 2))]" } ?? "")
  }
}
