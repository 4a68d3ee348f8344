// SPDX-License-Identifier: Apache-2.0
//
// From a file of text to a table.
//
// Before    ColumnBuilder.swift     After    Splitting/Split.swift

import Dispatch
import SwiftletFormats

/// Reads CSV and JSON Lines into tables.
public struct TableReader: Sendable {
  /// Types that are given and not inferred.
  public var types: [String: ColumnType]
  /// How missing values are written.
  public var missing: MissingSpellings

  /// A reader that infers what it is not told.
  public init(types: [String: ColumnType] = [:], missing: MissingSpellings = .standard) {
    (self.types, self.missing) = (types, missing)
  }

  /// Reads a table of delimited text.
  ///
  /// - Throws: `FormatError` with line and column for a cell that does not fit its column.
  public func readCSV(_ source: ByteSource) throws -> Table {
    try readTwice { textColumns in
      let reader = try CSVReader(source)
      var builders = reader.header.map { builder($0, textColumns) }
      try reader.forEachBatch { batch in
        guard let fault = append(batch, to: &builders) else { return }
        throw FormatError(
          source.name, line: batch.line(of: fault.record), column: fault.column + 1,
          columnName: builders[fault.column].name, fault.error.message)
      }
      return builders
    }
  }

  /// A cell that does not fit its column.
  private typealias Fault = (record: Int, column: Int, error: CellError)

  /// So many cells are a share of work: enough for a thread to be worth it, few enough for all to end at one time.
  private static let cellsPerShare = 1 << 13

  /// Gives every column its cells. Large batches are shared among threads, column by column.
  ///
  /// - Returns: The first cell, in the order of the file, that does not fit.
  private func append(_ batch: CSVBatch, to builders: inout [ColumnBuilder]) -> Fault? {
    let count = builders.count
    let shares = max(1, min(count, batch.recordCount * batch.fieldCount / TableReader.cellsPerShare))
    var faults = [Fault?](repeating: nil, count: shares)
    builders.withUnsafeMutableBufferPointer { builders in
      faults.withUnsafeMutableBufferPointer { faults in
        // Safe to be shared: each share has its own columns and its own fault, and all are done before the call ends.
        nonisolated(unsafe) let (builders, faults, batch) = (builders, faults, batch)
        let work: @Sendable (Int) -> Void = { share in
          for column in count * share / shares..<count * (share + 1) / shares {
            guard let (record, error) = builders[column].append(batch, column) else { continue }
            if faults[share].map({ record < $0.record }) ?? true { faults[share] = (record, column, error) }
          }
        }
        if shares == 1 { work(0) } else { DispatchQueue.concurrentPerform(iterations: shares, execute: work) }
      }
    }
    return faults.compactMap { $0 }.min { ($0.record, $0.column) < ($1.record, $1.column) }
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
