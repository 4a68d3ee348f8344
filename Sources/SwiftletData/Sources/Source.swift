// SPDX-License-Identifier: Apache-2.0
//
// Sources: the kinds of places that rows are read from, and the table that names them.
//
// Another kind is another file beside this one, and one more name in the table.
//
// Before    DataLoader.swift     After    FolderSource.swift

import SwiftletFormats
import SwiftletTables

/// A kind of place.
protocol Source {
  /// Whether a place is of this kind: by its name, or where it has none, by its first bytes.
  static func holds(_ place: Place) -> Bool

  /// The rows.
  static func table(_ place: Place) throws -> Table

  /// The rows, and what is known of them.
  static func load(_ place: Place) throws -> LoadedData

  /// The rows part by part, of the columns that the reader gives a type.
  static func forEachPart(_ place: Place, keeping names: [String], _ body: (TablePart) throws -> Void) throws

  /// Whether `--table` and `--query` mean something to it.
  static var takesQueries: Bool { get }
}

extension Source {
  static var takesQueries: Bool { false }

  // All at once, where a place cannot be read in parts.
  static func forEachPart(_ place: Place, keeping names: [String], _ body: (TablePart) throws -> Void) throws {
    try body(TableReader.part(of: load(place).table, keeping: names))
  }

  // A file knows nothing of itself but its name and its bytes.
  static func load(_ place: Place) throws -> LoadedData {
    LoadedData(name: DataLoader.baseName(place.path), table: try table(place), sha256: try place.bytes.sha256())
  }
}

/// A place, and how it is to be read.
struct Place {
  /// Every kind, the first that holds a place reads it. What nothing else holds is CSV.
  private static let sources: [any Source.Type] = [
    FolderSource.self, SQLiteSource.self, JSONLinesSource.self, IDXSource.self, CSVSource.self,
  ]

  let path: String
  var reader: TableReader
  let sqlTable: String?
  let sqlQuery: String?
  /// What is read: a file, or all that came through a pipe.
  let bytes: ByteSource
  /// Whether the place is a pipe, whose name says nothing of what comes.
  let isPipe: Bool

  init(_ path: String, pipe: Pipe?, reader: TableReader, sqlTable: String?, sqlQuery: String?) throws {
    self.path = path
    self.reader = reader
    self.sqlTable = sqlTable
    self.sqlQuery = sqlQuery
    bytes = try pipe?.source() ?? .file(path)
    isPipe = pipe != nil
  }

  /// A file in the folder of this place, read in the same way.
  init(_ path: String, in folder: Place) {
    self.path = path
    reader = folder.reader
    sqlTable = folder.sqlTable
    sqlQuery = folder.sqlQuery
    bytes = .file(path)
    isPipe = false
  }

  /// The kind that this place is of.
  var source: any Source.Type {
    get throws {
      let source = Place.sources.first { $0.holds(self) } ?? CSVSource.self
      guard source.takesQueries || sqlTable == nil && sqlQuery == nil else {
        throw DataError("--table and --query are for SQLite files (.sqlite, .db), and \(path) is not one.")
      }
      return source
    }
  }

  /// Whether the file's name, without `.gz` and in any case, ends in one of these. A pipe has no such name.
  func isNamed(_ endings: String...) -> Bool {
    guard !isPipe else { return false }
    let name = path.lowercased()
    return endings.contains { name.hasSuffix($0) || name.hasSuffix($0 + ".gz") }
  }

  /// The first byte that is not white space.
  var firstByte: UInt8? {
    get throws {
      var beginning = Array(repeating: UInt8(0), count: 1 << 12)
      let count = try beginning.withUnsafeMutableBytes { try bytes.open().read(into: $0) }
      return beginning[..<count].first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
    }
  }
}
