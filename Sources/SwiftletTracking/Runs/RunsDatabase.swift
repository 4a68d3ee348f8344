// SPDX-License-Identifier: Apache-2.0
//
// RunsDatabase: the list of runs in a file, runs.sqlite.
//
// Several trainings may write at once: SQLite lets one after the other, and each waits for its turn. The write-ahead log
// lets others read in the meantime. A training that was killed said nothing: its process is looked for, and if it is gone,
// the run reads as killed.
//
// Before    RunsSchema.swift     After    RunsError.swift
// Source    SQLite, "Write-Ahead Logging"

import Foundation
import GRDB
import SwiftletFormats

/// The list of runs in a file.
public struct RunsDatabase: Sendable {
  /// The file.
  public let path: String
  /// Whether it can only be read.
  public let isReadOnly: Bool
  let queue: DatabaseQueue

  /// The name of the file, beside the models.
  public static let fileName = "runs.sqlite"

  /// Opens a list that is there.
  ///
  /// If it, or its disk, cannot be written, it is opened for reading only.
  ///
  /// - Throws: `FormatError` if there is none, if it is damaged, or of a newer version.
  public init(at path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw FormatError(path, "there is no list of runs here: training a model begins one.", isMissingInput: true)
    }
    do {
      try self.init(writing: path)
    } catch let error as RunsError where error.isAboutWriting {
      do { try self.init(reading: path) } catch let error as RunsError { throw FormatError(path, error.sentence) }
    } catch let error as RunsError {
      throw FormatError(path, error.sentence)
    }
  }

  /// Opens a list for writing, and begins it if it is not there.
  ///
  /// - Parameter patience: How long to wait for another program that has locked it, in seconds.
  /// - Throws: ``RunsError``.
  init(writing path: String, patience: Double = 5) throws {
    do {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      var configuration = Configuration()
      configuration.busyMode = .timeout(patience)
      queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.writeWithoutTransaction { database in
        let version = try RunsDatabase.checkedVersion(database)
        try RunsDatabase.useWriteAheadLog(database, patience: patience)
        guard version < RunsSchema.version else { return }
        try database.inTransaction(.immediate) {
          try RunsSchema.update(database)
          return .commit
        }
      }
    } catch {
      throw RunsError(error, at: path)
    }
    self.path = path
    isReadOnly = false
  }

  /// Opens a list that cannot be written. SQLite wants to write beside a file in order to read it, so it reads a copy.
  private init(reading path: String) throws {
    do {
      let manager = FileManager.default
      let copy = manager.temporaryDirectory.appendingPathComponent("swiftlet-runs-\(UUID())")
      try manager.createDirectory(at: copy, withIntermediateDirectories: true)
      defer { try? manager.removeItem(at: copy) }  // the open file stays readable
      let file = copy.appendingPathComponent(RunsDatabase.fileName).path
      for ending in ["", "-wal"] where manager.fileExists(atPath: path + ending) {
        try manager.copyItem(atPath: path + ending, toPath: file + ending)
        chmod(file + ending, 0o600)
      }
      let source = try DatabaseQueue(path: file)
      queue = try DatabaseQueue()
      try source.backup(to: queue)
      try source.close()
      _ = try queue.read(RunsDatabase.checkedVersion)
    } catch {
      throw RunsError(error)
    }
    self.path = path
    isReadOnly = true
  }

  /// The version, if it is one that this program can read.
  private static func checkedVersion(_ database: Database) throws -> Int {
    let version = try RunsSchema.version(of: database)
    guard version <= RunsSchema.version else { throw RunsError.newer(version) }
    if version == 0, try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") != 0 {
      throw RunsError.foreign
    }
    return version
  }

  /// Switches to the write-ahead log. SQLite does not wait by itself here if another process does the same.
  private static func useWriteAheadLog(_ database: Database, patience: Double) throws {
    let deadline = ContinuousClock.now + .seconds(patience)
    while try String.fetchOne(database, sql: "PRAGMA journal_mode") != "wal" {
      do {
        // A disk without shared memory keeps its old journal, which works too.
        _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
        break
      } catch let error as DatabaseError
        where error.resultCode.primaryResultCode == .SQLITE_BUSY && ContinuousClock.now < deadline
      {
        usleep(10_000)
      }
    }
    try database.execute(sql: "PRAGMA synchronous = NORMAL")
  }
}
