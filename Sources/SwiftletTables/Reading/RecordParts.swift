// SPDX-License-Identifier: Apache-2.0
//
// Records in parts: rows of named values, as JSON Lines and databases give them, that are answered and forgotten.
//
// A file of delimited text says in its first line which columns there are. A file of JSON says it record by record, so
// a column is known to be absent only when all of them have been seen.
//
// Before    TableParts.swift     After    Splitting/Split.swift

import SwiftletFormats

extension TableReader {
  /// Reads a file of JSON objects part by part.
  ///
  /// - Parameters:
  ///   - names: Columns that are carried through; a name with commas may be in pieces.
  ///   - body: Called with each part; once with an empty one where there are no records.
  /// - Throws: `FormatError` for a value that does not fit its column, ``DataError`` for a column that no record has.
  package func forEachJSONPart(
    of source: ByteSource, keeping names: [String], _ body: (TablePart) throws -> Void
  ) throws {
    let reader = JSONLinesReader(source)
    try withoutActuallyEscaping(body) { body in
      let parts = RecordParts(self, source.name, placeNoun: "line", keeping: names, body) {
        var names: [String] = []
        var known: Set<String> = []
        try reader.forEachRecord { _, members in
          for member in members where known.insert(member.name).inserted {
            names.append(member.name)
          }
        }
        return names
      }
      try reader.forEachRecord { line, members in try parts.append(members, place: line) }
      try parts.finish()
    }
  }

  /// Reads records of named values part by part.
  ///
  /// - Parameters:
  ///   - columns: The names that every record has.
  ///   - names: Columns that are carried through; a name with commas may be in pieces.
  ///   - body: Called with each part; once with an empty one where there are no records.
  ///   - forEachRecord: Calls its argument with every record.
  /// - Throws: `FormatError` for a value that does not fit its column, ``DataError`` for a column that is absent.
  package func forEachRecordPart(
    name: String, columns: [String], keeping names: [String], _ body: (TablePart) throws -> Void,
    _ forEachRecord: (_ append: ([JSONValue.Member]) throws -> Void) throws -> Void
  ) throws {
    try check(distinct: columns, name)
    try withoutActuallyEscaping(body) { body in
      let parts = RecordParts(self, name, placeNoun: "row", keeping: names, body) { columns }
      var row = 0
      try forEachRecord {
        row += 1
        try parts.append($0, place: row)
      }
      try parts.finish()
    }
  }
}

/// Collects records, and hands them on as tables of the columns whose types are given.
private final class RecordParts {
  /// The number of records in a part: enough for the work of a part not to count, few enough to take little memory.
  private static let recordLimit = 1024
  /// The number of values in a part, for records of very many.
  private static let valueLimit = 1 << 18

  private typealias Record = (members: [JSONValue.Member], place: Int)

  private let reader: TableReader
  private let name: String
  private let placeNoun: String
  private let names: [String]
  private let body: (TablePart) throws -> Void
  /// The names of all columns, for which all records may have to be looked at.
  private let allNames: () throws -> [String]
  private var records: [Record] = []
  private var valueCount = 0
  /// The columns that are carried through, once they are known.
  private var keptNames: [String]?

  init(
    _ reader: TableReader, _ name: String, placeNoun: String, keeping names: [String],
    _ body: @escaping (TablePart) throws -> Void, allNames: @escaping () throws -> [String]
  ) {
    self.reader = reader
    self.name = name
    self.placeNoun = placeNoun
    self.names = names
    self.body = body
    self.allNames = allNames
  }

  func append(_ members: [JSONValue.Member], place: Int) throws {
    records.append((members, place))
    valueCount += members.count
    if records.count == Self.recordLimit || valueCount >= Self.valueLimit { try handOn() }
  }

  /// Hands on the remaining records, or an empty part if there were none.
  func finish() throws {
    if keptNames == nil || !records.isEmpty { try handOn() }
  }

  private func handOn() throws {
    let kept = try keptNames ?? columnsToKeep()
    keptNames = kept
    var builders = reader.types.keys.sorted().map { reader.builder($0, [], placeNoun: placeNoun) }
    let positions = Dictionary(uniqueKeysWithValues: builders.enumerated().map { ($1.name, $0) })
    let keptPositions = Dictionary(kept.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var values = kept.map { _ in [JSONValue](repeating: .null, count: records.count) }
    var filled = Array(repeating: 0, count: builders.count)
    for (row, record) in records.enumerated() {
      for member in record.members {
        if let position = keptPositions[member.name] { values[position][row] = member.value }
        guard let position = positions[member.name] else { continue }
        for _ in filled[position]..<row { builders[position].appendMissing() }
        filled[position] = row + 1
        do {
          try builders[position].append(member.value, place: record.place)
        } catch {
          throw refusal("\(quoted(member.name)): " + error.message, record.place)
        }
      }
    }
    for position in builders.indices {
      for _ in filled[position]..<records.count { builders[position].appendMissing() }
    }
    records.removeAll(keepingCapacity: true)
    valueCount = 0
    try body(
      TablePart(table: try Table(builders.map { $0.finish() }), kept: values, keptNames: kept))
  }

  private func refusal(_ message: String, _ place: Int) -> FormatError {
    placeNoun == "line"
      ? FormatError(name, line: place, message)
      : FormatError("\(name), \(placeNoun) \(place)", message)
  }

  /// The columns to carry through, if all that are needed are there.
  private func columnsToKeep() throws -> [String] {
    var seen: [String] = []
    var known: Set<String> = []
    for record in records {
      for member in record.members where known.insert(member.name).inserted {
        seen.append(member.name)
      }
    }
    // Without records no column is needed.
    guard !records.isEmpty else {
      return (try? TableReader.kept(names, among: try allNames())) ?? names
    }
    let isComplete = known.isSuperset(of: reader.types.keys) && known.isSuperset(of: names)
    let all = isComplete ? seen : try allNames()
    try reader.check(names: all)
    return try TableReader.kept(names, among: all)
  }
}
