// SPDX-License-Identifier: Apache-2.0
//
// RunsFile: the list of runs, opened when the first run begins.
//
// Before    RunDestination.swift     After    RunWriter.swift

/// The list of runs as a place to write to.
struct RunsFile: RunDestination {
  /// The file.
  let path: String
  /// How long a write waits for another program that has locked the file, in seconds.
  let lockPatience: Double
  private var database: RunsDatabase?

  init(_ path: String, lockPatience: Double) {
    self.path = path
    self.lockPatience = lockPatience
  }

  mutating func write(_ changes: inout RunChanges) throws {
    if database == nil {
      let opened = try RunsDatabase(writing: path, patience: lockPatience)
      try? opened.markKilled()
      database = opened
    }
    try database?.write(changes)
    changes.changes = []
  }

  func warning(about error: any Error) -> String { "This run is not in the list \(path): \(RunsError(error).sentence)" }

  mutating func close() {
    try? database?.queue.close()
    database = nil
  }
}
