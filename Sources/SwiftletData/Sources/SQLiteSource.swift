// SPDX-License-Identifier: Apache-2.0
//
// SQLite: a table or a query of a database, opened for reading only.
//
// INTEGER and REAL values are numbers, TEXT is read as that of a file, NULL is missing; a BLOB cannot be a feature.
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

  /// One table, or what one query answers.
  static func table(_ place: Place) throws -> SwiftletTables.Table {
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
        return try read(sql, database, name, place.reader)
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

  private static func read(
    _ sql: String, _ database: Database, _ name: String, _ reader: TableReader
  ) throws -> SwiftletTables.Table {
    let statement = try statement(sql, database)
    // The rows go through the same builders as JSON: the values are typed already.
    var lines: [JSONValue.Member] = []
    return try reader.readRecords(name: name, columns: statement.columnNames) { append in
      let rows = try Row.fetchCursor(statement)
      while let row = try rows.next() {
        lines.removeAll(keepingCapacity: true)
        for (column, value) in row {
          switch value.storage {
          case .null: lines.append(.init(column, .null))
          case .int64(let number):
            // What a Double may not hold is given by its digits.
            let isExact = number.magnitude < 1 << 53
            lines.append(.init(column, isExact ? .number(Double(number)) : .string(String(number))))
          case .double(let number): lines.append(.init(column, .number(number)))
          case .string(let text): lines.append(.init(column, .string(text)))
          case .blob:
            throw DataError(
              "The column \"\(column)\" of \(name) holds blobs, which cannot be features; leave it out of the --query.")
          }
        }
        try append(lines)
      }
    }
  }
}
