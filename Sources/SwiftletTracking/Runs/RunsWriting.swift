// SPDX-License-Identifier: Apache-2.0
//
// Writing the list of runs.
//
// Before    RunsReading.swift     After    Destinations/RunDestination.swift

import Foundation
import GRDB
import SwiftletFormats
import SwiftletModels

/// Something to be written of a run.
enum RunChange: Sendable {
  /// It begins. A run of this name that is there already goes on.
  case begun(RunDescription, at: Double)
  /// New points of its curves.
  case points([RunPoint])
  /// Measures.
  case metrics([RunMetric], at: Double)
  /// The value of the measure that the run is judged by, and how long fitting took; `nil` leaves what is there.
  case judged(score: Double?, seconds: Double?)
  /// A note.
  case tag(SettingText)
  /// It is over.
  case ended(RunEnd, at: Double)
}

/// How a run ended.
public struct RunEnd: Equatable, Sendable {
  /// How it stands now.
  public var state: RunState
  /// The folder of its model, if one was saved.
  public var bundle: String?
  /// The error that ended it.
  public var error: String?

  /// An end.
  public init(_ state: RunState, bundle: String? = nil, error: String? = nil) {
    self.state = state
    self.bundle = bundle
    self.error = error
  }
}

/// Changes of one run, in their order.
struct RunChanges: Sendable {
  let id: String
  var changes: [RunChange]
}

extension [RunChanges] {
  /// Adds changes behind those that the same run has already.
  mutating func add(_ new: RunChanges) {
    guard let position = firstIndex(where: { $0.id == new.id }) else { return append(new) }
    self[position].changes += new.changes
  }
}

extension RunsDatabase {
  /// Writes changes, all or none of them.
  func write(_ changes: RunChanges) throws {
    do {
      try queue.write { database in
        for change in changes.changes { try write(change, of: changes.id, database) }
      }
    } catch {
      throw RunsError(error)
    }
  }

  private func write(_ change: RunChange, of run: String, _ database: Database) throws {
    switch change {
    case .begun(let description, let time): try begin(run, description, at: time, database)
    case .points(let points):
      let statement = try database.cachedStatement(sql: "INSERT OR REPLACE INTO point VALUES (?, ?, ?, ?, ?)")
      for point in points {
        try statement.execute(arguments: [run, point.name, point.step, point.value, point.time])
      }
    case .metrics(let metrics, _):
      for metric in metrics {
        try database.execute(
          sql: "INSERT OR REPLACE INTO metric VALUES (?, ?, ?, ?, ?, ?)",
          arguments: [run, metric.split, metric.name, metric.value, metric.low, metric.high])
      }
    case .judged(let score, let seconds):
      try database.execute(
        sql: "UPDATE run SET score = coalesce(?, score), seconds = coalesce(?, seconds) WHERE id = ?",
        arguments: [score, seconds, run])
    case .tag(let tag):
      try database.execute(
        sql: "INSERT OR REPLACE INTO tag VALUES (?, ?, ?)", arguments: [run, tag.key, tag.value])
    case .ended(let end, let time):
      try database.execute(
        sql: """
          UPDATE run SET state = ?, ended = ?, bundle = ?, error = ?, pid = NULL, process_start = NULL WHERE id = ?
          """,
        arguments: [
          end.state.rawValue, time, end.bundle.map { RunsDatabase.kept($0, beside: path) }, end.error, run,
        ])
    }
  }

  private func begin(_ id: String, _ run: RunDescription, at time: Double, _ database: Database) throws {
    let process = ProcessIdentity.current
    try database.execute(
      sql: """
        INSERT INTO run (id, experiment, name, parent, state, started, pid, process_start, command, kind, task, data,
        data_sha256, seed, recipe, headline, swiftlet, machine)
        VALUES (?, ?, ?, ?, 'running', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET state = 'running', ended = NULL, error = NULL, pid = excluded.pid,
        process_start = excluded.process_start, machine = excluded.machine
        """,
      arguments: [
        id, run.experiment, run.name, run.parent, time, process?.pid, process?.start, run.command, run.kind, run.task,
        run.data, run.dataSHA256, Int64(clamping: run.seed), run.recipe.encoded(), run.headline, swiftletVersion,
        ProcessIdentity.machine,
      ])
    let statement = try database.cachedStatement(sql: "INSERT OR REPLACE INTO setting VALUES (?, ?, ?)")
    for setting in run.settings { try statement.execute(arguments: [id, setting.key, setting.value]) }
  }

  /// Notes of the runs whose process is gone that they were killed.
  func markKilled() throws {
    do {
      try queue.write { database in
        let running = try Row.fetchAll(
          database, sql: "SELECT id, machine, pid, process_start FROM run WHERE state = 'running'")
        for row in running where RunsDatabase.isGone(machine: row.known(1), pid: row.known(2), start: row.known(3)) {
          let id: DatabaseValue = row[0]
          try database.execute(sql: "UPDATE run SET state = 'killed' WHERE id = ?", arguments: [id])
        }
      }
    } catch {
      throw RunsError(error)
    }
  }

  /// Removes runs, with those that are a part of them. Models stay.
  ///
  /// - Throws: `FormatError` if one is at work, or if the list cannot be written.
  public func delete(_ runs: [TrackedRun]) throws {
    guard !isReadOnly else { throw FormatError(path, "it cannot be written, so nothing was deleted.") }
    if let run = runs.first(where: { $0.state == .running }) {
      throw FormatError(path, "the run \(run.id) is still at work, so nothing was deleted.")
    }
    do {
      try queue.write { database in
        for run in runs { try database.execute(sql: "DELETE FROM run WHERE id = ?", arguments: [run.id]) }
      }
    } catch {
      throw FormatError(path, RunsError(error).sentence)
    }
  }
}
