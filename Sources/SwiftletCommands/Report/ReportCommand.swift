// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet report`: a page about a model, to read, mail and print.
//
// Before    Tracking/RunsComparison.swift     After    ReportedModel.swift

import ArgumentParser
import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletReports
import SwiftletTables

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a page about a model: how good it is, how sure that is, and where it is wrong.",
    discussion: """
      The page is one file of HTML without a script and without anything from a network, so it can be mailed, printed \
      and kept. Every chart has its numbers in a table below it.

        swiftlet report Models/iris
        swiftlet report Models/iris --output iris.html

      The model is measured again on the rows that judged it. If its data are gone or have changed, the page says so \
      and shows what the model remembers of its training.
      """)

  @Argument(help: "A model's folder.") var model: String
  @Option(help: "The file of the page (- is standard output).") var output = "report.html"

  func run() throws {
    try reportingErrors {
      let file = try OutputFile(output, inputs: [model])
      let reported = try ReportedModel(model)
      if let absence = reported.absence { printError("warning: \(model) was not measured again. \(absence)") }
      try file.write(ReportCommand.page(reported).html)
      if output != "-" { print("Wrote \(output).") }
    }
  }

  /// The report on one model.
  static func page(_ model: ReportedModel) -> Page {
    Page(
      title: model.bundle.name,
      subtitle: "A model that \(model.bundle.head.summary): \(model.bundle.target).",
      sections: ReportSections.sections(model), footer: "Written by swiftlet \(swiftletVersion).")
  }
}
