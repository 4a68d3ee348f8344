// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet evaluate`: how good a saved model is.
//
// Before    JudgedOptions.swift     After    Explain/ExplainedPart.swift

import ArgumentParser
import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletInterchange
import SwiftletModels
import SwiftletReports
import SwiftletTables
import SwiftletTraining
import SwiftletUnderstanding

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a model on rows whose answers are known.",
    discussion: """
      By default it is measured on the test rows of the data that it was trained on. If these data have changed since, \
      their test rows are unknown: then all rows are measured, with a warning.

        swiftlet evaluate Models/iris
        swiftlet evaluate Models/iris --data new.csv
        swiftlet evaluate Models/iris --worst 10
        swiftlet evaluate Models/shop --data shop.sqlite --table sales
        swiftlet evaluate churn.onnx --data new.csv --target churn
      """)

  @Argument(help: "A model's folder, or a graph of ONNX, which needs --data.") var model: String
  @OptionGroup var judged: JudgedOptions
  @Option(help: "For a graph of ONNX: the column with the true answers, if the data do not say it.") var target: String?
  @Option(help: "For two classes: the least probability of the positive one, instead of the model's own threshold.")
  var threshold: Double?
  @Option(
    help: "Draw the confusion matrix, or predictions against truth, as SVG into this file (- is standard output).")
  var plot: String?
  @Option(help: "Number of rows with the largest loss to show, each with the training rows that are most like it.")
  var worst = 0
  @Flag(help: "Print one JSON object.") var json = false

  func validate() throws {
    guard threshold.map({ $0 > 0 && $0 < 1 }) ?? true else {
      throw ValidationError("--threshold is a probability between 0 and 1, not \(threshold ?? 0).")
    }
    guard plot != "-" || !json else {
      throw ValidationError("--plot - and --json would both write to standard output.")
    }
    guard (0...1000).contains(worst) else { throw ValidationError("--worst is from 0 to 1000, not \(worst).") }
  }

  func run() throws {
    try reportingErrors {
      if GraphModel.exists(at: model) { return try evaluateGraph() }
      guard target == nil else {
        throw DataError("--target is for graphs of ONNX; the target of \(model) stands in its model.json.")
      }
      var bundle = try ModelBundle.load(from: model)
      let inputs = ProtectedFiles.ofModel(model) + [judged.data].compactMap { $0 }
      let picture = try plot.map { try OutputFile($0, inputs: inputs) }
      if let threshold {
        guard bundle.labels.count == 2 else {
          throw DataError("--threshold is for models of two classes, and \(bundle.name) has \(bundle.labels.count).")
        }
        bundle.threshold = threshold
      }
      let loader = try judged.loader(for: bundle, model, command: "evaluate")
      let data = try JudgedData(bundle, loader)
      let (chosen, warning) = judged.choice(data, loader.path)
      var evaluation = try data.evaluation(of: Split(rawValue: chosen))
      let wrong = try worst == 0 ? nil : WrongRows(AnsweredRows(data.rows(of: Split(rawValue: chosen))), count: worst)
      evaluation.addIntervals()
      try show(evaluation, of: bundle.name, chosen, warning, wrong, picture)
    }
  }

  /// Measures a graph of ONNX on all rows of the data.
  private func evaluateGraph() throws {
    guard threshold == nil, worst == 0, judged.split ?? "all" == "all" else {
      throw DataError("--threshold, --worst and --split are for models of Swiftlet, and \(model) is a graph of ONNX.")
    }
    guard let data = judged.data else {
      throw DataError("\(model) does not say what it was trained on. Name rows with --data FILE.")
    }
    let picture = try plot.map { try OutputFile($0, inputs: [model, data]) }
    let graph = try GraphModel(path: model)
    var loader = DataLoader(data)
    loader.sqlTable = judged.table
    loader.sqlQuery = judged.query
    let rows = try loader.load(graph.signature.tableReader)
    let own = graph.signature.target.split(separator: ",").map(String.init)
    let known = own.allSatisfy { rows.table[$0] != nil } ? own : rows.dataset?.targets ?? rows.targets
    let targets = target.map { $0.split(separator: ",").map(String.init) } ?? known
    guard !targets.isEmpty else {
      throw DataError("Which column holds the true answers? Name it with --target COLUMN.")
    }
    var evaluation = try Evaluation(graph, rows.table, targets: targets)
    evaluation.addIntervals()
    try show(evaluation, of: graph.signature.name, "all", nil, nil, picture)
  }

  private func show(
    _ evaluation: Evaluation, of name: String, _ chosen: String, _ warning: String?, _ wrong: WrongRows?,
    _ picture: OutputFile?
  ) throws {
    warnings(warning, evaluation).forEach { printError("warning: \($0)") }
    let rows = JudgedOptions.text(evaluation.rows, of: chosen)
    let title = "\(name) on \(rows)"
    if let picture {
      try picture.write(Self.drawing(of: evaluation, title: title))
      if plot == "-" { return }
    }
    guard !json else {
      let object: JSONValue = .object(
        [
          .init("model", .string(model)), .init("split", .string(chosen)), .init("rows", JSONValue(evaluation.rows)),
          .init("metrics", evaluation.metrics.json), .init("intervals", evaluation.metrics.intervalsJSON),
          .init("labels", JSONValue(evaluation.labels)),
          .init("confusion_matrix", .array(evaluation.confusionMatrix.map { .array($0.map { JSONValue($0) }) })),
          .init("warnings", JSONValue(warnings(warning, evaluation))),
        ] + (wrong.map { [.init("worst", .array($0.rows.map(\.json)))] } ?? []))
      return print(object.encoded())
    }
    print(title + "\n")
    print(textTable(evaluation.metrics.map { [$0.name, decimals($0.value, 4), text(of: $0.interval)] }))
    if !evaluation.confusionMatrix.isEmpty, evaluation.labels.count <= 20 {
      print("\nConfusion matrix (rows: true, columns: predicted)\n")
      let rows = zip(evaluation.labels, evaluation.confusionMatrix).map { [$0] + $1.map { String($0) } }
      print(textTable([[""] + evaluation.labels] + rows))
    }
    if let wrong { print("\n" + WrongRowsText(wrong).text) }
  }

  private func warnings(_ warning: String?, _ evaluation: Evaluation) -> [String] {
    let unseen =
      evaluation.unseenCount > 0
      ? "\(evaluation.unseenCount) cells held a category that was not in the training rows; they read as none of the known ones."
      : nil
    return [warning, unseen].compactMap { $0 } + evaluation.notes
  }

  private func text(of interval: Interval?) -> String {
    interval.map { "[\(decimals($0.low, 4)), \(decimals($0.high, 4))]" } ?? ""
  }

  /// The confusion matrix, or what was predicted against what was true.
  static func drawing(of evaluation: Evaluation, title: String) -> String {
    guard evaluation.comparisons.isEmpty else {
      let groups = evaluation.comparisons.map { Series($0.target, x: $0.truth, y: $0.predicted) }
      var plot = ScatterPlot(title: title, xLabel: "true", yLabel: "predicted", groups: groups)
      plot.showsDiagonal = true
      return plot.svg()
    }
    return ConfusionMatrixPlot(title: title, labels: evaluation.labels, counts: evaluation.confusionMatrix).svg()
  }
}
