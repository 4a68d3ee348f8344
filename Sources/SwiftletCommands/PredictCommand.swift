// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet predict`: answers for rows, in their order.
//
// Before    AnswerText.swift     After    RecommendCommand.swift

import ArgumentParser
import SwiftletData
import SwiftletFormats
import SwiftletInterchange
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
        swiftlet predict churn.onnx --data new.csv
        head -5 new.csv | swiftlet predict Models/iris
      """)

  @Argument(help: "A model's folder, or a graph of ONNX.") var model: String
  @Option(help: "A data file; a picture, a folder of them or IDX for an image model; or - for standard input.")
  var data = "-"
  @Option(help: "The table of a SQLite file.") var table: String?
  @Option(help: "One SELECT to read from a SQLite file, instead of a table.") var query: String?
  @Option(help: "Columns to write beside the answers, with commas between them.") var keep: String?
  @Option(help: "A file, or - for standard output.") var output = "-"
  @Option(help: "csv or jsonl.") var format = Format.csv

  func run() throws {
    try reportingErrors {
      let file = try OutputFile(output, inputs: [data] + ProtectedFiles.ofModel(model))
      guard !GraphModel.exists(at: model) else { return try answer(GraphModel(path: model), file) }
      let bundle = try ModelBundle.load(from: model)
      OpenBLAS.setThreadCount(1)  // the predictor's own threads share out the rows
      let predictor = Predictor(bundle, threads: OpenBLAS.processorCount)
      let text = AnswerText(head: bundle.head, format: format)
      let loader = self.loader
      var rowCount = 0
      var unseenCount = 0
      try file.writing { write in
        var isFirst = true
        try loader.forEachPart(bundle.tableReader, keeping: keptNames(loader)) { part in
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
      warn(unseenCount)
    }
  }

  /// The rows that are asked about.
  private var loader: DataLoader {
    var loader = DataLoader(data)
    loader.sqlTable = table
    loader.sqlQuery = query
    return loader
  }

  /// The columns that are written beside the answers.
  private func keptNames(_ loader: DataLoader) -> [String] {
    keep.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
      ?? [loader.rowNames].compactMap { $0 }
  }

  private func warn(_ unseenCount: Int) {
    guard unseenCount > 0 else { return }
    printError(
      "warning: \(unseenCount) cells held a category that was not in the training rows; they read as none of the known ones."
    )
  }

  /// Answers by a graph of ONNX, which prepares its own numbers.
  private func answer(_ graph: GraphModel, _ file: OutputFile) throws {
    let text = AnswerText(head: graph.signature.head, format: format)
    let loader = self.loader
    var unseenCount = 0
    try file.writing { write in
      var isFirst = true
      try loader.forEachPart(graph.signature.tableReader, keeping: keptNames(loader)) { part in
        if isFirst { try write(text.header(part)) }
        isFirst = false
        let (features, unseen) = try graph.features(of: part.table)
        unseenCount += unseen
        do { try write(text.lines(graph.answers(for: features), part, rows: part.table.allRows)) } catch let error
          as GraphError
        { throw FormatError(model, "\(error).") }
      }
    }
    warn(unseenCount)
  }
}
