// SPDX-License-Identifier: Apache-2.0
//
// Sources: the kinds of places that rows are read from, and the table that names them.
//
// To add a kind, write its file beside this one and add its name to the table.
//
// Before    DataLoader.swift     After    FolderSource.swift

import SwiftletFormats
import SwiftletTables

/// A kind of place.
protocol Source {
  /// Whether a place is of this kind, by its name or its first bytes.
  static func holds(_ place: Place) throws -> Bool

  /// The rows.
  static func table(_ place: Place) throws -> Table

  /// The rows, with their description.
  static func load(_ place: Place) throws -> LoadedData

  /// The rows part by part, of the columns that the reader gives a type.
  static func forEachPart(_ place: Place, keeping names: [String], _ body: (TablePart) throws -> Void) throws

  /// Whether `--table` and `--query` apply to it.
  static var takesQueries: Bool { get }
}

extension Source {
  static var takesQueries: Bool { false }

  // All at once, if a place cannot be read in parts.
  static func forEachPart(_ place: Place, keeping names: [String], _ body: (TablePart) throws -> Void) throws {
    try body(TableReader.part(of: load(place).table, keeping: names))
  }

  // Nothing is known of a file but its name and its bytes.
  static func load(_ place: Place) throws -> LoadedData {
    LoadedData(name: DataLoader.baseName(place.path), table: try table(place), sha256: try place.bytes.sha256())
  }
}

/// A place, and how it is to be read.
struct Place {
  /// Every kind: the first that holds a place reads it. Anything that no kind holds is CSV.
  private static let sources: [any Source.Type] = [
    PictureSource.self, FolderSource.self, SQLiteSource.self, JSONLinesSource.self, IDXSource.self, CSVSource.self,
  ]

  let path: String
  var reader: TableReader
  let sqlTable: String?
  let sqlQuery: String?
  /// The bytes of a file, or all that came through a pipe.
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
  ///
  /// - Throws: `FormatError` for a file of a kind that is not supported, by its name.
  var source: any Source.Type {
    get throws {
      let source = try Place.sources.first { try $0.holds(self) } ?? CSVSource.self
      if source is CSVSource.Type || source is JSONLinesSource.Type { try refuseOtherKinds() }
      guard source.takesQueries || sqlTable == nil && sqlQuery == nil else {
        throw DataError("--table and --query are for SQLite files (.sqlite, .db), and \(path) is not one.")
      }
      return source
    }
  }

  /// The kind that the first bytes show.
  var kind: FileKind { get throws { try FileKind(bytes) } }

  private func refuseOtherKinds() throws {
    switch try kind {
    case .other(let name, let remedy): throw FormatError(bytes.name, "is \(name), which is not read. \(remedy)")
    case .sqlite: throw FormatError(bytes.name, "is a SQLite database, which is read from a file and not from a pipe.")
    case .json, .text, .picture: break
    }
  }

  /// Whether the file's name says that it is a picture, so that it is no table, whatever is in it.
  var isNamedAsPicture: Bool { !isPipe && Picture.endings.contains { path.lowercased().hasSuffix($0) } }

  /// Whether the file's name, without `.gz` and in any case, ends in one of these. A pipe has no such name.
  func isNamed(_ endings: String...) -> Bool {
    guard !isPipe else { return false }
    let name = path.lowercased()
    return endings.contains { name.hasSuffix($0) || name.hasSuffix($0 + ".gz") }
  }
}
