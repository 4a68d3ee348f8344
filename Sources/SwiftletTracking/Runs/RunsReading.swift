// SPDX-License-Identifier: Apache-2.0
//
// Reading the list of runs.
//
// Before    RunsError.swift     After    RunsWriting.swift

import Foundation
import GRDB
import SwiftletFormats

extension RunsDatabase {
  /// Which runs to list.
  public enum Selection: Equatable, Sendable {
    /// Those that are not a part of another.
    case whole
    /// Those that are a part of one.
    case parts(of: String)
    /// All of them.
    case all
  }

  /// Runs, the youngest first.
  ///
  /// - Parameters:
  ///   - selection: Which ones.
  ///   - limit: How many at most.
  public func runs(_ selection: Selection = .whole, limit: Int? = nil) throws -> [TrackedRun] {
    let filter: String
    var arguments: [String] = []
    switch selection {
    case .whole: filter = "WHERE parent IS NULL"
    case .parts(let parent):
      filter = "WHERE parent = ?"
      arguments = [parent]
    case .all: filter = ""
    }
    let sql = "SELECT \(RunsDatabase.columns) FROM run \(filter) ORDER BY id DESC LIMIT \(limit ?? -1)"
    return try reading { database in
      // One pass over the parts is faster than a question for each run.
      let counts = try Row.fetchAll(
        database, sql: "SELECT parent, count(*) FROM run WHERE parent IS NOT NULL GROUP BY parent")
      let partCounts = Dictionary(
        counts.map { ($0.known(0) ?? "", $0.known(1) ?? 0) }, uniquingKeysWith: { first, _ in first })
      return try Row.fetchAll(database, sql: sql, arguments: StatementArguments(arguments)).map { row in
        var run = self.run(row)
        run.partCount = partCounts[run.id] ?? 0
        return run
      }
    }
  }

  /// The run that a word means: its name in the list, the end of that (four digits or more), `latest`, or the name of a
  /// model, whose youngest run it is.
  ///
  /// - Throws: `FormatError` if there is none, or several that end so.
  public func run(_ word: String) throws -> TrackedRun {
    let runs = try runs(.all)
    if let run = runs.first(where: { $0.id == word }) { return run }
    if word == "latest", let run = runs.first(where: { $0.parent == nil }) { return run }
    let ending = word.count >= 4 ? runs.filter { $0.id.hasSuffix(word) } : []
    guard ending.count < 2 else {
      throw FormatError(path, "has \(ending.count) runs that end with \(quoted(word)). Give more of its digits.")
    }
    if let run = ending.first ?? runs.first(where: { $0.name == word }) { return run }
    throw FormatError(
      path, "has no run \(quoted(word)). `swiftlet runs` lists them.\(suggestion(for: word, in: runs.map(\.name)))",
      isMissingInput: true)
  }

  /// All that is known of a run.
  public func details(of run: TrackedRun) throws -> RunDetails {
    try reading { database in
      let recipe = try String.fetchOne(database, sql: "SELECT recipe FROM run WHERE id = ?", arguments: [run.id])
      func rows(_ sql: String) throws -> [Row] {
        try Row.fetchAll(database, sql: sql + " WHERE run = ? ORDER BY 1, 2", arguments: [run.id])
      }
      return RunDetails(
        run: run,
        recipe: recipe.flatMap { try? JSONValue.parse($0, name: "recipe") } ?? .null,
        settings: try rows("SELECT key, value FROM setting").map { SettingText($0.known(0) ?? "", $0.known(1) ?? "") },
        metrics: try rows("SELECT split, name, value, low, high FROM metric").map {
          RunMetric(
            split: $0.known(0) ?? "", name: $0.known(1) ?? "", value: $0.known(2), low: $0.known(3), high: $0.known(4))
        },
        points: try rows("SELECT name, step, value, time FROM point").map {
          RunPoint(name: $0.known(0) ?? "", step: $0.known(1) ?? 0, value: $0.known(2), time: $0.known(3) ?? 0)
        },
        tags: try rows("SELECT key, value FROM tag").map { SettingText($0.known(0) ?? "", $0.known(1) ?? "") })
    }
  }

  /// The columns of a listed run. The recipe, which is long, is left out.
  private static let columns = """
    id, experiment, name, parent, state, started, ended, seconds, command, kind, task, data, data_sha256, seed, bundle, \
    headline, score, swiftlet, machine, error, pid, process_start
    """

  private func run(_ row: Row) -> TrackedRun {
    var state = row.known(4).flatMap { RunState(rawValue: $0) } ?? .killed
    if state == .running, RunsDatabase.isGone(machine: row.known(18), pid: row.known(20), start: row.known(21)) {
      state = .killed
    }
    return TrackedRun(
      id: row.known(0) ?? "", experiment: row.known(1) ?? "", name: row.known(2) ?? "", parent: row.known(3),
      state: state, started: row.known(5) ?? 0, ended: row.known(6), seconds: row.known(7),
      command: row.known(8) ?? "", kind: row.known(9), task: row.known(10), data: row.known(11),
      dataSHA256: row.known(12), seed: row.known(13), bundle: row.known(14).map(reached), headline: row.known(15),
      score: row.known(16), swiftlet: row.known(17), machine: row.known(18), error: row.known(19), partCount: 0)
  }

  /// Whether the process of a run is gone. Of another machine nothing is known.
  static func isGone(machine: String?, pid: Int32?, start: String?) -> Bool {
    guard machine == ProcessIdentity.machine, let pid, let start else { return false }
    return ProcessIdentity(pid)?.start != start
  }

  /// The folder of a bundle, as it is reached from the current folder.
  private func reached(_ bundle: String) -> String {
    guard !bundle.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return bundle }
    return path[...slash] + bundle
  }

  /// The folder of a bundle as the list keeps it: by its name if it stands beside the list, so that both can be moved.
  static func kept(_ bundle: String, beside path: String) -> String {
    let place = URL(fileURLWithPath: bundle).standardizedFileURL
    let folder = URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent()
    return place.deletingLastPathComponent().path == folder.path ? place.lastPathComponent : place.path
  }

  private func reading<Result>(_ body: (Database) throws -> Result) throws -> Result {
    do { return try queue.read(body) } catch { throw FormatError(path, RunsError(error).sentence) }
  }
}

extension Row {
  /// The value in a column; `nil` if there is none, or one of another type: a list can be changed by hand, and GRDB's
  /// own subscript stops the program at a value that it does not expect.
  func known<Value: DatabaseValueConvertible>(_ column: Int) -> Value? { Value.fromDatabaseValue(self[column]) }
}
