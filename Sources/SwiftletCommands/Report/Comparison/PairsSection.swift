// SPDX-License-Identifier: Apache-2.0
//
// Is one model better than another, row by row?
//
// Two models that answered the same rows are compared on each of them. That is fairer than two intervals beside each other: a row
// that is hard for both says nothing. It is honest only where the rows are the same ones, and says nothing of the recipes, which
// `swiftlet compare` trains anew on folds.
//
// Shapes    N rows
// Before    ScoresSection.swift     After    DifferencesSection.swift
// Source    Dietterich, "Approximate Statistical Tests for Comparing Supervised Classification Learning Algorithms" (1998)

import SwiftletModels
import SwiftletReports
import SwiftletSearch
import SwiftletTables

enum PairsSection: ComparisonSection {
  static let title = "Is one better, or was it lucky?"
  private static let mostModels = 6

  static func blocks(_ compared: Compared) throws -> [any PageBlock] {
    let models = compared.runs.filter { $0.model?.answered != nil }
    guard compared.runs.count > 1 else { return [] }
    guard models.count > 1 else {
      return [Paragraph("Fewer than two of them have a model and its data, so no two can be compared row by row.")]
    }
    let shown = Array(models.prefix(mostModels))
    var rows: [[String]] = []
    var unlike = 0
    for (position, b) in shown.enumerated().dropFirst() {
      for a in shown[..<position] {
        guard let losses = losses(a, b) else {
          unlike += 1
          continue
        }
        rows.append(row(a.name, b.name, losses))
      }
    }
    var blocks: [any PageBlock] = []
    if !rows.isEmpty {
      blocks = [
        Paragraph(
          "Both models of a pair answered the same rows, and the loss of the second minus that of the first is a number for each row. "
            + "If the interval of its mean contains 0, either could have been the lucky one."),
        TableBlock(
          NumberTable(columns: ["pair", "difference of loss", "95 % interval", "rows", "the second is"], rows: rows),
          caption:
            "The loss of a row is −log of the probability of its label, or the squared error in standard deviations."),
        Paragraph(
          "This is about these models on these rows. Whether one recipe is better than another, `swiftlet compare` says. And of "
            + "many pairs, one in twenty differs by chance."),
      ]
    }
    if unlike > 0 {
      blocks.append(
        Paragraph(
          "\(unlike) \(unlike == 1 ? "pair was" : "pairs were") judged on other rows, or in another loss, and cannot be compared honestly."
        ))
    }
    if models.count > mostModels { blocks.append(Paragraph("The first \(mostModels) of \(models.count) models.")) }
    return blocks
  }

  /// For each row the loss of the second minus that of the first; `nil` if the rows are not the same.
  private static func losses(_ a: ComparedRun, _ b: ComparedRun) -> [Double]? {
    guard let first = a.model?.answered, let second = b.model?.answered, a.dataSHA256 == b.dataSHA256,
      first.judged.rows == second.judged.rows, first.loss.name == second.loss.name,
      a.model?.bundle.target == b.model?.bundle.target, first.judged.truth == second.judged.truth
    else { return nil }
    return zip(first.losses, second.losses).map { $1 - $0 }
  }

  private static func row(_ a: String, _ b: String, _ differences: [Double]) -> [String] {
    let n = Double(differences.count)
    let center = differences.reduce(0, +) / n
    let squares = differences.reduce(0) { $0 + ($1 - center) * ($1 - center) }
    var interval: Interval?
    if n > 1 {
      let width = studentQuantile(0.975, degreesOfFreedom: n - 1) * (squares / (n - 1) / n).squareRoot()
      interval = Interval(low: center - width, high: center + width)
    }
    let verdict: Verdict =
      interval.map { $0.high < 0 ? .better : $0.low > 0 ? .worse : .notDistinguishable } ?? .notDistinguishable
    return [
      "\(a), then \(b)", NumberTable.text(center),
      interval.map { "\(NumberTable.text($0.low)) … \(NumberTable.text($0.high))" } ?? "", "\(differences.count)",
      verdict.rawValue,
    ]
  }
}
