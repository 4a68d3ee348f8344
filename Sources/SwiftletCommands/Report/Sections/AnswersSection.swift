// SPDX-License-Identifier: Apache-2.0
//
// What was predicted, against what was true.
//
// Before    LearningSection.swift     After    ThresholdSection.swift

import SwiftletModels
import SwiftletReports
import SwiftletTraining

enum AnswersSection: ReportSection {
  static let title = "Right and wrong answers"
  /// A matrix of more classes is not read any more.
  private static let mostClasses = 12

  static func blocks(_ model: ReportedModel) throws -> [any PageBlock] {
    guard let evaluation = model.evaluation else { return [] }
    guard evaluation.comparisons.isEmpty else { return comparisons(evaluation, model) }
    guard !evaluation.confusionMatrix.isEmpty else { return [] }
    var blocks: [any PageBlock] = []
    if evaluation.labels.count <= mostClasses {
      let plot = ConfusionMatrixPlot(
        title: "Answers on \(evaluation.rows) \(model.split.rawValue) rows", labels: evaluation.labels,
        counts: evaluation.confusionMatrix)
      blocks.append(
        ChartBlock(
          plot,
          caption:
            "A row is what an example was, a column what the model said; percentages are of the row. Blue was right."))
    } else {
      blocks.append(ChartBlock(recalls(evaluation), caption: "How much of each class was found, with 95 % intervals."))
    }
    let confusions = confusions(evaluation)
    if evaluation.labels.count > 2, !confusions.rows.isEmpty {
      blocks.append(TableBlock(confusions, caption: "What is confused most often."))
    }
    return blocks
  }

  /// The part of each class that was found.
  private static func recalls(_ evaluation: Evaluation) -> RangeChart {
    let rows = evaluation.labels.indices.compactMap { label -> RangeChart.Row? in
      let count = evaluation.confusionMatrix[label].reduce(0, +)
      guard count > 0 else { return nil }
      let rate = Rate(successes: Double(evaluation.confusionMatrix[label][label]), count: Double(count))
      let interval = intervalOfMean(of: [rate])
      return RangeChart.Row(
        evaluation.labels[label], rate.successes / rate.count, range: interval.low...max(interval.low, interval.high),
        note: "\(count)")
    }
    let hardest = rows.sorted { $0.value < $1.value }.prefix(40)
    let title = rows.count > 40 ? "Recall, the 40 lowest of \(rows.count) classes" : "Recall of each class"
    return RangeChart(title: title, xLabel: "recall", rows: Array(hardest))
  }

  private static func confusions(_ evaluation: Evaluation) -> NumberTable {
    struct Pair {
      let row: Int
      let column: Int
      let count: Int
    }
    let matrix = evaluation.confusionMatrix
    let pairs = matrix.indices.flatMap { row in
      matrix[row].indices.filter { $0 != row && matrix[row][$0] > 0 }.map {
        Pair(row: row, column: $0, count: matrix[row][$0])
      }
    }
    let rows = pairs.sorted { $0.count > $1.count }.prefix(8).map { pair in
      [evaluation.labels[pair.row], evaluation.labels[pair.column], "\(pair.count)"]
    }
    return NumberTable(columns: ["true", "predicted", "rows"], rows: rows)
  }

  /// Numbers: the truth against the prediction, and how large the errors are.
  private static func comparisons(_ evaluation: Evaluation, _ model: ReportedModel) -> [any PageBlock] {
    let shown = evaluation.comparisons.prefix(4)
    var blocks: [any PageBlock] = shown.map { comparison in
      var plot = ScatterPlot(
        title: "\(comparison.target) of \(evaluation.rows) \(model.split.rawValue) rows", xLabel: "true",
        yLabel: "predicted",
        groups: [Series(comparison.target, x: comparison.truth, y: comparison.predicted)])
      plot.showsDiagonal = true
      plot.mostPoints = shown.count > 1 ? 200 : 400
      let thinned = comparison.truth.count >= 2 * plot.mostPoints ? " Not every row is drawn." : ""
      return ChartBlock(plot, caption: "On the dashed line the prediction is the truth.\(thinned)")
    }
    let errors = shown.map { comparison in
      Histogram(
        title: "Errors", xLabel: "predicted − true, \(comparison.target)",
        values: zip(comparison.truth, comparison.predicted).map { $1 - $0 })
    }
    blocks.append(
      ChartBlock(
        errors,
        caption:
          "Errors that are not centered at 0 mean that the model is biased; a long tail, that a few rows cost most."
      ))
    let count = evaluation.comparisons.count
    if count > shown.count { blocks.append(Paragraph("The first \(shown.count) of \(count) targets.")) }
    return blocks
  }
}
