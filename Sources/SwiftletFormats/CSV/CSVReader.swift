// SPDX-License-Identifier: Apache-2.0
//
// CSV: tables as text, read some records at a time.
//
// The reader holds one piece of the file, finds the fields of the next records in it, and hands them out
// as ranges of bytes; nothing is allocated for a field, and a file of any size passes through. Every error
// names its line and column.
//
// Before    Bytes/SHA256.swift     After    CSVHeader.swift
// Source    RFC 4180, section 2

/// Reads a table with a header line, delimiter by delimiter.
///
/// Quoted fields may hold delimiters, line ends and doubled quotes; lines end in LF or CRLF, which the last one
/// may lack; a byte order mark and blank lines are skipped.
public final class CSVReader {
  /// The names in the first record.
  public private(set) var header: [String] = []
  /// The byte between two fields.
  public let delimiter: UInt8
  private let source: ByteSource
  private let scanner: CSVScanner

  /// Whether the names look like values, so that the first record decides.
  private var mayLackHeader = false

  /// Opens a table and reads its header.
  ///
  /// A first column without a name is an index that pandas or R has written; its name is empty.
  ///
  /// - Parameters:
  ///   - source: The file.
  ///   - delimiter: `,` `;` tab or `|`, found by looking at the first records where it is not given.
  ///   - place: Where the names stand.
  ///   - hasQuotes: Whether quotes enclose fields.
  ///   - chunkSize: How many bytes are read at a time.
  /// - Throws: ``FormatError`` if the file is empty, is not UTF-8, or has a repeated name in its header.
  public init(
    _ source: ByteSource, delimiter: UInt8? = nil, header place: CSVHeader = .automatic, hasQuotes: Bool = true,
    chunkSize: Int = 1 << 20
  ) throws {
    self.source = source
    let scanner = try CSVScanner(source, chunkSize: chunkSize)
    self.scanner = scanner
    scanner.hasQuotes = hasQuotes
    let declared = try scanner.takeDeclaredDelimiter()
    if case .line(let line) = place { try scanner.skip(to: line) }
    self.delimiter = try delimiter ?? declared ?? scanner.detectDelimiter()
    scanner.delimiter = self.delimiter
    if place == .automatic {
      try scanner.refuseTitle()
      try scanner.refuseSpaces()
    }
    if place == .none {
      // A reader of its own looks at the first record, so that the record is still to be read.
      let record = try CSVReader.firstRecord(source, delimiter: self.delimiter, hasQuotes: hasQuotes)
      header = CSVHeader.numbered(record.count)
      guard CSVHeader.areNumbered(record) else { return }
    }
    guard let first = try scanner.nextBatch(fieldCount: nil) else {
      throw FormatError(source.name, "is empty: a table begins with a line of column names.")
    }
    header = (0..<first.fieldCount).map { first.text(0, $0).trimmingSpaces() }
    if place == .automatic { mayLackHeader = CSVHeader.lookLikeValues(header) }
    try checkNames(line: first.line(of: 0))
  }

  /// Refuses repeated names, and a header without names.
  private func checkNames(line: Int) throws {
    guard header.contains(where: { !$0.isEmpty }) else {
      throw FormatError(
        source.name, line: line,
        "no column has a name. If the names stand in another line, say in which: "
          + "--set source.header=LINE; if there are none, --set source.header=none.")
    }
    var positions: [String: Int] = [:]
    for (position, name) in header.enumerated() where !name.isEmpty {
      if let other = positions.updateValue(position, forKey: name) {
        let remedy = CSVHeader.isNumber(name) ? " If there is no header, say --set source.header=none." : ""
        throw FormatError(
          source.name, line: line, column: position + 1, columnName: name,
          "the name is that of column \(other + 1) too; every column needs a name of its own." + remedy)
      }
    }
  }

  /// The fields of the first record; none if there is no record.
  package static func firstRecord(
    _ source: ByteSource, delimiter: UInt8? = nil, hasQuotes: Bool = true
  ) throws -> [String] {
    let scanner = try CSVScanner(source, chunkSize: 1 << 16)
    scanner.hasQuotes = hasQuotes
    let declared = try scanner.takeDeclaredDelimiter()
    scanner.delimiter = try delimiter ?? declared ?? scanner.detectDelimiter()
    guard let batch = try scanner.nextBatch(fieldCount: nil) else { return [] }
    return (0..<batch.fieldCount).map { batch.text(0, $0).trimmingSpaces() }
  }

  /// Calls `body` with the records after the header, some at a time. A batch is valid during the call only.
  ///
  /// - Parameters:
  ///   - allowsNone: Whether a file with only a header is accepted.
  ///   - body: Called with each batch.
  /// - Throws: ``FormatError`` for a record with more or fewer fields than the header, or that is malformed,
  ///   and for a file of only a header where that is not allowed.
  public func forEachBatch(allowsNone: Bool = false, _ body: (CSVBatch) throws -> Void) throws {
    var isEmpty = !allowsNone
    while let batch = try scanner.nextBatch(fieldCount: header.count) {
      if isEmpty, mayLackHeader { try refuseValuesAsNames(batch) }
      try body(batch)
      isEmpty = false
    }
    guard !isEmpty else {
      throw FormatError(source.name, "has a header and no records: there is nothing to learn from.")
    }
  }
}

extension CSVReader {
  /// Refuses a header of numbers above columns of numbers.
  private func refuseValuesAsNames(_ batch: CSVBatch) throws {
    let isAlike = header.indices.allSatisfy {
      !CSVHeader.isNumber(header[$0]) || parseNumber(batch.field(0, $0)) != nil
    }
    guard isAlike else { return }
    throw FormatError(
      source.name, line: 1,
      "holds values, such as \(quoted(header.first(where: CSVHeader.isNumber) ?? "")), where the names of the columns "
        + "should be. If there is no header, say --set source.header=none; the columns are called column_1, column_2 "
        + "and so on. If these are names, say --set source.header=1.")
  }
}

extension String {
  /// The text without the spaces and tabs at its ends.
  package func trimmingSpaces() -> String {
    // Nearly every text begins and ends with something else.
    guard let first = utf8.first, let last = utf8.last, first == 32 || first == 9 || last == 32 || last == 9 else {
      return self
    }
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}
