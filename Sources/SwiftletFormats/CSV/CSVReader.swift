// SPDX-License-Identifier: Apache-2.0
//
// CSV: tables as text, read record by record.
//
// The reader holds one piece of the file, finds the fields of the next record in it, and hands them out
// as ranges of bytes; nothing is allocated for a field, and a file of any size passes through. Whatever
// is wrong is said with its line and column.
//
// Before    Bytes/ByteSource.swift     After    CSVScanner.swift
// Source    RFC 4180, section 2

/// Reads a table with a header line, delimiter by delimiter.
///
/// Quoted fields may hold delimiters, line ends and doubled quotes; lines end in LF or CRLF, the last one
/// in nothing if it likes; a byte order mark and blank lines are passed over.
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
    guard let first = try scanner.next() else {
      throw FormatError(source.name, "is empty: a table begins with a line of column names.")
    }
    header = (0..<first.fieldCount).map { first.text(at: $0).trimmingSpaces() }
    for (position, name) in header.enumerated() {
      guard !name.isEmpty else {
        throw FormatError(
          source.name, line: first.line, column: position + 1, "the column has no name; give it one in the first line.")
      }
      if let other = header[..<position].firstIndex(of: name) {
        throw FormatError(
          source.name, line: first.line, column: position + 1, columnName: name,
          "the name stands at column \(other + 1) already; every column needs a name of its own.")
      }
    }
  }

  /// Calls `body` with every record after the header. The record is valid during the call only.
  ///
  /// - Throws: ``FormatError`` for a record with more or fewer fields than the header, or that is malformed,
  ///   and for a file of only a header.
  public func forEachRecord(_ body: (CSVRecord) throws -> Void) throws {
    var count = 0
    while let record = try scanner.next() {
      guard record.fieldCount == header.count else {
        throw FormatError(
          source.name, line: record.line,
          "expected \(header.count) fields, as in the header, found \(record.fieldCount). "
            + "A field that holds the delimiter \(quoted(String(UnicodeScalar(delimiter)))) must stand in quotes.")
      }
      try body(record)
      count += 1
    }
    guard count > 0 else {
      throw FormatError(source.name, "has a header and no records: there is nothing to learn from.")
    }
  }
}

/// The fields of one record, as bytes without their quotes.
public struct CSVRecord {
  /// The line on which the record begins, from 1.
  public let line: Int
  public let fieldCount: Int
  let base: UnsafePointer<UInt8>
  let ends: UnsafePointer<CSVScanner.Field>

  /// The bytes of one field: valid UTF-8.
  @inline(__always) public func field(at position: Int) -> UnsafeBufferPointer<UInt8> {
    // In bounds: the scanner has put fieldCount ranges there, each inside its piece of the file.
    let field = ends[position]
    return UnsafeBufferPointer(start: base + Int(field.start), count: Int(field.end - field.start))
  }

  /// One field as text.
  public func text(at position: Int) -> String { String(decoding: field(at: position), as: UTF8.self) }
}

extension String {
  func trimmingSpaces() -> String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}
