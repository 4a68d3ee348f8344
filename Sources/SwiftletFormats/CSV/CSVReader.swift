// SPDX-License-Identifier: Apache-2.0
//
// CSV: tables as text, read some records at a time.
//
// The reader holds one piece of the file, finds the fields of the next records in it, and hands them out
// as ranges of bytes; nothing is allocated for a field, and a file of any size passes through. Every error
// names its line and column.
//
// Before    Bytes/SHA256.swift     After    CSVScanner.swift
// Source    RFC 4180, section 2

/// Reads a table with a header line, delimiter by delimiter.
///
/// Quoted fields may hold delimiters, line ends and doubled quotes; lines end in LF or CRLF, the last one
/// perhaps in nothing; a byte order mark and blank lines are skipped.
public final class CSVReader {
  /// The names in the first record.
  public private(set) var header: [String] = []
  /// The byte between two fields.
  public let delimiter: UInt8
  private let source: ByteSource
  private let scanner: CSVScanner

  /// Opens a table and reads its header.
  ///
  /// - Parameters:
  ///   - source: The file.
  ///   - delimiter: `,` `;` tab or `|`, found by looking at the first records where it is not given.
  ///   - chunkSize: How many bytes are read at a time.
  /// - Throws: ``FormatError`` where the file is empty, is not UTF-8, or has an empty or repeated name in its header.
  public init(_ source: ByteSource, delimiter: UInt8? = nil, chunkSize: Int = 1 << 20) throws {
    self.source = source
    let scanner = try CSVScanner(source, chunkSize: chunkSize)
    self.scanner = scanner
    self.delimiter = try delimiter ?? scanner.detectDelimiter()
    scanner.delimiter = self.delimiter
    guard let first = try scanner.nextBatch(fieldCount: nil) else {
      throw FormatError(source.name, "is empty: a table begins with a line of column names.")
    }
    let line = first.line(of: 0)
    header = (0..<first.fieldCount).map { first.text(0, $0).trimmingSpaces() }
    var positions: [String: Int] = [:]
    for (position, name) in header.enumerated() {
      guard !name.isEmpty else {
        throw FormatError(
          source.name, line: line, column: position + 1, "the column has no name; give it one in the first line.")
      }
      if let other = positions.updateValue(position, forKey: name) {
        throw FormatError(
          source.name, line: line, column: position + 1, columnName: name,
          "the name stands at column \(other + 1) already; every column needs a name of its own.")
      }
    }
  }

  /// The fields of the first record, whatever they are; none where there is no record.
  package static func firstRecord(_ source: ByteSource) throws -> [String] {
    let scanner = try CSVScanner(source, chunkSize: 1 << 16)
    scanner.delimiter = try scanner.detectDelimiter()
    guard let batch = try scanner.nextBatch(fieldCount: nil) else { return [] }
    return (0..<batch.fieldCount).map { batch.text(0, $0).trimmingSpaces() }
  }

  /// Calls `body` with the records after the header, some at a time. A batch is valid during the call only.
  ///
  /// - Parameter allowsNone: Whether a file of only a header is one with nothing to do.
  /// - Throws: ``FormatError`` for a record with more or fewer fields than the header, or that is malformed,
  ///   and for a file of only a header where that is not allowed.
  public func forEachBatch(allowsNone: Bool = false, _ body: (CSVBatch) throws -> Void) throws {
    var isEmpty = !allowsNone
    while let batch = try scanner.nextBatch(fieldCount: header.count) {
      try body(batch)
      isEmpty = false
    }
    guard !isEmpty else {
      throw FormatError(source.name, "has a header and no records: there is nothing to learn from.")
    }
  }
}

extension String {
  /// The text without the spaces and tabs at its ends.
  package func trimmingSpaces() -> String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}
