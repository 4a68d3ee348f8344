// SPDX-License-Identifier: Apache-2.0
//
// From a file of text to a table.
//
// Before    ColumnBuilder.swift     After    Splitting/Split.swift

import SwiftletFormats

/// Reads CSV and JSON Lines into tables.
public struct TableReader: Sendable {
  /// Types that are given and not inferred.
  public var types: [String: ColumnType]
  public var missing: MissingSpellings

  public init(types: [String: ColumnType] = [:], missing: MissingSpellings = .standard) {
    (self.types, self.missing) = (types, missing)
  }

  /// Reads a table of delimited text.
  ///
  /// - Throws: ``FormatError`` with line and column for a cell that does not fit its column.
  public func readCSV(_ source: ByteSource) throws -> Table {
    try readTwice { textColumns in
      let reader = try CSVReader(source)
      var builders = reader.header.map { builder($0, textColumns) }
      try reader.forEachRecord { record in
        for position in builders.indices {
          do {
            try builders[position].append(record.field(at: position))
          } catch let error as CellError {
            throw FormatError(
              source.name, line: record.line, column: position + 1, columnName: builders[position].name, error.message)
          }
        }
      }
      return builders
    }
  }

  /// Reads a table of JSON objects. A member that an object lacks is missing.
  public func readJSONLines(_ source: ByteSource) throws -> Table {
    try readRecords(name: source.name, columns: []) { append in
      try JSONLinesReader(source).forEachRecord { line, members in
        do {
          try append(members)
        } catch let error as DataError {
          throw FormatError(source.name, line: line, error.message)
        }
      }
    }
  }

  /// Reads records of named values, which may come in any order and be absent.
  ///
  /// - Parameters:
  ///   - columns: Names that are known before; others are added as they come.
  ///   - forEachRecord: Calls its argument with every record. It may be called twice.
  package func readRecords(
    name: String, columns: [String], _ forEachRecord: (_ append: ([JSONValue.Member]) throws -> Void) throws -> Void
  ) throws -> Table {
    if let repeated = columns.first(where: { column in columns.count { $0 == column } > 1 }) {
      throw DataError("Two columns of \(name) are called \"\(repeated)\"; give one another name.")
    }
    return try readTwice { textColumns in
      var builders = columns.map { builder($0, textColumns) }
      var positions = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, $0) })
      var filled = Array(repeating: 0, count: columns.count)
      var rowCount = 0
      try forEachRecord { members in
        for member in members {
          let position = positions[member.name] ?? builders.count
          if position == builders.count {
            positions[member.name] = position
            builders.append(builder(member.name, textColumns))
            filled.append(0)
          }
          for _ in filled[position]..<rowCount { builders[position].appendMissing() }
          do {
            try builders[position].append(member.value)
          } catch let error as CellError {
            throw DataError("\(quoted(member.name)): " + error.message)
          }
          filled[position] = rowCount + 1
        }
        rowCount += 1
      }
      guard rowCount > 0 else { throw FormatError(name, "has no records: there is nothing to learn from.") }
      for position in builders.indices {
        for _ in filled[position]..<rowCount { builders[position].appendMissing() }
      }
      return builders
    }
  }

  private func builder(_ name: String, _ textColumns: Set<String>) -> ColumnBuilder {
    ColumnBuilder(name: name, override: types[name], missing: missing, asText: textColumns.contains(name))
  }

  /// Reads, and reads again where a column turned out to be text after it had been taken for numbers.
  private func readTwice(_ read: (_ textColumns: Set<String>) throws -> [ColumnBuilder]) throws -> Table {
    var builders = try read([])
    let textColumns = Set(builders.filter(\.mustBeReadAgain).map(\.name))
    if !textColumns.isEmpty { builders = try read(textColumns) }
    let names = builders.map(\.name)
    if let unknown = types.keys.sorted().first(where: { !names.contains($0) }) {
      throw DataError("There is no column \"\(unknown)\" in the data.\(suggestion(for: unknown, in: names))")
    }
    return try Table(builders.map { $0.finish() })
  }
}
