// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet evaluate`: how good a saved model is.
//
// Before    SettingsCommand.swift     After    PredictCommand.swift

import ArgumentParser
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletReports
import SwiftletTables
import SwiftletTraining

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a model on rows whose answers are known.",
    discussion: "Without --data, on the test rows of the data that it was trained with.")

  @Argument(help: "A model's folder.") var model: String
  @Option(help: "Other data; then all rows are used, unless --split says otherwise.") var data: String?
  @Option(help: "test, validation, train or all.") var split: String?
  @Option(help: "Of two classes: how probable the positive one must be, in the place of the model's own threshold.")
  var threshold: Double?
  @Option(
    help: "Draw the confusion matrix, or predictions against truth, as SVG into this file (- is standard output).")
  var plot: String?
  @Flag(help: "Print one JSON object.") var json = false

  func validate() throws {
    guard threshold.map({ $0 > 0 && $0 < 1 }) ?? true else {
      throw ValidationError("--threshold is a probability between 0 and 1, not \(threshold ?? 0).")
    }
    guard plot != "-" || !json else { throw ValidationError("--plot - and --json both want standard output.") }
    guard split == nil || split == "all" || Split(rawValue: split ?? "") != nil else {
      throw ValidationError("--split is test, validation, train or all, not \"\(split ?? "")\".")
    }
  }

  func run() throws {
    try reportingErrors {
      let picture = try plot.map { try OutputFile($0, inputs: [model] + (data.map { [$0] } ?? [])) }
      var bundle = try ModelBundle.load(from: model)
      if let threshold {
        guard bundle.labels.count == 2 else {
          throw DataError("--threshold is for models of two classes, and \(bundle.name) has \(bundle.labels.count).")
        }
        bundle.head.threshold = threshold
      }
      let chosen = split ?? (data == nil ? "test" : "all")
      var recipe = try bundle.recipe()
      if let data { recipe.data = data }
      let evaluation = try Evaluation(bundle, on: DataLoader(recipe), split: Split(rawValue: chosen))
      if evaluation.unseenCount > 0 {
        printError("warning: \(evaluation.unseenCount) cells held a category that training did not know.")
      }
      if let picture {
        try picture.write(drawing(of: evaluation, title: "\(bundle.name) on \(evaluation.rows) \(chosen) rows"))
        if plot == "-" { return }
      }
      guard !json else {
        let object: JSONValue = .object([
          .init("model", .string(model)), .init("split", .string(chosen)), .init("rows", JSONValue(evaluation.rows)),
          .init("metrics", evaluation.metrics.json), .init("labels", JSONValue(evaluation.labels)),
          .init("confusion_matrix", .array(evaluation.confusionMatrix.map { .array($0.map { JSONValue($0) }) })),
        ])
        return print(object.encoded())
      }
      print("\(bundle.name) on \(evaluation.rows) \(chosen) rows\n")
      print(textTable(evaluation.metrics.map { [$0.name, decimals($0.value, 4)] }))
      if !evaluation.confusionMatrix.isEmpty, evaluation.labels.count <= 20 {
        print("\nConfusion matrix (rows: true, columns: predicted)\n")
        let rows = zip(evaluation.labels, evaluation.confusionMatrix).map { [$0] + $1.map { String($0) } }
        print(textTable([[""] + evaluation.labels] + rows))
      }
    }
  }
  /// The confusion matrix, or what was predicted against what was true.
  private func drawing(of evaluation: Evaluation, title: String) -> String {
    guard evaluation.comparisons.isEmpty else {
      let groups = evaluation.comparisons.map { Series($0.target, x: $0.truth, y: $0.predicted) }
      var plot = ScatterPlot(title: title, xLabel: "true", yLabel: "predicted", groups: groups)
      plot.showsDiagonal = true
      return plot.svg()
    }
    return ConfusionMatrixPlot(title: title, labels: evaluation.labels, counts: evaluation.confusionMatrix).svg()
  }
}
