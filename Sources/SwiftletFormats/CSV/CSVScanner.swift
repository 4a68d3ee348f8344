// SPDX-License-Identifier: Apache-2.0
//
// The CSV scanner: where the fields of a record begin and end.
//
// It works on a piece of the file at a time, and hands out the records that lie in it as batches. A record
// that runs past the end of the piece is moved to its front, the rest is filled up, and the record is scanned
// again: simple, and rare enough to cost nothing. This file holds the scan that knows all the rules, byte by
// byte; the fast one for plain records stands in PlainRecord.swift.
//
// Before    CSVReader.swift     After    PlainRecord.swift

/// Finds records and fields in a stream of bytes.
final class CSVScanner {
  /// A record may not be longer; what is longer has lost a quote.
  static let longestRecord = 1 << 28
  /// So many fields make a batch: with the text they belong to, they stay in the second cache.
  static let batchLimit = 1 << 17
  /// So many bytes can be read behind the piece: zeros, or what an earlier piece has left there.
  static let padding = 32

  var delimiter: UInt8 = UInt8(ascii: ",")
  /// Whether plain records may take the fast path. Tests turn it off to compare.
  var usesFastPath = true
  private let reader: ByteReader
  private let name: String
  private var buffer: UnsafeMutableBufferPointer<UInt8>
  private var position = 0
  private var end = 0
  private var isAtEnd = false
  private var line = 1
  /// The fields of the batch, and of the record that is being scanned behind them.
  private var fields = UnsafeMutableBufferPointer<CSVField>.allocate(capacity: 64)
  private var lines: [Int] = []
  /// What went wrong behind a batch that had to be handed out first.
  private var pendingError: (any Error)?

  init(_ source: ByteSource, chunkSize: Int) throws {
    name = source.name
    reader = try source.open()
    buffer = CSVScanner.makeBuffer(max(chunkSize, 16))
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

  /// Room for a piece and the padding behind it.
  private static func makeBuffer(_ size: Int) -> UnsafeMutableBufferPointer<UInt8> {
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: size + padding)
    buffer[size...].initialize(repeating: 0)
    return buffer
  }

  /// How long a piece can be.
  private var capacity: Int { buffer.count - CSVScanner.padding }

  /// The next records that are not blank lines, or `nil` at the end.
  ///
  /// - Parameter fieldCount: How many fields every record must have; `nil` to take one record as it is.
  func nextBatch(fieldCount: Int?) throws -> CSVBatch? {
    if let error = pendingError { throw error }
    var width = fieldCount ?? 0
    lines.removeAll(keepingCapacity: true)
    while lines.isEmpty || (fieldCount != nil && (lines.count + 1) * width <= CSVScanner.batchLimit) {
      if position == end, isAtEnd { break }
      do {
        guard let record = try scan(lines.count * width) else {
          guard lines.isEmpty else { break }  // filling up would move the batch
          try fill()
          continue
        }
        if record.isBlank { continue }
        if let fieldCount, record.fieldCount != fieldCount {
          throw FormatError(
            name, line: record.line,
            "expected \(fieldCount) fields, as in the header, found \(record.fieldCount). "
              + "A field that holds the delimiter \(quoted(String(UnicodeScalar(delimiter)))) must stand in quotes.")
        }
        width = record.fieldCount
        lines.append(record.line)
      } catch {
        guard !lines.isEmpty else { throw error }
        pendingError = error
        break
      }
    }
    guard !lines.isEmpty, let base = buffer.baseAddress, let fields = fields.baseAddress else { return nil }
    return CSVBatch(
      recordCount: lines.count, fieldCount: width, base: UnsafePointer(base), fields: UnsafePointer(fields),
      lines: lines)
  }

  private struct Scan {
    let line: Int
    let fieldCount: Int
    let isBlank: Bool
  }

  /// Scans one record from the position on; `nil` where the piece ends before the record does.
  ///
  /// - Parameter used: How many fields of earlier records stand before its own.
  private func scan(_ used: Int) throws -> Scan? {
    if usesFastPath, let base = buffer.baseAddress {
      if let plain = scanPlainRecord(base, position..<end, delimiter: delimiter, into: &fields, from: used) {
        defer { (position, line) = (plain.end, line + 1) }
        return Scan(line: line, fieldCount: plain.fieldCount, isBlank: plain.isBlank)
      }
    }
    return try scanByByte(used)
  }

  /// Every rule, byte by byte.
  private func scanByByte(_ used: Int) throws -> Scan? {
    guard let base = buffer.baseAddress else { return nil }
    let (quote, newline, carriageReturn) = (UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"))
    let delimiter = delimiter
    var i = position  // up to longestRecord and a chunk, so that offsets fit into Int32
    var count = used
    var lineEnds = 0
    var isQuoted = false
    var doubled: [Int] = []
    // The smallest and, but for its lower bits, the largest byte: is there a NUL, is there more than ASCII?
    var (smallest, nonASCII) = (UInt8.max, UInt8(0))

    while true {
      if count == fields.count { growFields(&fields, to: 2 * count) }
      if i < end, base[i] == quote {
        isQuoted = true
        let opening = i
        let lineOfQuote = line + lineEnds
        i += 1
        var hasDoubledQuotes = false
        while true {
          guard i < end else {
            guard isAtEnd else { return nil }
            throw FormatError(
              name, line: lineOfQuote, column: count - used + 1,
              "a quote is opened here and never closed. A quote inside a field is written twice.")
          }
          let byte = base[i]
          nonASCII |= byte
          smallest = min(smallest, byte)
          if byte == newline { lineEnds += 1 }
          if byte == quote {
            guard i + 1 < end || isAtEnd else { return nil }
            if i + 1 < end, base[i + 1] == quote {
              hasDoubledQuotes = true
              i += 2
              continue
            }
            break
          }
          i += 1
        }
        if hasDoubledQuotes { doubled.append(count) }
        fields[count] = CSVField(start: Int32(opening + 1), end: Int32(i))
        i += 1  // the closing quote
        if i < end, base[i] != delimiter, base[i] != newline, base[i] != carriageReturn {
          throw FormatError(
            name, line: line + lineEnds, column: count - used + 1,
            "text follows a closing quote. A quote inside a field is written twice.")
        }
      } else {
        let fieldStart = i
        while i < end {
          let byte = base[i]
          if byte == delimiter || byte == newline || byte == carriageReturn { break }
          nonASCII |= byte
          smallest = min(smallest, byte)
          i += 1
        }
        fields[count] = CSVField(start: Int32(fieldStart), end: Int32(i))
      }
      count += 1
      let checksText = nonASCII >= 0x80 || smallest == 0
      guard i < end else {
        guard isAtEnd else { return nil }
        return try finish(
          used..<count, next: i, lineEnds: lineEnds, isQuoted: isQuoted, doubled: doubled, checksText: checksText)
      }
      if base[i] == delimiter {
        i += 1
        continue
      }
      if base[i] == carriageReturn {
        guard i + 1 < end || isAtEnd else { return nil }
        guard i + 1 < end, base[i + 1] == newline else {
          throw FormatError(
            name, line: line + lineEnds, column: count - used,
            "a carriage return stands alone. Lines end in LF or CRLF; elsewhere it must stand in quotes.")
        }
        i += 1
      }
      return try finish(
        used..<count, next: i + 1, lineEnds: lineEnds + 1, isQuoted: isQuoted, doubled: doubled,
        checksText: checksText)
    }
  }

  /// Steps behind a whole record, checks its text, and makes doubled quotes single.
  private func finish(
    _ fields: Range<Int>, next: Int, lineEnds: Int, isQuoted: Bool, doubled: [Int], checksText: Bool
  ) throws -> Scan {
    guard let base = buffer.baseAddress else { return Scan(line: line, fieldCount: 0, isBlank: true) }
    let recordLine = line
    position = next
    line += lineEnds
    for i in doubled {
      var target = Int(self.fields[i].start)
      var source = target
      while source < Int(self.fields[i].end) {
        base[target] = base[source]
        source += base[source] == UInt8(ascii: "\"") ? 2 : 1
        target += 1
      }
      self.fields[i].end = Int32(target)
    }
    for i in fields where checksText {
      let field = self.fields[i]
      let bytes = UnsafeBufferPointer(start: base + Int(field.start), count: Int(field.end - field.start))
      guard !bytes.contains(0) else {
        throw FormatError(
          name, line: recordLine, column: i - fields.lowerBound + 1, "holds a NUL byte: this is not a text file.")
      }
      guard String(validating: bytes, as: UTF8.self) != nil else {
        throw FormatError(
          name, line: recordLine, column: i - fields.lowerBound + 1, "is not valid UTF-8. Save the file as UTF-8.")
      }
    }
    let first = self.fields[fields.lowerBound]
    return Scan(
      line: recordLine, fieldCount: fields.count, isBlank: fields.count == 1 && first.start == first.end && !isQuoted)
  }

  /// Moves what is left to the front of the buffer and fills up the rest.
  private func fill() throws {
    guard let base = buffer.baseAddress else { return }
    let left = end - position
    if left == capacity {
      guard left < CSVScanner.longestRecord else {
        throw FormatError(
          name, line: line, "a record is longer than \(CSVScanner.longestRecord) bytes: a closing quote is missing.")
      }
      let larger = CSVScanner.makeBuffer(capacity * 2)
      larger.baseAddress?.update(from: base + position, count: left)
      buffer.deallocate()
      buffer = larger
    } else if position > 0 {
      base.update(from: base + position, count: left)
    }
    (position, end) = (0, left)
    let room = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[left..<capacity]))
    let count = try reader.read(into: room)
    end += count
    if count == 0 { isAtEnd = true }
  }

  /// The delimiter that splits the first records into the same number of fields, more than one.
  func detectDelimiter() throws -> UInt8 {
    while !isAtEnd, end - position < 1 << 16, end < capacity { try fill() }
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
