// SPDX-License-Identifier: Apache-2.0
//
// From a file of text to a table.
//
// Before    Columns/Labels.swift     After    TableParts.swift

import Dispatch
import SwiftletFormats

/// Reads CSV and JSON Lines into tables.
public struct TableReader: Sendable {
  /// Types that are given and not inferred.
  public var types: [String: ColumnType]
  /// Whether data without any row are read as no rows, and not refused.
  package var allowsNoRows = false
  /// By column, spellings that are values there, such as the class None.
  public var values: [String: [String]] = [:]
  /// How the file is written.
  public var options: ReadingOptions
  /// By column, how a model reads it.
  private var known: [String: KnownColumn] = [:]

  /// A reader that infers every type that is not given.
  public init(types: [String: ColumnType] = [:], options: ReadingOptions = ReadingOptions()) {
    self.types = types
    self.options = options
  }

  /// A reader of data for a model: a column has the type it had in training, even if a few rows look different.
  package init(for inputs: [InputSchema], options: ReadingOptions = ReadingOptions()) {
    let types = inputs.compactMap { input in input.readingType.map { (input.name, $0) } }
    self.init(types: Dictionary(types, uniquingKeysWith: { first, _ in first }), options: options)
    if let pictures = PictureReading(for: inputs) { self.options.pictures = pictures }
    for input in inputs where input.isCell {
      known[input.name] = KnownColumn(input, ignoresCase: options.ignoresCase)
      // A category of the training rows stays one, even if it is called None.
      if input.form == .word { values[input.name] = input.words }
    }
  }

  /// Reads a column as known labels, of which other spellings mean the same.
  package mutating func know(labels: [String], of column: String) {
    types[column] = .category
    values[column] = labels
    known[column] = KnownColumn(words: labels, ignoresCase: options.ignoresCase)
  }

  /// Reads a table of delimited text.
  ///
  /// - Throws: `FormatError` with line and column for a cell that does not fit its column.
  public func readCSV(_ source: ByteSource) throws -> Table {
    try readTwice { textColumns in
      let reader = try CSVReader(source, header: options.header, hasQuotes: options.hasQuotes)
      var builders = reader.header.map { builder($0, textColumns, placeNoun: "line") }
      try reader.forEachBatch { batch in
        guard let fault = append(batch, to: &builders) else { return }
        throw FormatError(
          source.name, line: batch.line(of: fault.record), column: fault.column + 1,
          columnName: builders[fault.column].name, fault.error.message)
      }
      return try named(builders, source.name)
    }
  }

  /// The columns that have a name. A first one without is an index, as pandas and R write; another must be empty.
  private func named(_ builders: [ColumnBuilder], _ file: String) throws -> [ColumnBuilder] {
    for (position, builder) in builders.enumerated() where builder.name.isEmpty && position > 0 {
      guard builder.isEmpty else {
        throw FormatError(file, line: 1, column: position + 1, "the column has no name; give it one in the first line.")
      }
    }
    return builders.filter { !$0.name.isEmpty }
  }

  /// A cell that does not fit its column.
  private typealias Fault = (record: Int, column: Int, error: CellError)

  /// The number of cells in a share of work: enough to be worth a thread, few enough for all threads to end together.
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
        nonisolated(unsafe) let builders = builders
        nonisolated(unsafe) let faults = faults
        nonisolated(unsafe) let batch = batch
        let work: @Sendable (Int) -> Void = { share in
          for column in count * share / shares..<count * (share + 1) / shares {
            guard let (record, error) = builders[column].append(batch, column) else { continue }
            let isFirst = faults[share].map { record < $0.record } ?? true
            if isFirst { faults[share] = (record, column, error) }
          }
        }
        if shares == 1 { work(0) } else { DispatchQueue.concurrentPerform(iterations: shares, execute: work) }
      }
    }
    return faults.compactMap { $0 }.min { ($0.record, $0.column) < ($1.record, $1.column) }
  }

  /// Reads a table of JSON objects. A member that an object lacks is missing.
  public func readJSONLines(_ source: ByteSource) throws -> Table {
    try readPlacedRecords(name: source.name, columns: [], placeNoun: "line") { records in
      try JSONLinesReader(source).forEachRecord { line, members in
        do {
          try records.append(members, place: line)
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
    try readPlacedRecords(name: name, columns: columns, placeNoun: "row") { records in
      var row = 0
      try forEachRecord {
        row += 1
        try records.append($0, place: row)
      }
    }
  }

  /// Reads records with the places where they stand.
  private func readPlacedRecords(
    name: String, columns: [String], placeNoun: String,
    _ addRecords: (RecordColumns) throws -> Void
  ) throws -> Table {
    try check(distinct: columns, name)
    return try readTwice { textColumns in
      let records = RecordColumns(columns) { builder($0, textColumns, placeNoun: placeNoun) }
      try addRecords(records)
      guard records.rowCount > 0 else {
        if allowsNoRows { return types.keys.sorted().map { builder($0, [], placeNoun: placeNoun) } }
        throw FormatError(name, "has no records: there is nothing to learn from.")
      }
      return records.finished()
    }
  }

  /// Reads a JSON value as a number of a column.
  ///
  /// - Returns: NaN if the value is missing, and `nil` if it is not a number.
  /// - Throws: ``DataError`` for a number that is too large, or that can be read in two ways.
  package func number(_ value: JSONValue, of column: String) throws -> Double? {
    do throws(CellError) {
      switch try cells(of: column).read(value, as: .number) {
      case .number(let number): return number.value
      case .missing: return .nan
      case .word: return nil
      }
    } catch {
      if case .notANumber = error { return nil }
      throw DataError(error.message)
    }
  }

  private func cells(of column: String) -> CellReader {
    var options = options
    if let values = values[column] { options.missing = options.missing.removing(values) }
    return CellReader(options: options, known: known[column])
  }

  func builder(_ name: String, _ textColumns: Set<String>, placeNoun: String) -> ColumnBuilder {
    ColumnBuilder(
      name: name, override: types[name], cells: cells(of: name), asText: textColumns.contains(name),
      placeNoun: placeNoun)
  }

  /// Reads, and reads again if a column turned out to be text after it had been taken for numbers.
  private func readTwice(_ read: (_ textColumns: Set<String>) throws -> [ColumnBuilder]) throws -> Table {
    var builders = try read([])
    let textColumns = Set(builders.filter(\.mustBeReadAgain).map(\.name))
    if !textColumns.isEmpty { builders = try read(textColumns) }
    let names = builders.map(\.name)
    try check(names: names)
    return try Table(builders.map { $0.finish() })
  }
}

/// The columns of records whose members may come in any order and be absent.
private final class RecordColumns {
  private(set) var rowCount = 0
  private var builders: [ColumnBuilder]
  private var positions: [String: Int]
  /// For each column, the number of its rows that have a value or are known to be missing.
  private var filled: [Int]
  private let newBuilder: (String) -> ColumnBuilder

  init(_ columns: [String], _ newBuilder: @escaping (String) -> ColumnBuilder) {
    self.newBuilder = newBuilder
    builders = columns.map(newBuilder)
    positions = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, $0) })
    filled = Array(repeating: 0, count: columns.count)
  }

  func append(_ members: [JSONValue.Member], place: Int) throws {
    for member in members {
      let position = position(of: member.name)
      fill(position)
      do {
        try builders[position].append(member.value, place: place)
      } catch {
        throw DataError("\(quoted(member.name)): " + error.message)
      }
      filled[position] = rowCount + 1
    }
    rowCount += 1
  }

  private func position(of name: String) -> Int {
    if let position = positions[name] { return position }
    positions[name] = builders.count
    builders.append(newBuilder(name))
    filled.append(0)
    return builders.count - 1
  }

  /// Adds missing values for the earlier rows without such a member.
  private func fill(_ position: Int) {
    guard filled[position] < rowCount else { return }
    for _ in filled[position]..<rowCount { builders[position].appendMissing() }
  }

  func finished() -> [ColumnBuilder] {
    for position in builders.indices { fill(position) }
    return builders
  }
}
