// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet inspect`: what is in a model, a dataset folder or a data file.
//
// Before    ServeFlags.swift     After    SaliencyReport.swift

import ArgumentParser
import Foundation
import SwiftletData
import SwiftletFormats
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
        swiftlet inspect Models/iris --plot curve.svg
        swiftlet inspect Models/signs --saliency photo.jpg --output looks.png
        swiftlet inspect Models/signs --saliency Datasets/road-signs --row 12 --method occlusion
      """)

  @Argument(help: "A model's folder, a dataset folder, or a data file.") var path: String
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
  @Flag(help: "Print one JSON object.") var json = false

  func validate() throws {
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
      if FileManager.default.fileExists(atPath: path + "/model.json") {
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
    let file = try output.map { try OutputFile($0, inputs: [path, source]) }
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
      try OutputFile(plot, inputs: [path]).write(curve.svg())
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
        input.profile.map { "\(number($0.minimum)) … \(number($0.maximum))" } ?? "\(encoder.width) features",
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
    var loader = DataLoader(path)
    loader.sqlTable = table
    loader.sqlQuery = query
    let data = try loader.load()
    for warning in data.warnings { printError("warning: \(warning)") }
    let columns = data.table.columns
    guard !json else {
      let described: [JSONValue] = columns.map { column in
        let members: [JSONValue.Member] = [
          .init("name", .string(column.name)), .init("type", .string(column.type.rawValue)),
          .init("missing", JSONValue(column.missingCount)), .init("values", .string(summary(column))),
        ]
        return .object(members + remarks(on: column).map { .init($0.kind, .string($0.sentence)) })
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
      return [column.name, column.type.rawValue, missing(column), summary(column), meaning]
    }
    print(
      textTable([["column", "type", "missing", "values", ""]] + rows, alignsLeft: [0, 1, 3, 4])
        + (columns.count > 60 ? "\n… and \(columns.count - 60) more" : ""))
    let sentences = columns.flatMap { remarks(on: $0).map(\.sentence) }
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

  /// What to know about a column before training on it.
  private func remarks(on column: Column) -> [(kind: String, sentence: String)] {
    let evidence = column.evidence
    let doubt = evidence.doubt.map { "Training would stop, unless it is told what to do: \($0)" }
    return [("doubt", doubt), ("note", evidence.note), ("warning", evidence.warning)]
      .compactMap { kind, sentence in sentence.map { (kind, $0) } }
  }

  /// The number of missing values, with the words for them that stand in the file: `12 (None 10, ? 2)`.
  private func missing(_ column: Column) -> String {
    let words = column.evidence.missing.filter { !$0.spelling.isEmpty }.prefix(3)
    let shown = words.map { "\($0.spelling) \($0.count)" }.joined(separator: ", ")
    return "\(column.missingCount)" + (shown.isEmpty ? "" : " (\(shown))")
  }

  /// The range of numbers, or the most frequent categories.
  private func summary(_ column: Column) -> String {
    if let numbers = column.numbers {
      let present = numbers.filter { !$0.isNaN }
      guard let low = present.min(), let high = present.max() else { return "none" }
      return "\(number(low)) … \(number(high)), mean \(number(present.reduce(0, +) / Double(present.count)))"
    }
    if let codes = column.codes, let categories = column.categories {
      var counts = Array(repeating: 0, count: categories.count)
      for code in codes where code >= 0 { counts[Int(code)] += 1 }
      let order = categories.indices.sorted { counts[$0] > counts[$1] }
      let shown = order.prefix(4).map { "\(categories[$0]) \(counts[$0])" }.joined(separator: ", ")
      return "\(categories.count) distinct: \(shown)\(categories.count > 4 ? ", …" : "")"
    }
    return column.images.map {
      "\($0.height) × \($0.width) pixels" + ($0.channels > 1 ? " × \($0.channels) channels" : "")
    } ?? "none"
  }

  private func number(_ value: Double) -> String { String(format: "%.4g", value) }
}
