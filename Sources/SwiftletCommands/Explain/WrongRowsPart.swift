// SPDX-License-Identifier: Apache-2.0
//
// The rows that are answered worst, in words.
//
// Before    ImportancePart.swift     After    CalibrationPart.swift

import SwiftletFormats
import SwiftletUnderstanding

/// The rows with the largest losses.
struct WrongRowsPart: ExplainedPart {
  static let name = "wrong"
  static let help = "the rows with the largest loss, and the training rows that are most like them"

  private let wrong: WrongRows

  init(_ subject: ExplainedModel) throws { wrong = try WrongRows(subject.rows, count: subject.top) }

  var json: JSONValue { wrong.json }
  var text: String { WrongRowsText(wrong).text }
}

/// Wrong rows as `explain` and `evaluate --worst` show them.
struct WrongRowsText {
  let wrong: WrongRows
  /// No more columns of a row are shown.
  private static let columnLimit = 12

  init(_ wrong: WrongRows) { self.wrong = wrong }

  var text: String {
    let count = wrong.rows.count
    let share = decimals(100 * wrong.share, 0)
    let title =
      count == 1 ? "The row with the largest loss" : "The \(count) rows with the largest loss: \(share) % of all loss"
    return title + "\n\n" + wrong.rows.map(lines).joined(separator: "\n\n")
  }

  private func lines(_ row: WrongRow) -> String {
    let sure = row.probability.map { " (\(decimals($0, 2)))" } ?? ""
    let head = "row \(row.row): is \(row.truth), answered \(row.prediction)\(sure), loss \(lossText(row.loss))"
    let shown = row.values.prefix(WrongRowsText.columnLimit).map { "\($0.name) \($0.text ?? "–")" }
    let rest = row.values.count - shown.count
    let values = shown.isEmpty ? [] : wrapped(shown + (rest > 0 ? ["… \(rest) more"] : []))
    let near = row.neighbors.map { "\($0.row) (\($0.truth))" }
    let neighbors = near.isEmpty ? [] : ["    nearest training rows: " + near.joined(separator: ", ")]
    return ([head] + values + neighbors).joined(separator: "\n")
  }

  /// Two digits after the point, or two digits of a loss that would be 0.00: the largest of small losses differ too.
  private func lossText(_ loss: Double) -> String {
    loss > 0 && loss < 0.01 ? "\(rounded(loss, toDigits: 2))" : decimals(loss, 2)
  }

  /// Indented lines of at most 100 characters, as far as no part is longer.
  private func wrapped(_ parts: [String]) -> [String] {
    var lines: [String] = []
    for (position, part) in parts.enumerated() {
      let text = part + (position + 1 < parts.count ? "," : "")
      if let last = lines.last, last.count + 1 + text.count <= 100 {
        lines[lines.count - 1] = last + " " + text
      } else {
        lines.append("    " + text)
      }
    }
    return lines
  }
}
