// SPDX-License-Identifier: Apache-2.0
//
// RunsSchema: the tables of runs.sqlite, made for being asked with SQL.
//
//     SELECT value, score FROM run JOIN setting ON run = id WHERE key = 'training.learning_rate'
//
// A later version adds, and never takes away: what this one wrote can always be read.
//
// Before    ProcessIdentity.swift     After    RunsDatabase.swift

import GRDB

/// The tables, version by version.
enum RunsSchema {
  /// The version that this program writes.
  static let version = steps.count

  /// What leads from each version to the next.
  private static let steps = [
    """
    CREATE TABLE run (
      id TEXT PRIMARY KEY, experiment TEXT NOT NULL, name TEXT NOT NULL,
      parent TEXT REFERENCES run ON DELETE CASCADE,
      state TEXT NOT NULL CHECK (state IN ('running', 'completed', 'failed', 'interrupted', 'killed')),
      started REAL NOT NULL, ended REAL, seconds REAL, pid INTEGER, process_start TEXT, machine TEXT,
      headline TEXT, score REAL, kind TEXT, task TEXT, data TEXT, data_sha256 TEXT, seed INTEGER, bundle TEXT,
      swiftlet TEXT, error TEXT, command TEXT NOT NULL, recipe TEXT NOT NULL);
    CREATE INDEX run_parent ON run (parent) WHERE parent IS NOT NULL;
    CREATE TABLE setting (
      run TEXT NOT NULL REFERENCES run ON DELETE CASCADE, key TEXT, value TEXT, PRIMARY KEY (run, key)) WITHOUT ROWID;
    CREATE TABLE metric (
      run TEXT NOT NULL REFERENCES run ON DELETE CASCADE, split TEXT, name TEXT, value REAL, low REAL, high REAL,
      PRIMARY KEY (run, split, name)) WITHOUT ROWID;
    CREATE TABLE point (
      run TEXT NOT NULL REFERENCES run ON DELETE CASCADE, name TEXT, step INTEGER, value REAL, time REAL,
      PRIMARY KEY (run, name, step)) WITHOUT ROWID;
    CREATE TABLE tag (
      run TEXT NOT NULL REFERENCES run ON DELETE CASCADE, key TEXT, value TEXT, PRIMARY KEY (run, key)) WITHOUT ROWID;
    """
  ]

  /// The version of a database; 0 if it is new.
  static func version(of database: Database) throws -> Int {
    try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
  }

  /// Makes the tables that are not there yet. Called within a transaction.
  static func update(_ database: Database) throws {
    for (old, step) in steps.enumerated() where old >= (try version(of: database)) {
      try database.execute(sql: step)
      try database.execute(sql: "PRAGMA user_version = \(old + 1)")
    }
  }
}
