// SPDX-License-Identifier: Apache-2.0
//
// SQLite: a table or a query of a database, opened for reading only.
//
// INTEGER and REAL values are numbers, TEXT is read as that of a file, NULL is missing; a BLOB is not read.
//
// Before    IDXSource.swift     After    -
// Source    SQLite, "Datatypes In SQLite", section 2

import Foundation
import GRDB
import SwiftletFormats
import SwiftletTables

enum SQLiteSource: Source {
  static let takesQueries = true

  static func holds(_ place: Place) throws -> Bool {
    if place.isPipe { return false }
    return try place.isNamed(".sqlite", ".sqlite3", ".db") || place.kind == .sqlite
  }

  static func table(_ place: Place) throws -> SwiftletTables.Table {
    try reading(place) { statement, name in
      var blobs: Set<String> = []
      let table = try place.reader.readRecords(name: name, columns: statement.columnNames) { append in
        var row = 0
        try forEachRecord(of: statement, wanted: { _ in true }) { members, found in
          row += 1
          blobs.formUnion(found)
          do { try append(members) } catch let error as DataError {
            throw FormatError("\(name), row \(row)", error.message)
          }
        }
      }
      guard !blobs.isEmpty else { return table }
      return try SwiftletTables.Table(
        table.columns.map { column in
          guard blobs.contains(column.name) else { return column }
          return .unread(
            column.name, count: table.rowCount,
            "\(quoted(column.name)) of \(name) holds blobs, which are not read")
        })
    }
  }

  static func forEachPart(
    _ place: Place, keeping names: [String], _ body: (TablePart) throws -> Void
  ) throws {
    try reading(place) { statement, name in
      let columns = statement.columnNames
      let wanted = Set(place.reader.types.keys).union(joinedNames(names) { columns.contains($0) })
      try place.reader.forEachRecordPart(name: name, columns: columns, keeping: names, body) {
        append in
        try forEachRecord(of: statement, wanted: wanted.contains) { members, blobs in
          if let blob = blobs.first {
            throw DataError(
              "The column \(quoted(blob)) of \(name) holds blobs, which are not read.")
          }
          try append(members)
        }
      }
    }
  }

  /// Opens the database, and prepares one table or what one query answers.
  private static func reading<Result>(
    _ place: Place, _ body: (_ statement: Statement, _ name: String) throws -> Result
  ) throws -> Result {
    let name = place.bytes.name
    guard FileManager.default.fileExists(atPath: place.path) else {
      throw FormatError(place.path, "there is no such file.", isMissingInput: true)
    }
    guard place.sqlTable == nil || place.sqlQuery == nil else {
      throw DataError("--table and --query cannot be given together.")
    }
    var configuration = Configuration()
    configuration.readonly = true
    do {
      return try DatabaseQueue(path: place.path, configuration: configuration).read { database in
        let sql = try place.sqlQuery ?? query(forTable: place.sqlTable, database, name)
        return try body(try statement(sql, database), name)
      }
    } catch let error as DatabaseError {
      throw FormatError(name, "SQLite says: \(error.message ?? "error \(error.resultCode.rawValue)").")
    }
  }

  private static func query(forTable table: String?, _ database: Database, _ name: String) throws -> String {
    let tables = try String.fetchAll(
      database,
      sql: "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name")
    guard !tables.isEmpty else { throw DataError("\(name) holds no tables: there is nothing to learn from.") }
    guard let table = table ?? (tables.count == 1 ? tables[0] : nil) else {
      throw DataError("\(name) holds \(tables.count) tables; choose with --table: \(tables.joined(separator: ", ")).")
    }
    guard tables.contains(table) else {
      throw DataError("\(name) has no table \"\(table)\".\(suggestion(for: table, in: tables))")
    }
    return "SELECT * FROM \"" + table.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }

  /// The query, if it is one statement that answers with rows. That nothing is written holds anyway: the
  /// database was opened for reading.
  private static func statement(_ sql: String, _ database: Database) throws -> Statement {
    let statements = try database.allStatements(sql: sql)
    let needed = "The --query must be one SELECT"
    guard let statement = try statements.next() else { throw DataError("\(needed), and it is empty.") }
    let firstWord = sql.split(whereSeparator: \.isWhitespace).first?.uppercased() ?? ""
    guard statement.isReadonly, statement.columnCount > 0, firstWord != "PRAGMA", firstWord != "EXPLAIN" else {
      throw DataError("\(needed), which answers with rows.")
    }
    guard try statements.next() == nil else { throw DataError("\(needed), and it holds several statements.") }
    return statement
  }

  /// Gives the rows to the same builders as JSON: the values are typed already.
  ///
  /// - Parameters:
  ///   - wanted: Whether a column is looked at.
  ///   - append: Takes a row, and the columns that hold a blob in it, which counts as missing.
  private static func forEachRecord(
    of statement: Statement, wanted: (String) -> Bool,
    _ append: (
      _ members: [JSONValue.Member], _ blobs: [String]
    ) throws -> Void
  ) throws {
    let columns = statement.columnNames.enumerated().filter { wanted($0.element) }
    var members: [JSONValue.Member] = []
    let rows = try Row.fetchCursor(statement)
    while let row = try rows.next() {
      members.removeAll(keepingCapacity: true)
      var blobs: [String] = []
      for (position, column) in columns {
        let value = value(row[position] as DatabaseValue)
        if value == nil { blobs.append(column) }
        members.append(.init(column, value ?? .null))
      }
      try append(members, blobs)
    }
  }

  /// A value, and `nil` for a blob.
  private static func value(_ value: DatabaseValue) -> JSONValue? {
    switch value.storage {
    case .null: .null
    // What a Double may not hold is given by its digits.
    case .int64(let number):
      number.magnitude < 1 << 53 ? .number(Double(number)) : .string(String(number))
    case .double(let number): .number(number)
    case .string(let text): .string(text)
    case .blob: nil
    }
  }
}
