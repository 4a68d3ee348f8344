// SPDX-License-Identifier: Apache-2.0
//
// The CSV scanner: where the fields of a record begin and end.
//
// It works on a piece of the file at a time. A record that runs past the end of the piece is moved to
// its front, the rest is filled up, and the record is scanned again: simple, and rare enough to cost nothing.
//
// Before    CSVReader.swift     After    NumberParsing.swift

/// Finds records and fields in a stream of bytes.
final class CSVScanner {
  struct Field {
    var start: Int32
    var end: Int32
    /// Whether doubled quotes inside must be made single ones.
    var hasDoubledQuotes: Bool
  }

  /// A record may not be longer; what is longer has lost a quote.
  static let longestRecord = 1 << 28

  var delimiter: UInt8 = UInt8(ascii: ",")
  private let reader: ByteReader
  private let name: String
  private var buffer: UnsafeMutableBufferPointer<UInt8>
  private var position = 0
  private var end = 0
  private var isAtEnd = false
  private var line = 1
  private var fields = UnsafeMutableBufferPointer<Field>.allocate(capacity: 64)

  init(_ source: ByteSource, chunkSize: Int) throws {
    name = source.name
    reader = try source.open()
    buffer = .allocate(capacity: max(chunkSize, 16))
    try fill()
    let start = buffer[..<min(3, end)]
    if start.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }  // byte order mark
    if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) {
      throw FormatError(name, "is UTF-16; save it as UTF-8.")
    }
  }

  deinit {
    buffer.deallocate()
    fields.deallocate()
  }

  /// The next record that is not a blank line, or `nil` at the end.
  func next() throws -> CSVRecord? {
    while true {
      if position == end, isAtEnd { return nil }
      guard let record = try scan() else {
        try fill()
        continue
      }
      if record.fieldCount == 1, fields[0].start == fields[0].end, !record.isQuoted { continue }  // a blank line
      return CSVRecord(
        line: record.line, fieldCount: record.fieldCount, base: UnsafePointer(record.base),
        ends: UnsafePointer(record.fields))
    }
  }

  private struct Scan {
    let line: Int
    let fieldCount: Int
    let isQuoted: Bool
    let base: UnsafeMutablePointer<UInt8>
    let fields: UnsafeMutablePointer<Field>
  }

  /// Scans one record from the position on; `nil` where the piece ends before the record does.
  private func scan() throws -> Scan? {
    guard let start = buffer.baseAddress, var found = fields.baseAddress else { return nil }
    let base = start + position
    let length = end - position  // at most longestRecord + a chunk, so offsets fit into Int32
    let (quote, newline, carriageReturn) = (UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"))
    let delimiter = delimiter
    var i = 0
    var count = 0
    var lineEnds = 0
    var anyQuoted = false
    // The smallest and, but for its lower bits, the largest byte: is there a NUL, is there more than ASCII?
    var (smallest, nonASCII) = (UInt8.max, UInt8(0))

    while true {
      if count == fields.count {
        growFields()
        found = fields.baseAddress ?? found
      }
      if i < length, base[i] == quote {
        anyQuoted = true
        let opening = i
        let lineOfQuote = line + lineEnds
        i += 1
        var doubled = false
        while true {
          guard i < length else {
            guard isAtEnd else { return nil }
            throw FormatError(
              name, line: lineOfQuote, column: count + 1,
              "a quote is opened here and never closed. A quote inside a field is written twice.")
          }
          let byte = base[i]
          nonASCII |= byte
          smallest = min(smallest, byte)
          if byte == newline { lineEnds += 1 }
          if byte == quote {
            guard i + 1 < length || isAtEnd else { return nil }
            if i + 1 < length, base[i + 1] == quote {
              doubled = true
              i += 2
              continue
            }
            break
          }
          i += 1
        }
        found[count] = Field(start: Int32(opening + 1), end: Int32(i), hasDoubledQuotes: doubled)
        i += 1  // the closing quote
        if i < length, base[i] != delimiter, base[i] != newline, base[i] != carriageReturn {
          throw FormatError(
            name, line: line + lineEnds, column: count + 1,
            "text follows a closing quote. A quote inside a field is written twice.")
        }
      } else {
        let fieldStart = i
        while i < length {
          let byte = base[i]
          if byte == delimiter || byte == newline || byte == carriageReturn { break }
          nonASCII |= byte
          smallest = min(smallest, byte)
          i += 1
        }
        found[count] = Field(start: Int32(fieldStart), end: Int32(i), hasDoubledQuotes: false)
      }
      count += 1
      guard i < length else {
        guard isAtEnd else { return nil }
        return try finish(
          base, found, count, length: i, lineEnds: lineEnds, anyQuoted: anyQuoted,
          checksText: nonASCII >= 0x80 || smallest == 0)
      }
      if base[i] == delimiter {
        i += 1
        continue
      }
      if base[i] == carriageReturn {
        guard i + 1 < length || isAtEnd else { return nil }
        guard i + 1 < length, base[i + 1] == newline else {
          throw FormatError(
            name, line: line + lineEnds, column: count,
            "a carriage return stands alone. Lines end in LF or CRLF; elsewhere it must stand in quotes.")
        }
        i += 1
      }
      return try finish(
        base, found, count, length: i + 1, lineEnds: lineEnds + 1, anyQuoted: anyQuoted,
        checksText: nonASCII >= 0x80 || smallest == 0)
    }
  }

  /// Steps behind a whole record, checks its text, and makes doubled quotes single.
  private func finish(
    _ base: UnsafeMutablePointer<UInt8>, _ found: UnsafeMutablePointer<Field>, _ count: Int, length: Int, lineEnds: Int,
    anyQuoted: Bool, checksText: Bool
  ) throws -> Scan {
    let recordLine = line
    position += length
    line += lineEnds
    for i in 0..<count where anyQuoted && found[i].hasDoubledQuotes {
      var target = Int(found[i].start)
      var source = target
      while source < Int(found[i].end) {
        base[target] = base[source]
        source += base[source] == UInt8(ascii: "\"") ? 2 : 1
        target += 1
      }
      found[i].end = Int32(target)
    }
    for i in 0..<count where checksText {
      let bytes = UnsafeBufferPointer(start: base + Int(found[i].start), count: Int(found[i].end - found[i].start))
      guard !bytes.contains(0) else {
        throw FormatError(name, line: recordLine, column: i + 1, "holds a NUL byte: this is not a text file.")
      }
      guard String(validating: bytes, as: UTF8.self) != nil else {
        throw FormatError(name, line: recordLine, column: i + 1, "is not valid UTF-8. Save the file as UTF-8.")
      }
    }
    return Scan(line: recordLine, fieldCount: count, isQuoted: anyQuoted, base: base, fields: found)
  }

  private func growFields() {
    let larger = UnsafeMutableBufferPointer<Field>.allocate(capacity: fields.count * 2)
    _ = larger.moveInitialize(fromContentsOf: fields)
    fields.deallocate()
    fields = larger
  }

  /// Moves what is left to the front of the buffer and fills up the rest.
  private func fill() throws {
    guard let base = buffer.baseAddress else { return }
    let left = end - position
    if left == buffer.count {
      guard left < CSVScanner.longestRecord else {
        throw FormatError(
          name, line: line, "a record is longer than \(CSVScanner.longestRecord) bytes: a closing quote is missing.")
      }
      let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: buffer.count * 2)
      larger.baseAddress?.update(from: base + position, count: left)
      buffer.deallocate()
      buffer = larger
    } else if position > 0 {
      base.update(from: base + position, count: left)
    }
    (position, end) = (0, left)
    let room = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[left...]))
    let count = try reader.read(into: room)
    end += count
    if count == 0 { isAtEnd = true }
  }

  /// The delimiter that splits the first records into the same number of fields, more than one.
  func detectDelimiter() throws -> UInt8 {
    while !isAtEnd, end - position < 1 << 16, end < buffer.count { try fill() }
    let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")]
    let sample = buffer[position..<end]
    func score(_ candidate: UInt8) -> Int {
      var counts: [Int] = []
      var (count, isQuoted, isEmpty) = (1, false, true)
      for byte in sample {
        if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
        guard !isQuoted else { continue }
        if byte == UInt8(ascii: "\n") {
          if !isEmpty { counts.append(count) }
          if counts.count == 20 { break }
          (count, isEmpty) = (1, true)
        } else if byte != UInt8(ascii: "\r") {
          isEmpty = false
          if byte == candidate { count += 1 }
        }
      }
      if counts.isEmpty { counts = [count] }
      guard let first = counts.first, first > 1 else { return 0 }
      return counts.allSatisfy { $0 == first } ? 1_000_000 + first : first
    }
    let best = candidates.map { ($0, score($0)) }.max { $0.1 < $1.1 }
    return best.flatMap { $0.1 > 0 ? $0.0 : nil } ?? UInt8(ascii: ",")
  }
}
