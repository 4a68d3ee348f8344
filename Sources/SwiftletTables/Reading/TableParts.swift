// SPDX-License-Identifier: Apache-2.0
//
// Tables in parts: rows are read, answered and dropped, so that a file of any length passes through.
//
// Only columns whose type is given are read: types are known from the training, and need not be inferred from the rest
// of the file.
//
// Before    TableReader.swift     After    RecordParts.swift

import SwiftletFormats

/// Some consecutive rows of a table.
public struct TablePart: Sendable {
  /// The columns whose type is given.
  public let table: Table
  /// The values of the columns that are carried through, as they are written, in the order of ``keptNames``.
  public let kept: [[JSONValue]]
  /// The names of these columns.
  public let keptNames: [String]
}

extension TableReader {
  /// Reads delimited text part by part.
  ///
  /// - Parameters:
  ///   - names: Columns that are carried through; a name with commas may be in pieces.
  ///   - body: Called with each part; once with an empty one if the file has only a header.
  /// - Throws: `FormatError` for a cell that does not fit its column, ``DataError`` for a column that is absent.
  package func forEachCSVPart(
    of source: ByteSource, keeping names: [String], _ body: (TablePart) throws -> Void
  ) throws {
    let reader = try CSVReader(source, header: options.header, hasQuotes: options.hasQuotes)
    let header = reader.header
    let positions = Dictionary(header.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    try check(names: header)
    let keptNames = try TableReader.kept(names, among: header)
    let read = header.indices.filter { types[header[$0]] != nil }
    func part(_ batch: CSVBatch?) throws -> TablePart {
      let columns = try read.map { position in
        var builder = builder(header[position], [], placeNoun: "line")
        if let batch, let fault = builder.append(batch, position) {
          throw FormatError(
            source.name, line: batch.line(of: fault.record), column: position + 1, columnName: header[position],
            fault.error.message)
        }
        return builder.finish()
      }
      let kept = keptNames.map { name in
        (0..<(batch?.recordCount ?? 0)).map { JSONValue.string(batch?.text($0, positions[name] ?? 0) ?? "") }
      }
      return TablePart(table: try Table(columns), kept: kept, keptNames: keptNames)
    }
    var isEmpty = true
    try reader.forEachBatch(allowsNone: true) { batch in
      isEmpty = false
      try body(part(batch))
    }
    if isEmpty { try body(part(nil)) }
  }

  /// A whole table as one part.
  package static func part(of table: Table, keeping names: [String]) throws -> TablePart {
    let keptNames = try kept(names, among: table.columnNames)
    let kept = keptNames.map { name in (0..<table.rowCount).map { table[name]?.json(at: $0) ?? .null } }
    return TablePart(table: table, kept: kept, keptNames: keptNames)
  }

  /// Refuses data in which two columns share a name.
  func check(distinct names: [String], _ data: String) throws {
    var known: Set<String> = []
    guard let repeated = names.first(where: { !known.insert($0).inserted }) else { return }
    throw DataError("Two columns of \(data) are called \"\(repeated)\"; give one another name.")
  }

  /// Refuses data that lack a column whose type is given.
  func check(names: [String]) throws {
    guard let absent = Set(types.keys).subtracting(names).min() else { return }
    throw DataError("There is no column \"\(absent)\" in the data.\(suggestion(for: absent, in: names))")
  }

  static func kept(_ parts: [String], among names: [String]) throws -> [String] {
    let known = Set(names)
    var chosen: Set<String> = []
    let kept = joinedNames(parts) { known.contains($0) }.filter { chosen.insert($0).inserted }
    guard let absent = kept.first(where: { !known.contains($0) }) else { return kept }
    throw DataError("There is no column \"\(absent)\" to keep.\(suggestion(for: absent, in: names))")
  }
}
