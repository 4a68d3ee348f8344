// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet explain`: what a model looks at, and where it is wrong.
//
// Before    WrongRowsPart.swift     After    AnswerText.swift

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
        swiftlet explain Models/german-credit --json

      What is shown is true of the model, and not of the world: a column that another one makes superfluous is not \
      needed, however much it tells.
      """)

  @Argument(help: "A model's folder.") var model: String
  @OptionGroup var judged: JudgedOptions
  @Option(
    name: .customLong("part"),
    help: "Only this part: \(ExplainedParts.all.map { $0.name }.joined(separator: ", ")). May be repeated.")
  var chosen: [String] = []
  @Option(help: "The length of the lists.") var top = 10
  @Flag(help: "Print one JSON object.") var json = false

  func validate() throws {
    guard (1...1000).contains(top) else { throw ValidationError("--top is from 1 to 1000, not \(top).") }
    let names = ExplainedParts.all.map { $0.name }
    if let unknown = chosen.first(where: { !names.contains($0) }) {
      throw ValidationError(
        "There is no part \(quoted(unknown)).\(suggestion(for: unknown, in: names)) The parts are "
          + "\(names.joined(separator: ", ")).")
    }
  }

  func run() throws {
    try reportingErrors {
      let bundle = try ModelBundle.load(from: model)
      let loader = try judged.loader(for: bundle, model, command: "explain")
      let data = try JudgedData(bundle, loader)
      let (split, warning) = judged.choice(data, loader.path)
      if let warning { printError("warning: \(warning)") }
      let rows = try AnsweredRows(data.rows(of: Split(rawValue: split)))
      let name = split == "all" ? "all \(rows.count) rows" : "\(rows.count) \(split) rows"
      let subject = ExplainedModel(bundle: bundle, rows: rows, rowsName: name, top: top)
      let answers = try ExplainedParts.all.filter { chosen.isEmpty || chosen.contains($0.name) }.map {
        try answer($0, subject)
      }
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
