// SPDX-License-Identifier: Apache-2.0
//
// ModelPackage: a bundle, and everything needed to run it elsewhere.
//
// The files are templates that can be read and checked as they are: a Dockerfile is a Dockerfile. Five words in
// them are replaced, and nothing else is decided here.
//
// Before    ImportCommand.swift     After    Portfolio/NewCommand.swift

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletServing

/// The files of a package for one model.
struct ModelPackage {
  /// The name under which the model is served.
  let model: String
  /// The bundle's files, byte for byte.
  let bundleFiles: [(name: String, bytes: [UInt8])]

  /// Reads a bundle to pack.
  ///
  /// - Parameters:
  ///   - name: The name under which it is served; by default the bundle's own.
  /// - Throws: ``FormatError`` for a bundle that cannot be loaded or served.
  init(bundle path: String, name: String?) throws {
    let bundle = try ModelBundle.load(from: path)
    model = name ?? bundle.name
    guard isServable(name: model) else {
      throw FormatError(
        path,
        "is called \(quoted(model)), and a served model has a name of letters, digits, \".\", \"_\" and \"-\". Choose one with --name."
      )
    }
    bundleFiles = try ["model.json", "model.safetensors", "history.csv", "README.md"].compactMap { file in
      let whole = path + "/" + file
      guard FileManager.default.fileExists(atPath: whole) else { return nil }
      return (file, try ByteSource.file(whole).readAll(limit: 8 << 30))
    }
  }

  /// A name that Kubernetes takes: small letters, digits and hyphens, and short enough to be a label.
  var kubernetesName: String { Self.kubernetesName(of: model) }

  static func kubernetesName(of model: String) -> String {
    let allowed = model.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    let trimmed = String(allowed.prefix(40)).split(separator: "-").joined(separator: "-")
    return "swiftlet-" + (trimmed.isEmpty ? "model" : trimmed)
  }

  /// All files, by their paths in the package.
  var files: [(name: String, bytes: [UInt8])] {
    bundleFiles.map { ("models/\(model)/1/\($0.name)", $0.bytes) }
      + image + [
        ("README.md", filled(PackageResources.README_md)),
        ("kubernetes/deployment.yaml", filled(PackageResources.deployment_yaml)),
        ("kubernetes/service.yaml", filled(PackageResources.service_yaml)),
        ("kubernetes/autoscaler.yaml", filled(PackageResources.autoscaler_yaml)),
        ("kubernetes/disruption-budget.yaml", filled(PackageResources.disruption_budget_yaml)),
        ("kubernetes/network-policy.yaml", filled(PackageResources.network_policy_yaml)),
        ("kserve/serving-runtime.yaml", filled(PackageResources.serving_runtime_yaml)),
        ("kserve/inference-service.yaml", filled(PackageResources.inference_service_yaml)),
      ]
  }

  /// The files from which an image is built, beside the folder `models`.
  var image: [(name: String, bytes: [UInt8])] {
    [("Dockerfile", filled(PackageResources.Dockerfile)), (".dockerignore", filled(PackageResources.dockerignore))]
  }

  /// A template with its words replaced.
  private func filled(_ template: [UInt8]) -> [UInt8] {
    var text = String(decoding: template, as: UTF8.self)
    for (word, value) in [
      ("__IMAGE__", "\(kubernetesName):1"), ("__NAME__", kubernetesName), ("__MODEL__", model),
      ("__MEMORY_REQUEST__", "\(memory(base: 64, copies: 2))Mi"),
      // Bodies on their way, each in a buffer that may be twice as large.
      ("__MEMORY_LIMIT__", "\(memory(base: 128 + ServerOptions().limits.maxTotalBodyBytes >> 19, copies: 4))Mi"),
    ] { text = text.replacingOccurrences(of: word, with: value) }
    return Array(text.utf8)
  }

  /// The server's own memory in MiB, and some copies of the bundle: while a new one is loaded the old one answers.
  private func memory(base: Int, copies: Int) -> Int {
    base + copies * (bundleFiles.reduce(0) { $0 + $1.bytes.count } >> 20)
  }
}
