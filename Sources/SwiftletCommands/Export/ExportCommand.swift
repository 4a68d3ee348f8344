// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet export`: a model in a form that other programs open.
//
// Before    PackageCommand.swift     After    ExportFormat.swift

import ArgumentParser
import Foundation
import SwiftletModels

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a model in a form that other programs open.",
    discussion: """
      The form follows from the file's ending, or from --format.

      \(ExportFormats.all.map { "  \($0.name): \($0.about)" }.joined(separator: "\n"))

        swiftlet export Models/iris --output iris.html
        swiftlet export Models/iris --output iris.onnx
        swiftlet export Models/iris --output Iris.mlmodel
        swiftlet export Models/iris --format pmml --output -
      """)

  @Argument(help: "A model's folder.") var model: String
  @Option(help: "The file to write (- is standard output).") var output: String?
  @Option(help: ArgumentHelp("The form: \(ExportFormats.names).", valueName: "form"))
  var format: String?

  func run() throws {
    try reportingErrors {
      let format = try ExportFormats.format(named: format, for: output)
      let bundle = try ModelBundle.load(from: model)
      let path = output ?? "\(bundle.name).\(format.ending)"
      let file = try OutputFile(path, inputs: ProtectedFiles.ofModel(model))
      try format.write(bundle, to: file)
      if path != "-" { print("Wrote \(path)." + (format.hint.map { " " + $0 } ?? "")) }
    }
  }
}
