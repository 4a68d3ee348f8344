// SPDX-License-Identifier: Apache-2.0
//
// The flags that decide where a run is noted.
//
// Before    QuickstartCommand.swift     After    LiveTraining.swift

import ArgumentParser
import Foundation
import SwiftletTracking

/// Where a run is noted.
struct TrackingOptions: ParsableArguments {
  @Option(
    help: "The list of runs, a SQLite file (default: $SWIFTLET_RUNS, or runs.sqlite beside the model).")
  var runs: String?
  @Option(help: ArgumentHelp("Write the run for TensorBoard too, into a folder in this one.", valueName: "dir"))
  var tensorboard: String?
  @Flag(name: .customLong("no-track"), help: "Do not note the run in the list of runs.") var isUntracked = false

  func validate() throws {
    if isUntracked, runs != nil { throw ValidationError("--runs and --no-track exclude each other.") }
  }

  /// Where the run of a model is noted.
  func places(output: String) -> [RunPlace] {
    [place(output: output).map { .list($0) }, tensorboard.map { .tensorBoard($0) }].compactMap { $0 }
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
