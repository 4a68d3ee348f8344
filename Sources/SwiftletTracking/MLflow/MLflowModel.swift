// SPDX-License-Identifier: Apache-2.0
//
// MLflowModel: how a run ends on a server of MLflow, with its model.
//
// Before    MLflowPoints.swift     After    Runs/RunExport.swift
// Source    MLflow, "REST API": artifacts, registered models

import Foundation
import SwiftletFormats

extension MLflowServer {
  /// Sends the model, registers it, and says how the run ended.
  mutating func finish(_ run: Run, _ end: RunEnd, at time: Double) throws {
    if let bundle = end.bundle {
      let isKept = try sendModel(bundle, of: run)
      if let registration, isKept, end.state == .completed { try register(registration, run) }
    }
    if let error = end.error { try set([SettingText("swiftlet.error", error)], of: run) }
    let status: JSONValue =
      switch end.state {
      case .completed: "FINISHED"
      case .failed: "FAILED"
      case .interrupted, .killed: "KILLED"
      case .running: "RUNNING"
      }
    try client.call(
      "runs/update", ["run_id": .string(run.id), "status": status, "end_time": milliseconds(time)])
  }

  /// Sends the files of a bundle, and its card as the description of the run.
  ///
  /// - Returns: Whether the server keeps artifacts.
  private mutating func sendModel(_ bundle: String, of run: Run) throws -> Bool {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: bundle))?.sorted() ?? []
    for name in names where !name.hasPrefix(".") {
      var isFolder: ObjCBool = false
      let path = "\(bundle)/\(name)"
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else { continue }
      guard try put("model/" + name, .file(path), of: run) else { return false }
    }
    if let card = FileManager.default.contents(atPath: bundle + "/README.md") {
      try set([SettingText("mlflow.note.content", MLflowModelCard.text(card))], of: run)
    }
    return !names.isEmpty
  }

  /// Puts an artifact of a run.
  ///
  /// - Returns: Whether the server keeps artifacts itself. If not, a remark says where they would belong.
  @discardableResult mutating func put(_ name: String, _ body: HTTPRequest.Body, of run: Run) throws -> Bool {
    let scheme = "mlflow-artifacts:"
    guard run.artifacts.hasPrefix(scheme) else {
      remark(
        "The model and the recipe were not sent: \(client.address.url) wants them written to "
          + "\(quoted(run.artifacts)) by whoever sends them. Start it with --serve-artifacts.")
      return false
    }
    // mlflow-artifacts:/3/RUN/artifacts, or mlflow-artifacts://host:port/3/RUN/artifacts
    var path = run.artifacts.dropFirst(scheme.count)
    if path.hasPrefix("//") { path = path.dropFirst(2).drop { $0 != "/" } }
    let folder = path.drop { $0 == "/" }
    try client.put("\(folder)/\(name)", body, type: MLflowModelCard.type(of: name))
    return true
  }

  private func register(_ name: String, _ run: Run) throws {
    do { try client.call("registered-models/create", ["name": .string(name)]) } catch MLflowError.exists {}
    let source = "runs:/\(run.id)/model"
    try client.call(
      "model-versions/create", ["name": .string(name), "source": .string(source), "run_id": .string(run.id)])
  }
}

/// What a model card and the files beside it are to a server.
enum MLflowModelCard {
  /// The text of a card, without the part for programs at its beginning.
  static func text(_ card: Data) -> String {
    let text = String(decoding: card, as: UTF8.self)
    let parts = text.components(separatedBy: "\n---\n")
    return text.hasPrefix("---\n") && parts.count > 1 ? parts.dropFirst().joined(separator: "\n---\n") : text
  }

  /// The type of a file by its ending.
  static func type(of name: String) -> String {
    let types = ["json": "application/json", "csv": "text/csv", "md": "text/markdown", "yaml": "application/yaml"]
    return types[name.split(separator: ".").last.map(String.init) ?? ""] ?? "application/octet-stream"
  }
}
