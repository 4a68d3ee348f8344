// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet predict`: answers for rows, in their order.
//
// Before    AnswerText.swift     After    RecommendCommand.swift

import ArgumentParser
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletTensors

struct PredictCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case csv, jsonl }

  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Answer for the rows of a file.",
    discussion: """
      For every row it writes the prediction and, for classes, the probability of each label. Rows are read and answered \
      part by part, so a file can be larger than memory.

        swiftlet predict Models/iris --data new.csv
        swiftlet predict Models/shop --data new.csv --keep id,price --output answers.csv
        swiftlet predict Models/signs --data photo.jpg
        head -5 new.csv | swiftlet predict Models/iris
      """)

  @Argument(help: "A model's folder.") var model: String
  @Option(help: "A data file; a picture, a folder of them or IDX for an image model; or - for standard input.")
  var data = "-"
  @Option(help: "The table of a SQLite file.") var table: String?
  @Option(help: "One SELECT to read from a SQLite file, instead of a table.") var query: String?
  @Option(help: "Columns to write beside the answers, with commas between them.") var keep: String?
  @Option(help: "A file, or - for standard output.") var output = "-"
  @Option(help: "csv or jsonl.") var format = Format.csv

  func run() throws {
    try reportingErrors {
      let file = try OutputFile(output, inputs: [data, model])
      let bundle = try ModelBundle.load(from: model)
      OpenBLAS.setThreadCount(1)  // the predictor's own threads share out the rows
      let predictor = Predictor(bundle, threads: OpenBLAS.processorCount)
      let text = AnswerText(head: bundle.head, format: format)
      var loader = DataLoader(data)
      loader.sqlTable = table
      loader.sqlQuery = query
      var rowCount = 0
      var unseenCount = 0
      try file.writing { write in
        let names =
          keep.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
          ?? [loader.rowNames].compactMap { $0 }
        var isFirst = true
        try loader.forEachPart(bundle.tableReader, keeping: names) { part in
          if isFirst { try write(text.header(part)) }
          isFirst = false
          try bundle.pipeline.checkBounds(of: part.table, firstRow: rowCount + 1)
          let reader = try bundle.pipeline.reader(of: part.table)
          for start in stride(from: 0, to: part.table.rowCount, by: reader.pieceSize) {
            let rows = (start..<min(start + reader.pieceSize, part.table.rowCount)).map { Int32($0) }
            let (features, unseen) = try reader.features(rows)
            unseenCount += unseen
            try write(text.lines(predictor.answers(for: features), part, rows: rows))
          }
          rowCount += part.table.rowCount
        }
      }
      if unseenCount > 0 {
        printError(
          "warning: \(unseenCount) cells held a category that was not in the training rows; they read as none of the known ones."
        )
      }
    }
  }
}
