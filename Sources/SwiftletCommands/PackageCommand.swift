// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet package`: a model as a container, for Kubernetes, KServe and the clouds.
//
// Before    ServeCommand.swift     After    Export/ExportCommand.swift

import ArgumentParser
import Foundation
import SwiftletFormats
import SwiftletModels

struct PackageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "package",
    abstract: "Write everything needed to run a model elsewhere.",
    discussion: """
      Writes a folder with the model, a Dockerfile, manifests for Kubernetes and KServe, and a README.md with the
      commands for these and for SageMaker, Vertex AI and Azure ML.

        swiftlet package Models/iris --output iris-package
      """)

  @Argument(help: "A model's folder.") var model: String
  @Option(help: "The folder to write.") var output: String
  @Option(help: "The name under which the model is served; by default its own.") var name: String?
  @Flag(help: "Replace a package that exists already.") var force = false

  func run() throws {
    try reportingErrors {
      let package = try ModelPackage(bundle: model, name: name)
      let folder = OutputFolder(
        noun: "package", marks: ["Dockerfile", "kubernetes", "kserve", "models"], names: package.files.map(\.name))
      try writing {
        try folder.check(output, isForced: force)
        try folder.write(package.files, to: output)
      }
      print(
        """
        Saved \(output). Build the image there, with the sources of Swiftlet as a second context:
          docker build --build-context swiftlet=PATH/OF/SWIFTLET --tag \(package.kubernetesName):1 \(shellWord(output))
        \(output)/README.md says how to run it.
        """)
    }
  }
}
