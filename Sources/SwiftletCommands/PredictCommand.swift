// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet predict`: answers for rows, in their order.
//
// Before    EvaluateCommand.swift     After    ServeCommand.swift

import ArgumentParser
import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletTables

struct PredictCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case csv, jsonl }

  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Answer for the rows of a file.",
    discussion: """
      Writes for every row the prediction and, for classes, the probability of each label.

        swiftlet predict Models/iris --data new.csv
        head -5 new.csv | swiftlet predict Models/iris --data -
      """)

  @Argument(help: "A model's folder.") var model: String
  @Option(help: "A data file, IDX images for an image model, or - for standard input.") var data = "-"
  @Option(help: "A file, or - for standard output.") var output = "-"
  @Option(help: "csv or jsonl.") var format = Format.csv

  func run() throws {
    try reportingErrors {
      let file = try OutputFile(output, inputs: [data, model])
      let bundle = try ModelBundle.load(from: model)
      let table = try DataLoader(data).load(bundle.tableReader).table
      let (answers, unseen) = try Predictor(bundle).predict(table)
      if unseen > 0 {
        printError("warning: \(unseen) cells held a category that training did not know; they count as none.")
      }
      try file.write(text(of: (0..<answers.count).map { bundle.head.fields(of: answers.row($0)) }))
    }
  }

  private func text(of records: [[JSONValue.Member]]) -> String {
    var text = ""
    switch format {
    case .csv:
      if let first = records.first { text += csvLine(first.map(\.name)) }
      for record in records { text += csvLine(record.map { $0.value.string ?? $0.value.encoded() }) }
    case .jsonl:
      for record in records { text += JSONValue.object(record).encoded() + "\n" }
    }
    return text
  }
}
