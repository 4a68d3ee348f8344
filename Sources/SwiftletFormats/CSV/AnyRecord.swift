// SPDX-License-Identifier: Apache-2.0
//
// The scan with all the rules: quotes, line ends inside of them, carriage returns, text beyond ASCII.
//
// It goes byte by byte, and only where the fast path of PlainRecord.swift gives up.
//
// Before    PlainRecord.swift     After    CSVBatch.swift
// Source    RFC 4180, section 2

private let quote = UInt8(ascii: "\"")
private let newline = UInt8(ascii: "\n")
private let carriageReturn = UInt8(ascii: "\r")

/// A record while it is scanned.
private struct OpenRecord {
  /// The position of the next byte: up to the longest record and a chunk, so that offsets fit into Int32.
  var next: Int
  /// The fields so far, in the scanner's list.
  var fields: Range<Int>
  /// The line ends so far.
  var lineEnds = 0
  /// Whether a field stood in quotes.
  var isQuoted = false
  /// The fields that hold doubled quotes.
  var doubled: [Int] = []
  /// The smallest byte: is there a NUL?
  var smallest = UInt8.max
  /// The bits of all bytes together: is there more than ASCII?
  var allBits: UInt8 = 0

  /// The number of the field that is being scanned, from 1.
  var column: Int { fields.count + 1 }
  var needsTextCheck: Bool { allBits >= 0x80 || smallest == 0 }
}

extension CSVScanner {
  /// Scans one record from the position on; `nil` if the piece ends before the record does.
  ///
  /// - Parameter used: Number of fields of earlier records before its own.
  func scanAnyRecord(_ used: Int) throws -> Scan? {
    guard let base = buffer.baseAddress else { return nil }
    var record = OpenRecord(next: position, fields: used..<used)
    while true {
      if record.fields.upperBound == fields.count { growFields(&fields, to: 2 * fields.count) }
      if hasQuotes, record.next < end, base[record.next] == quote {
        guard try scanQuotedField(base, &record) else { return nil }
      } else {
        scanBareField(base, &record)
      }
      record.fields = record.fields.lowerBound..<record.fields.upperBound + 1
      guard record.next < end else { return isAtEnd ? try finish(record, base) : nil }
      if base[record.next] == delimiter {
        record.next += 1
        continue
      }
      return try skipLineEnd(base, &record) ? try finish(record, base) : nil
    }
  }

  /// A field in quotes, its own quotes doubled; false where the piece ends before the field does.
  private func scanQuotedField(_ base: UnsafeMutablePointer<UInt8>, _ record: inout OpenRecord) throws -> Bool {
    record.isQuoted = true
    let lineOfQuote = line + record.lineEnds
    let start = record.next + 1
    var i = start
    var smallest = record.smallest
    var allBits = record.allBits
    var hasDoubledQuotes = false
    while true {
      guard i < end else {
        guard isAtEnd else { return false }
        throw FormatError(
          name, line: lineOfQuote, column: record.column,
          "a quote is opened here and never closed. A quote inside a field is written twice; if quotes are text in this "
            + "file, say so with --set source.quote=none.")
      }
      let byte = base[i]
      allBits |= byte
      smallest = min(smallest, byte)
      if byte == newline { record.lineEnds += 1 }
      if byte == quote {
        guard i + 1 < end || isAtEnd else { return false }
        guard i + 1 < end, base[i + 1] == quote else { break }
        hasDoubledQuotes = true
        i += 1
      }
      i += 1
    }
    record.smallest = smallest
    record.allBits = allBits
    if hasDoubledQuotes { record.doubled.append(record.fields.upperBound) }
    fields[record.fields.upperBound] = CSVField(start: Int32(start), end: Int32(i))
    record.next = i + 1  // behind the closing quote
    if record.next < end, case let byte = base[record.next], byte != delimiter, byte != newline, byte != carriageReturn
    {
      throw FormatError(
        name, line: line + record.lineEnds, column: record.column,
        "text follows a closing quote. A quote inside a field is written twice; if quotes are text in this file, say so "
          + "with --set source.quote=none.")
    }
    return true
  }

  /// A field without quotes, up to the next delimiter, line end or the end of the piece.
  private func scanBareField(_ base: UnsafeMutablePointer<UInt8>, _ record: inout OpenRecord) {
    let delimiter = delimiter
    var i = record.next
    var smallest = record.smallest
    var allBits = record.allBits
    while i < end {
      let byte = base[i]
      if byte == delimiter || byte == newline || byte == carriageReturn { break }
      allBits |= byte
      smallest = min(smallest, byte)
      i += 1
    }
    fields[record.fields.upperBound] = CSVField(start: Int32(record.next), end: Int32(i))
    record.next = i
    record.smallest = smallest
    record.allBits = allBits
  }

  /// Steps behind LF or CRLF; false where the piece ends between the two.
  private func skipLineEnd(_ base: UnsafeMutablePointer<UInt8>, _ record: inout OpenRecord) throws -> Bool {
    if base[record.next] == carriageReturn {
      guard record.next + 1 < end || isAtEnd else { return false }
      guard record.next + 1 < end, base[record.next + 1] == newline else {
        throw FormatError(
          name, line: line + record.lineEnds, column: record.fields.count,
          "a carriage return stands alone. Lines end in LF or CRLF; elsewhere it must stand in quotes.")
      }
      record.next += 1
    }
    record.next += 1
    record.lineEnds += 1
    return true
  }

  /// Steps behind a whole record, makes doubled quotes single, and checks its text.
  private func finish(_ record: OpenRecord, _ base: UnsafeMutablePointer<UInt8>) throws -> Scan {
    let recordLine = line
    position = record.next
    line += record.lineEnds
    for i in record.doubled {
      var target = Int(fields[i].start)
      var source = target
      while source < Int(fields[i].end) {
        base[target] = base[source]
        source += base[source] == quote ? 2 : 1
        target += 1
      }
      fields[i].end = Int32(target)
    }
    for i in record.fields where record.needsTextCheck {
      let bytes = UnsafeBufferPointer(start: base + Int(fields[i].start), count: Int(fields[i].end - fields[i].start))
      func wrong(_ message: String) -> FormatError {
        FormatError(name, line: recordLine, column: i - record.fields.lowerBound + 1, message)
      }
      guard !bytes.contains(0) else { throw wrong("holds a NUL byte: this is not a text file.") }
      guard String(validating: bytes, as: UTF8.self) != nil else {
        throw wrong("is not valid UTF-8. Save the file as UTF-8.")
      }
    }
    let first = fields[record.fields.lowerBound]
    let isBlank = record.fields.count == 1 && first.start == first.end && !record.isQuoted
    return Scan(line: recordLine, fieldCount: record.fields.count, isBlank: isBlank)
  }
}
