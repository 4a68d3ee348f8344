// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet explain`: what a model looks at, and where it is wrong.
//
// Before    Calibrating.swift     After    AnswerText.swift

import ArgumentParser
import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTraining
import SwiftletUnderstanding

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show which columns a model needs, and where it is wrong.",
    discussion: """
      By default the test rows of the data that it was trained on are looked at, as by `swiftlet evaluate`: on training \
      rows, a model seems to need what it learned by heart. The parts, of which --part chooses some:

      \(ExplainedParts.help)

        swiftlet explain Models/german-credit
        swiftlet explain Models/german-credit --part wrong --split train --top 40
        swiftlet explain Models/german-credit --by foreign_worker --plots pictures
        swiftlet explain Models/german-credit --part more_rows
        swiftlet explain Models/german-credit --json

      With --calibrate NEW, a temperature is fitted on the validation rows: one number that makes the model less sure, or \
      surer. If it helps rows that did not fit it, the model is saved with it in its last layer:

        swiftlet explain Models/german-credit --calibrate Models/calibrated

      What is shown is true of the model, and not of the world: a column that another one makes superfluous is not \
      needed, however much it tells.
      """)

  @Argument(help: "A model's folder.") var model: String
  @OptionGroup var judged: JudgedOptions
  @Option(
    name: .customLong("part"),
    help: "Only this part: \(ExplainedParts.all.map { $0.name }.joined(separator: ", ")). May be repeated.")
  var chosen: [String] = []
  @Option(help: "The length of the lists (default: 10).") var top: Int?
  @Option(name: .customLong("by"), help: "Compare the groups of this column of the data. May be repeated.")
  var groupColumns: [String] = []
  @Option(help: "Write the pictures of the parts as SVG into this folder.") var plots: String?
  @Option(help: "Save the model with calibrated probabilities in this folder, if that helps.") var calibrate: String?
  @Flag(help: "Replace a model that exists already.") var force = false
  @Flag(help: "Print one JSON object.") var json = false
  @Flag(help: "Print only the result and warnings, no progress.") var quiet = false

  func validate() throws {
    guard calibrate == nil || (judged.data == nil && judged.split == nil && chosen.isEmpty) else {
      throw ValidationError(
        "--calibrate fits on the validation rows of the training, so it takes neither --data nor --split nor --part.")
    }
    guard calibrate == nil || (groupColumns.isEmpty && plots == nil && top == nil) else {
      throw ValidationError(
        "--calibrate saves a model and shows no parts, so it takes neither --by nor --plots nor --top.")
    }
    if let top, !(1...1000).contains(top) { throw ValidationError("--top is from 1 to 1000, not \(top).") }
    guard groupColumns.isEmpty || chosen.isEmpty || chosen.contains(FairnessPart.name) else {
      throw ValidationError("--by compares groups, and --part does not choose these. Add --part \(FairnessPart.name).")
    }
    let names = ExplainedParts.all.map { $0.name }
    if let unknown = chosen.first(where: { !names.contains($0) }) {
      throw ValidationError("There is no part \(quoted(unknown)).\(suggestion(for: unknown, in: names))")
    }
  }

  func run() throws {
    try reportingErrors {
      let bundle = try ModelBundle.load(from: model)
      let loader = try judged.loader(for: bundle, model, command: "explain")
      if let calibrate { return try saveCalibrated(bundle, loader, to: calibrate) }
      let data = try JudgedData(bundle, loader)
      let (split, warning) = judged.choice(data, loader.path)
      if let warning { printError("warning: \(warning)") }
      let rows = try AnsweredRows(data.rows(of: Split(rawValue: split)))
      for name in groupColumns { _ = try rows.judged.table.column(name, for: "--by") }
      let name = JudgedOptions.text(rows.count, of: split)
      let subject = ExplainedModel(
        bundle: bundle, rows: rows, top: top ?? 10, groupColumns: groupColumns, loader: loader,
        isTrainingData: data.isTrainingData, isQuiet: quiet)
      let answers = try ExplainedParts.all.filter {
        chosen.isEmpty ? $0.isTold(subject) : chosen.contains($0.name)
      }.map { try answer($0, subject) }
      if let plots { try write(answers.flatMap { $0.part?.pictures ?? [] }, to: plots) }
      guard !json else {
        let members: [JSONValue.Member] = [
          .init("model", .string(model)), .init("split", .string(split)), .init("rows", JSONValue(rows.count)),
          .init(rows.loss.name, .number(rows.loss.value)),
        ]
        let notes = answers.compactMap(\.note)
        return print(
          JSONValue.object(
            members + answers.map { .init($0.name, $0.part?.json ?? .null) } + [.init("notes", JSONValue(notes))]
          ).encoded())
      }
      print("\(bundle.name) on \(name): \(rows.loss.name) \(decimals(rows.loss.value, 4))")
      for answer in answers { print("\n" + (answer.part?.text ?? answer.note ?? "")) }
    }
  }

  /// Fits a temperature, and saves the model that has it.
  private func saveCalibrated(_ bundle: ModelBundle, _ loader: DataLoader, to path: String) throws {
    try writing { try OutputFolder.model.check(path, isForced: force) }
    let result = try Calibrating(bundle: bundle, loader: loader, model: model, path: path).result()
    guard !json else { return print(result.json.encoded()) }
    print(result.text)
    if result.temperature.isAccepted { print("\nSaved \(path).") }
  }

  private func write(_ pictures: [Picture], to folder: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw OutputError(message: "\(folder) cannot be made a folder for the pictures: \(error.localizedDescription)")
    }
    let inputs = ProtectedFiles.ofModel(model) + [judged.data].compactMap { $0 }
    for picture in pictures {
      try OutputFile(folder + "/" + picture.file, inputs: inputs).write(picture.chart.svg())
    }
  }

  /// A part, or why there is none.
  private struct Answer {
    let name: String
    var part: (any ExplainedPart)?
    var note: String?
  }

  /// Computes a part. That one does not exist for a model is an error only if it was asked for by its name.
  private func answer(_ kind: any ExplainedPart.Type, _ subject: ExplainedModel) throws -> Answer {
    do {
      return Answer(name: kind.name, part: try kind.init(subject))
    } catch let error as DataError where chosen.isEmpty {
      return Answer(name: kind.name, note: "\(kind.name): \(error)")
    }
  }
}
