// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet inspect`: what is in a model, a dataset folder or a data file.
//
// Before    ServeFlags.swift     After    Graphs/GraphText.swift

import ArgumentParser
import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletInterchange
import SwiftletModels
import SwiftletReports
import SwiftletTables
import SwiftletUnderstanding

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Show what is in a model, a dataset folder or a data file.",
    discussion: """
      With --saliency it shows what a model of pictures looks at: the pixels on which its answer for one of them depends.

        swiftlet inspect Models/iris
        swiftlet inspect new.csv
        swiftlet inspect new.csv --report data.html --target price   # pictures of the data, before a training
        swiftlet inspect churn.onnx
        swiftlet inspect Models/iris --plot curve.svg
        swiftlet inspect Models/signs --saliency photo.jpg --output looks.png
        swiftlet inspect Models/signs --saliency Datasets/road-signs --row 12 --method occlusion
      """)

  @Argument(help: "A model's folder, a graph of ONNX, a dataset folder, or a data file.") var path: String
  @Option(help: "The table of a SQLite file.") var table: String?
  @Option(help: "One SELECT to read from a SQLite file, instead of a table.") var query: String?
  @Option(help: "Draw a model's learning curve as SVG into this file (- is standard output).") var plot: String?
  @Option(help: "A picture, or other data, in which to show what a model of pictures looks at.") var saliency: String?
  @Option(help: "The row of --saliency, from 1.") var row: Int?
  @Option(help: "Of --saliency: a label, or a target, that is asked about; by default what the model answers.")
  var about: String?
  @Option(
    help: ArgumentHelp(
      "How --saliency asks: " + SaliencyMethods.all.map { $0.name }.joined(separator: " or ") + ".",
      discussion: SaliencyMethods.all.map { "\($0.name): \($0.help)" }.joined(separator: "\n")))
  var method: String?
  @Option(help: "Where --saliency draws: a .png or a .svg.") var output: String?
  @Option(help: "Write a page about data into this file: how values are spread, what is missing, what lies far out.")
  var report: String?
  @Option(help: "For --report: the column that will be predicted, if the data do not say so.") var target: String?
  @Flag(help: "Print one JSON object.") var json = false

  func validate() throws {
    guard report != "-" || !json else {
      throw ValidationError("--report - and --json would both write to standard output.")
    }
    guard target == nil || report != nil else { throw ValidationError("--target is for --report.") }
    guard plot != "-" || !json else {
      throw ValidationError("--plot - and --json would both write to standard output.")
    }
    guard saliency != nil || row == nil && about == nil && method == nil && output == nil else {
      throw ValidationError("--row, --about, --method and --output belong to --saliency.")
    }
    guard row.map({ $0 > 0 }) ?? true else { throw ValidationError("--row is a number from 1 on, not \(row ?? 0).") }
    guard method.map({ SaliencyMethods.named($0) != nil }) ?? true else {
      throw ValidationError("--method is \(SaliencyMethods.all.map { $0.name }.joined(separator: " or ")).")
    }
    guard output.map({ $0.hasSuffix(".png") || $0.hasSuffix(".svg") }) ?? true else {
      throw ValidationError("--output is a file whose name ends in .png or .svg.")
    }
  }

  func run() throws {
    try reportingErrors {
      if GraphModel.exists(at: path) {
        guard saliency == nil, plot == nil, report == nil else {
          throw DataError(
            "--saliency, --plot and --report are for models and data of Swiftlet, and \(path) is a graph of ONNX.")
        }
        let text = GraphText(try GraphModel(path: path))
        print(json ? text.json.encoded() : text.text)
      } else if FileManager.default.fileExists(atPath: path + "/model.json") {
        guard report == nil else {
          let command = shellCommand([programPath, "report", path] + optionWords("output", report ?? ""))
          throw DataError("--report looks at data, and \(path) is a model: \(command)")
        }
        try saliency.map(inspectSaliency) ?? inspectModel()
      } else {
        guard saliency == nil else {
          throw DataError("--saliency shows what a model looks at, and \(path) is not a model.")
        }
        guard plot == nil else {
          throw DataError("--plot draws the learning curve of a model, and \(path) is not a model.")
        }
        try inspectData()
      }
    }
  }

  private func inspectSaliency(_ source: String) throws {
    let file = try output.map { try OutputFile($0, inputs: ProtectedFiles.ofModel(path) + [source]) }
    let report = try SaliencyReport(
      of: ModelBundle.load(from: path),
      .init(
        source: source, row: row ?? 1, subject: about,
        method: method.flatMap(SaliencyMethods.named) ?? SaliencyMethods.all[0]))
    try file?.write(bytes: file?.path.hasSuffix(".png") == true ? report.png : Array(report.svg.utf8))
    print(json ? report.json.encoded() : report.text)
    if let file, !json { print("\n\(file.path) shows it, the more orange the more it depends on a pixel.") }
  }

  private func inspectModel() throws {
    let bundle = try ModelBundle.load(from: path)
    if let plot {
      guard let curve = try LearningCurve.chart(of: bundle) else {
        throw DataError("\(path) has no history.csv, so there is no learning curve to draw.")
      }
      try OutputFile(plot, inputs: ProtectedFiles.ofModel(path)).write(curve.svg())
      if plot == "-" { return }
    }
    guard !json else {
      return print(
        try JSONValue.parse(ByteSource.file(path + "/model.json").readAll()[...], name: "model.json").encoded())
    }
    print("\(bundle.name): \(bundle.task) of \(bundle.target)\n")
    if !bundle.labels.isEmpty { print("Labels: \(bundle.labels.joined(separator: ", "))\n") }
    print(try bundle.network.summary(inputSize: bundle.pipeline.width))
    let inputs = zip(bundle.pipeline.inputs, bundle.pipeline.encoders).map { input, encoder in
      [
        input.name, input.type.rawValue,
        input.profile.map { "\(ColumnText.number($0.minimum)) … \(ColumnText.number($0.maximum))" }
          ?? "\(encoder.width) features",
      ]
    }
    print(
      "\nInputs\n\n" + textTable(Array(inputs.prefix(40)), alignsLeft: [0, 1])
        + (inputs.count > 40 ? "\n… and \(inputs.count - 40) more" : ""))
    if let metrics = bundle.training["metrics"]?.members?.last {
      print("\nMeasured on its \(metrics.name) rows\n")
      print(textTable((metrics.value.members ?? []).map { [$0.name, $0.value.number.map { decimals($0, 4) } ?? ""] }))
    }
    let series = try LearningCurve.series(bundle.history)
    let drawing = chart(series.map(\.y))
    let names = series.map { $0.name.replacingOccurrences(of: " ", with: "_") }.enumerated().map {
      $0 == 0 ? $1 : "\($1) (dashed)"
    }
    if !drawing.isEmpty { print("\n\(names.joined(separator: " and ")) by epoch\n\n\(drawing)") }
    let findings = try bundle.findings()
    if !findings.isEmpty { print("\n" + findings.map { "\($0.code)  \($0.sentence)" }.joined(separator: "\n")) }
  }

  private func inspectData() throws {
    let page = try report.map { try OutputFile($0, inputs: [path]) }
    var loader = DataLoader(path)
    loader.sqlTable = table
    loader.sqlQuery = query
    let data = try loader.load()
    for warning in data.warnings { printError("warning: \(warning)") }
    if let page {
      try page.write(DataSections.page(LookedAtData(data, at: path, target: target)).html)
      if page.path == "-" { return }
      if !json { print("Wrote \(page.path).\n") }
    }
    let columns = data.table.columns
    guard !json else {
      let described: [JSONValue] = columns.map { column in
        let members: [JSONValue.Member] = [
          .init("name", .string(column.name)), .init("type", .string(column.type.rawValue)),
          .init("missing", JSONValue(column.missingCount)), .init("values", .string(ColumnText.summary(column))),
        ]
        return .object(members + ColumnText.remarks(on: column).map { .init($0.kind, .string($0.sentence)) })
      }
      return print(
        JSONValue.object([
          .init("name", .string(data.name)), .init("rows", JSONValue(data.table.rowCount)),
          .init("columns", .array(described)),
        ]).encoded())
    }
    print("\(data.dataset?.title ?? data.name): \(data.table.rowCount) rows, \(columns.count) columns\n")
    let rows = columns.prefix(60).map { column -> [String] in
      let meaning =
        data.dataset?.column(column.name).map {
          [$0.meaning, $0.unit.map { "[\($0)]" }].compactMap { $0 }.joined(separator: " ")
        } ?? ""
      return [column.name, column.type.rawValue, ColumnText.missing(column), ColumnText.summary(column), meaning]
    }
    print(
      textTable([["column", "type", "missing", "values", ""]] + rows, alignsLeft: [0, 1, 3, 4])
        + (columns.count > 60 ? "\n… and \(columns.count - 60) more" : ""))
    let sentences = columns.flatMap { ColumnText.remarks(on: $0).map(\.sentence) }
    if !sentences.isEmpty {
      print("\n" + sentences.prefix(20).joined(separator: "\n"))
      if sentences.count > 20 { print("… and \(sentences.count - 20) more") }
    }
    if let dataset = data.dataset {
      print(
        "\nTarget: \(dataset.targets.joined(separator: ", "))" + (dataset.licence.map { "   Licence: \($0)" } ?? ""))
      print("Train a model on it: \(shellCommand([programPath, "train", path] + source))")
    } else {
      let target = data.targets.isEmpty ? " --target COLUMN" : ""
      print("\nTrain a model on it: \(shellCommand([programPath, "train", path] + source))\(target)")
    }
  }

  /// The flags that choose a table.
  private var source: [String] {
    (table.map { optionWords("table", $0) } ?? []) + (query.map { optionWords("query", $0) } ?? [])
  }
}
