// SPDX-License-Identifier: Apache-2.0
//
// RunsError: why a list of runs cannot be opened or written, in sentences that say what to do.
//
// Before    RunsDatabase.swift     After    RunsReading.swift
// Source    SQLite, "Database File Format", section 1.3

import Foundation
import GRDB
import SwiftletFormats

/// Why a list of runs cannot be opened or written.
enum RunsError: Error, Equatable {
  /// It was written by a later version of the toolkit.
  case newer(Int)
  /// It is a database of something else.
  case foreign
  /// It was a database by its beginning or its name, and is damaged.
  case damaged
  /// It is a file of another kind.
  case notDatabase
  /// It cannot be written, for the reason that the system gives.
  case notWritable(String)
  /// Another program does not let go of it.
  case locked
  /// It lacks tables or columns that a list has.
  case incomplete(String)
  /// Whatever else SQLite says.
  case other(String)

  /// The same, of a file: SQLite calls damaged whatever it did not write.
  init(_ error: any Error, at path: String) {
    self.init(error)
    if self == .damaged, !RunsError.isDatabase(path) { self = .notDatabase }
  }

  init(_ error: any Error) {
    switch error {
    case let error as RunsError: self = error
    case let error as DatabaseError:
      switch error.resultCode.primaryResultCode {
      case .SQLITE_NOTADB, .SQLITE_CORRUPT: self = .damaged
      case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked
      case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_PERM, .SQLITE_AUTH:
        self = .notWritable(error.message ?? "error \(error.resultCode.rawValue)")
      // A list that was copied while it was written, or that lost its tables.
      case .SQLITE_ERROR where error.message?.hasPrefix("no such") == true: self = .incomplete(error.message ?? "")
      default: self = .other(error.message ?? "error \(error.resultCode.rawValue)")
      }
    default: self = RunsError.systemReason(error).map { .notWritable($0) } ?? .other("\(error)")
    }
  }

  /// Whether it may be readable nevertheless.
  var isAboutWriting: Bool {
    switch self {
    case .notWritable, .locked: true
    case .newer, .foreign, .damaged, .notDatabase, .incomplete, .other: false
    }
  }

  /// What the system or SQLite says, without a place.
  var reason: String {
    switch self {
    case .notWritable(let reason), .other(let reason): reason
    case .newer, .foreign, .damaged, .notDatabase, .incomplete, .locked: sentence
    }
  }

  /// What is wrong, and what to do.
  var sentence: String {
    switch self {
    case .newer(let version):
      "it is of version \(version), and this swiftlet knows versions up to \(RunsSchema.version). Use a newer swiftlet, or "
        + "another list: --runs FILE."
    case .foreign: "it is a database of something else. Choose another place with --runs FILE."
    case .damaged: "it is damaged, or not a database. `swiftlet runs rebuild` makes it again from the models."
    case .notDatabase: "it is not a list of runs, and not a database at all. Choose another place with --runs FILE."
    case .incomplete(let reason):
      "it is not whole (SQLite says: \(reason)). Move it away, and `swiftlet runs rebuild` makes it again from the models."
    case .notWritable(let reason): "it cannot be written: SQLite or the system says: \(reason)."
    case .locked: "another program has locked it."
    case .other(let reason): "SQLite says: \(reason)."
    }
  }
}

extension RunsError {
  /// Whether a file that SQLite does not read may be a list nevertheless: it begins as a database does, or has the name of
  /// one. What is neither is never put aside.
  static func isDatabase(_ path: String) -> Bool {
    if [".sqlite", ".sqlite3", ".db"].contains(where: { path.lowercased().hasSuffix($0) }) { return true }
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    let start = try? file.read(upToCount: 16)
    return start == Data("SQLite format 3\0".utf8)
  }
}

extension RunsError {
  /// What the system says of an error of Foundation, which may have one of the system beneath it.
  private static func systemReason(_ error: any Error) -> String? {
    var next: NSError? = error as NSError
    while let error = next {
      if error.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(error.code))) }
      let beneath = error.userInfo[NSUnderlyingErrorKey]
      if let error = beneath as? POSIXError { return String(cString: strerror(error.code.rawValue)) }
      next = beneath as? NSError
    }
    return error is CocoaError ? error.localizedDescription : nil
  }
}
