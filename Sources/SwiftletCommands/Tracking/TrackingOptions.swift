// SPDX-License-Identifier: Apache-2.0
//
// The flags that decide where a run is noted.
//
// Before    QuickstartCommand.swift     After    LiveTraining.swift

import ArgumentParser
import Foundation
import SwiftletFormats
import SwiftletTracking

/// Where a run is noted.
struct TrackingOptions: ParsableArguments {
  @Option(
    help: "The list of runs, a SQLite file (default: $SWIFTLET_RUNS, or runs.sqlite beside the model).")
  var runs: String?
  @Option(help: ArgumentHelp("Write the run for TensorBoard too, into a folder in this one.", valueName: "dir"))
  var tensorboard: String?
  @Option(
    help: ArgumentHelp(
      "Send the run to a server of MLflow too (default: $MLFLOW_TRACKING_URI). Who asks is told by "
        + "$MLFLOW_TRACKING_USERNAME and $MLFLOW_TRACKING_PASSWORD, or by $MLFLOW_TRACKING_TOKEN.", valueName: "url"))
  var mlflow: String?
  @Option(help: ArgumentHelp("Register the model there under this name.", valueName: "name"))
  var mlflowRegister: String?
  @Flag(name: .customLong("no-track"), help: "Do not note the run in the list of runs.") var isUntracked = false

  func validate() throws {
    if isUntracked, runs != nil { throw ValidationError("--runs and --no-track exclude each other.") }
    try MLflowAddress.check(flag: mlflow)
    if mlflowRegister?.isEmpty == true { throw ValidationError("--mlflow-register needs a name.") }
  }

  /// Where the run of a model is noted.
  ///
  /// - Parameters:
  ///   - output: The folder of the model.
  ///   - continues: Whether the run may have begun before.
  func places(
    output: String, continues: Bool = false, _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> [RunPlace] {
    let list = place(output: output, environment).map { RunPlace.list($0) }
    let files = tensorboard.map { RunPlace.tensorBoard($0) }
    let server = try address(environment).map { RunPlace.mlflow($0, registering: mlflowRegister, continues: continues) }
    if mlflowRegister != nil, server == nil {
      throw ValidationError("--mlflow-register needs a server: --mlflow URL, or MLFLOW_TRACKING_URI.")
    }
    return [list, files, server].compactMap { $0 }
  }

  /// The server of MLflow. The variable may be meant for other programs, so an address in it that is not for us is no
  /// error.
  private func address(_ environment: [String: String]) throws -> MLflowAddress? {
    if let mlflow { return try MLflowAddress(mlflow, environment: environment) }
    guard !isUntracked, let given = environment["MLFLOW_TRACKING_URI"], !given.isEmpty else { return nil }
    do { return try MLflowAddress(given, environment: environment) } catch let error as SettingError {
      printError("warning: MLFLOW_TRACKING_URI is not used: \(error.message)")
      return nil
    }
  }

  /// The file of the list for a model; `nil` if the run is not noted.
  func place(output: String, _ environment: [String: String] = ProcessInfo.processInfo.environment) -> String? {
    if isUntracked { return nil }
    let chosen = runs ?? environment["SWIFTLET_RUNS"].flatMap { $0.isEmpty ? nil : $0 }
    if runs == nil, chosen == "none" { return nil }
    if let chosen { return TrackingOptions.file(chosen) }
    let folder = output.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let start = output.hasPrefix("/") && folder.isEmpty ? "/" : folder.isEmpty ? "" : folder + "/"
    return start + RunsDatabase.fileName
  }

  /// The list that a word means: a file, or the one in a folder.
  static func file(_ word: String) -> String {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: word, isDirectory: &isFolder), isFolder.boolValue else { return word }
    return (word.hasSuffix("/") ? word : word + "/") + RunsDatabase.fileName
  }
}

extension MLflowAddress {
  /// Refuses a flag that is not an address, before anything is done.
  static func check(flag: String?) throws {
    guard let flag else { return }
    do { _ = try MLflowAddress(flag) } catch let error as SettingError { throw ValidationError(error.message) }
  }
}
