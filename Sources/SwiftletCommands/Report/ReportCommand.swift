// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet report`: a page about a model, or about several, to read, mail and print.
//
// Before    Tracking/RunsComparison.swift     After    ReportedModel.swift

import ArgumentParser
import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletReports
import SwiftletTables
import SwiftletTracking

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a page about a model: how good it is, how sure that is, and where it is wrong.",
    discussion: """
      The page is one file of HTML without a script and without anything from a network, so it can be mailed, printed \
      and kept. Every chart has its numbers in a table below it. Several models or runs are compared; of a search, its \
      trials are.

        swiftlet report Models/iris
        swiftlet report Models/iris --output iris.html
        swiftlet report Models/a Models/b      # which settings differ, and whether one is better or was lucky
        swiftlet report Models/tuned.study     # the trials of a search
        swiftlet report latest                 # a run in the list of `swiftlet runs`

      A model is measured again on the rows that judged it. If its data are gone or have changed, the page says so and \
      shows what the model remembers of its training.

      A README shows the figures of a model between the lines \(ReadmeFigures.opening) and \(ReadmeFigures.closing):

        swiftlet report Models/iris --readme README.md            # writes them
        swiftlet report Models/iris --readme README.md --check    # fails if they are not the model's
      """)

  @Argument(help: "Folders of models, or runs in the list.") var models: [String]
  @Option(help: "The file of the page (- is standard output; default: report.html).") var output: String?
  @Option(help: "A Markdown file whose figures are rewritten, in the place of a page.") var readme: String?
  @Flag(help: "Fail if the figures in --readme are not the model's, and write nothing.") var check = false
  @OptionGroup var place: RunsCommand.Place

  func validate() throws {
    guard models.count <= 200 else { throw ValidationError("At most 200 models or runs stand in one page.") }
    guard readme == nil || output == nil else { throw ValidationError("--readme and --output exclude each other.") }
    guard readme == nil || models.count == 1 else { throw ValidationError("--readme takes the figures of one model.") }
    guard !check || readme != nil else {
      throw ValidationError("--check says whether --readme FILE has the model's figures.")
    }
  }

  func run() throws {
    try reportingErrors {
      if let readme { return try rewrite(readme) }
      let file = try OutputFile(output ?? "report.html", inputs: inputs())
      try file.write(page().html)
      if file.path != "-" { print("Wrote \(file.path).") }
    }
  }

  private func rewrite(_ path: String) throws {
    let figures = try ReadmeFigures(path)
    let lines = ReadmeFigures.lines(of: try ModelBundle.load(from: models[0]))
    guard figures.now != lines.filter({ !$0.isEmpty }) else { return print("\(path) has the figures of \(models[0]).") }
    guard !check else {
      let again = shellCommand([programPath, "report", models[0], "--readme", path])
      throw DataError("\(path) does not have the figures of \(models[0]). \(again) writes them.")
    }
    try OutputFile(path, inputs: []).write(figures.replacing(lines))
    print("Wrote the figures of \(models[0]) into \(path).")
  }

  /// One model is a report, several are a comparison.
  private func page() throws -> Page {
    if models.count == 1, ComparedRun.hasModel(models[0]) { return Self.page(of: try reported(models[0])) }
    var runs: [ComparedRun] = []
    for word in models {
      if ComparedRun.hasModel(word) {
        let model = try reported(word)
        runs.append(try ComparedRun(model, name: model.bundle.name))
      } else if let trials = try ComparedRun.trials(in: word) {
        runs += trials
      } else {
        let list = try list(for: word)
        let run = try list.run(word)
        let parts = run.partCount > 0 || models.count == 1 ? try list.runs(.parts(of: run.id)) : []
        runs += try (parts.isEmpty ? [run] : parts.reversed()).map { ComparedRun(try list.details(of: $0)) }
      }
    }
    if runs.count == 1, let model = runs[0].model { return Self.page(of: model) }
    let compared = Compared(runs)
    return Page(
      title: runs.count == 1 ? runs[0].name : "\(runs.count) runs beside each other",
      subtitle: runs.count > 8 ? models.joined(separator: ", ") : compared.runs.map(\.name).joined(separator: ", "),
      sections: ComparisonSections.sections(compared), footer: "Written by swiftlet \(swiftletVersion).")
  }

  /// What the page is about, and the list of runs: none of these files is overwritten.
  private func inputs() throws -> [String] {
    try ProtectedFiles.ofList(place.path)
      + models.flatMap { word in
        if ComparedRun.hasModel(word) { return ProtectedFiles.ofModel(word) }
        if FileManager.default.fileExists(atPath: word + "/study.json") { return ProtectedFiles.ofStudy(word) }
        let list = try list(for: word)
        let run = try list.run(word)
        return try ([run] + list.runs(.parts(of: run.id))).flatMap { ProtectedFiles.of(try list.details(of: $0)) }
      }
  }

  /// The list of runs, for a word that is no model.
  private func list(for word: String) throws -> RunsDatabase {
    let isPath = word.contains("/")
    guard !isPath, FileManager.default.fileExists(atPath: place.path) else {
      let other = isPath ? "" : ", and there is no list of runs at \(place.path) that could have one of this name"
      throw FormatError(word, "is not a model: it has no model.json\(other).", isMissingInput: true)
    }
    return try place.opened()
  }

  private func reported(_ path: String) throws -> ReportedModel {
    let model = try ReportedModel(path)
    if let absence = model.absence { printError("warning: \(path) was not measured again. \(absence)") }
    return model
  }

  /// The report on one model.
  static func page(of model: ReportedModel) -> Page {
    Page(
      title: model.bundle.name,
      subtitle: "A model that \(model.bundle.head.summary): \(model.bundle.target).",
      sections: ReportSections.sections(model), footer: "Written by swiftlet \(swiftletVersion).")
  }
}
