// SPDX-License-Identifier: Apache-2.0
//
// Is the model good, and how much of that is sure?
//
// Before    Report/ReportSection.swift     After    RowsSection.swift

import SwiftletFormats
import SwiftletModels
import SwiftletReports
import SwiftletTables

enum VerdictSection: ReportSection {
  static let title = "The verdict"

  static func blocks(_ model: ReportedModel) throws -> [any PageBlock] {
    var blocks: [any PageBlock] = [Paragraph(verdict(model), .lead)]
    if let absence = model.absence {
      blocks.append(
        Paragraph("The model was not measured again, so there are no intervals and no curves. \(absence)", .notice))
    }
    blocks += (model.evaluation?.notes ?? []).map { Paragraph($0, .notice) }
    let warnings = CardText(model.bundle.card).warnings
    if !warnings.isEmpty { blocks.append(BulletList(warnings)) }
    if let chart = chart(model) {
      blocks.append(
        ChartBlock(
          chart,
          caption:
            "Each line is a 95 % interval: the score on all rows of this kind, and not only on these, is probably within it."
        ))
    }
    return blocks + [TableBlock(table(model), caption: "All figures.")]
  }

  /// The score with its interval, the baseline, and what can be said of the difference.
  private static func verdict(_ model: ReportedModel) -> String {
    let name = model.headline
    guard let own = model.metrics.first(where: { $0.name == name }) else {
      return "The bundle does not remember its \(name)."
    }
    let count = model.evaluation.map { "\($0.rows) " } ?? ""
    var sentences = [
      "On the \(count)\(model.split.rawValue) rows, \(model.bundle.name) has \(article(name)) \(name) of \(decimals(own.value, 3))"
        + (own.interval.map { ", with a 95 % interval from \(decimals($0.low, 3)) to \(decimals($0.high, 3))." } ?? ".")
    ]
    if let base = model.baseline[name] {
      sentences.append("Always answering with \(model.bundle.head.baselineName) reaches \(decimals(base, 3)).")
      sentences.append(certainty(own, base))
    }
    if model.split == .train {
      sentences.append(
        "There were no other rows, so these are the ones that it has learned from: expect less of new ones.")
    }
    return sentences.joined(separator: " ")
  }

  private static func certainty(_ own: Metric, _ base: Double) -> String {
    guard own.value > base else { return "So the model is no better than that, and should not be used." }
    guard let interval = own.interval else { return "How sure the difference is, is not known." }
    guard interval.low > base else {
      return "The interval contains that, so on as few rows the model may have been lucky."
    }
    let width = interval.high - interval.low
    return
      "All of the interval lies above that, so the model has learned something. It is \(decimals(width, 3)) wide: another "
      + "model whose \(own.name) differs by less is not shown to be better or worse by these figures alone."
  }

  /// The article that a name of a measure is spoken with: r2 and rmse begin with "ar".
  private static func article(_ name: String) -> String {
    "aeiou".contains(name.prefix(1)) || ["r2", "rmse"].contains(name) ? "an" : "a"
  }

  /// The rates and areas, which all go from 0 to 1.
  private static func chart(_ model: ReportedModel) -> RangeChart? {
    let shares = model.metrics.filter { metric in
      metric.interval.map { (0...1).contains($0.low) && (0...1).contains($0.high) } ?? false && !isLoss(metric.name)
    }
    guard shares.count > 1 else { return nil }
    let rows = shares.map { metric in
      RangeChart.Row(
        metric.name, metric.value, range: metric.interval.flatMap { $0.low <= $0.high ? $0.low...$0.high : nil })
    }
    let mark = model.baseline[model.headline].map { Mark(x: $0, label: "baseline's \(model.headline)") }
    return RangeChart(title: "Scores on the \(model.split.rawValue) rows", xLabel: "score", rows: rows, mark: mark)
  }

  private static func isLoss(_ name: String) -> Bool { ["log_loss", "rmse", "mae"].contains(name) }

  /// A row for each measure, a column for each part.
  private static func table(_ model: ReportedModel) -> NumberTable {
    let others = (model.bundle.training["metrics"]?.members ?? []).map(\.name).filter { $0 != model.split.rawValue }
    let rows = model.metrics.map { metric -> [String] in
      let remembered = others.compactMap { Split(rawValue: $0) }.map { model.metrics(of: $0)[metric.name] }
      let interval = metric.interval.map { "\(NumberTable.text($0.low)) … \(NumberTable.text($0.high))" } ?? ""
      return [metric.name, NumberTable.text(metric.value), interval]
        + (remembered + [model.baseline[metric.name]]).map { $0.map { NumberTable.text($0) } ?? "" }
    }
    return NumberTable(columns: ["", model.split.rawValue, "95 % interval"] + others + ["baseline"], rows: rows)
  }
}
