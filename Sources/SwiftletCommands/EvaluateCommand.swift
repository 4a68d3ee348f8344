// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet evaluate`: how good a saved model is.
//
// Before    TrainCommand.swift     After    PredictCommand.swift

import ArgumentParser
import SwiftletFormats
import SwiftletModels
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
  @Flag(help: "Print one JSON object.") var json = false

  func validate() throws {
    guard split == nil || split == "all" || Split(rawValue: split ?? "") != nil else {
      throw ValidationError("--split is test, validation, train or all, not \"\(split ?? "")\".")
    }
  }

  func run() throws {
    try reportingErrors {
      let bundle = try ModelBundle.load(from: model)
      let chosen = split ?? (data == nil ? "test" : "all")
      let evaluation = try Evaluation.evaluate(bundle, on: data, split: Split(rawValue: chosen))
      if evaluation.unseenCount > 0 {
        printError("warning: \(evaluation.unseenCount) cells held a category that training did not know.")
      }
      guard !json else {
        let object: JSONValue = .object([
          .init("model", .string(model)), .init("split", .string(chosen)), .init("rows", JSONValue(evaluation.rows)),
          .init("metrics", Evaluation.json(evaluation.metrics)), .init("labels", JSONValue(evaluation.labels)),
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
}
