// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import SwiftletFormats
import SwiftletServing
import Testing

@testable import SwiftletCommands

/// What a package holds. That its files are sound is judged by `Tests/Packaging/check`.
@Suite("Packages")
struct PackageTests {
  private static let project = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
  private let iris = project + "/Models/iris"
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-package-\(UUID())").path

  private func run(_ arguments: String...) throws {
    try PackageCommand.parse(arguments).run()
  }

  @Test("a package holds the bundle unchanged, and no word that is left to be replaced")
  func contents() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try run(iris, "--output", folder)
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder).filter {
      $0.contains(".") || $0 == "Dockerfile"
    }
    #expect(
      files.sorted() == [
        ".dockerignore", "Dockerfile", "README.md", "kserve/inference-service.yaml", "kserve/serving-runtime.yaml",
        "kubernetes/autoscaler.yaml", "kubernetes/deployment.yaml", "kubernetes/disruption-budget.yaml",
        "kubernetes/network-policy.yaml", "kubernetes/service.yaml", "models/iris/1/README.md",
        "models/iris/1/history.csv", "models/iris/1/model.json", "models/iris/1/model.safetensors",
      ])
    for file in files {
      let written = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + file))
      if let name = file.wholeMatch(of: /models\/iris\/1\/(.*)/)?.1 {
        #expect(try Data(contentsOf: URL(fileURLWithPath: iris + "/" + name)) == written)
      } else {
        #expect(String(decoding: written, as: UTF8.self).firstMatch(of: /__[A-Z_]+__/) == nil, "\(file)")
      }
    }
  }

  @Test("the limit on memory has room for all bodies on their way, each in a buffer that may be twice as large")
  func memory() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try run(iris, "--output", folder)
    let bodies = 2 * ServerOptions().limits.maxTotalBodyBytes >> 20
    for file in ["kubernetes/deployment.yaml", "kserve/serving-runtime.yaml"] {
      let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
      let limit = text.firstMatch(of: /limits: \{.*memory: (\d+)Mi\}/).flatMap { Int($0.1) }
      #expect(limit == bodies + 128, "\(file)")  // 128 for the server itself; the bundle of iris takes none
    }
  }

  @Test("what is there stays, unless it is a package and --force is given")
  func overwriting() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try "keep me".write(toFile: folder + "/letter.txt", atomically: true, encoding: .utf8)
    #expect(throws: ExitStatus.cannotWrite) { try run(iris, "--output", folder) }
    #expect(throws: ExitStatus.cannotWrite) { try run(iris, "--output", folder, "--force") }
    #expect(try String(contentsOfFile: folder + "/letter.txt", encoding: .utf8) == "keep me")

    let package = folder + "/package"
    try run(iris, "--output", package)
    #expect(throws: ExitStatus.cannotWrite) { try run(iris, "--output", package) }
    try run(iris, "--output", package, "--name", "flowers", "--force")
    #expect(try FileManager.default.contentsOfDirectory(atPath: package + "/models") == ["flowers"])
  }

  @Test("a name that could lead elsewhere is refused", arguments: ["../iris", "a/b", "", ".iris", "a b", "…", "-"])
  func names(name: String) throws {
    #expect {
      try ModelPackage(bundle: iris, name: name)
    } throws: {
      "\($0)".contains("Choose one with --name.")
    }
  }

  @Test(
    "a name becomes one that Kubernetes takes",
    arguments: [
      ("iris", "swiftlet-iris"), ("Card_Fraud.v2", "swiftlet-card-fraud-v2"), ("9__", "swiftlet-9"),
      (String(repeating: "long-", count: 20), "swiftlet-long-long-long-long-long-long-long-long"),
    ])
  func kubernetesNames(name: String, expected: String) throws {
    let made = try ModelPackage(bundle: iris, name: name).kubernetesName
    #expect(made == expected)
    #expect(made.wholeMatch(of: /[a-z]([a-z0-9-]{0,52}[a-z0-9])?/) != nil)
  }

  @Test("a folder that is not a model cannot be packed")
  func noModel() throws {
    #expect(throws: ExitStatus.noInput) { try run(Self.project + "/Sources", "--output", folder) }
    #expect(!FileManager.default.fileExists(atPath: folder))
  }
}
