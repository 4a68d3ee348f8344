// SPDX-License-Identifier: Apache-2.0
//
// The CSV scanner: where the fields of a record begin and end.
//
// It works on a piece of the file at a time, and hands out the records that lie in it as batches. A record
// that runs past the end of the piece is moved to its front, the rest is filled up, and the record is scanned
// again: simple, and rare enough to cost nothing. Plain records are scanned in PlainRecord.swift, all others in
// AnyRecord.swift.
//
// Before    CSVHeader.swift     After    Delimiter.swift

/// Finds records and fields in a stream of bytes.
final class CSVScanner {
  /// The largest number of bytes in a record: in a longer one a closing quote is missing.
  static let longestRecord = 1 << 28
  /// The largest number of fields in a batch: with the text they belong to, they stay in the second cache.
  static let batchLimit = 1 << 17
  /// Number of bytes that can be read behind the piece: zeros, or the rest of an earlier piece.
  static let padding = 32

  var delimiter: UInt8 = UInt8(ascii: ",")
  /// Whether quotes enclose fields; otherwise they are text.
  var hasQuotes = true
  /// Whether plain records may take the fast path. Tests turn it off to compare.
  var usesFastPath = true
  private let reader: TextReader
  let name: String
  private(set) var buffer: UnsafeMutableBufferPointer<UInt8>
  /// Where the next record begins in the piece.
  var position = 0
  /// Where the piece ends.
  private(set) var end = 0
  /// Whether the piece is the last one.
  private(set) var isAtEnd = false
  /// The line on which the next record begins, from 1.
  var line = 1
  /// The fields of the batch, and of the record that is being scanned behind them.
  var fields = UnsafeMutableBufferPointer<CSVField>.allocate(capacity: 64)
  private var lines: [Int] = []
  /// An error behind a batch, which is thrown after the batch was handed out.
  private var pendingError: (any Error)?

  init(_ source: ByteSource, chunkSize: Int) throws {
    name = source.name
    reader = try TextReader(source)
    buffer = CSVScanner.makeBuffer(max(chunkSize, 16))
    try fill()
    let start = buffer[..<min(3, end)]
    if start.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }  // byte order mark
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

  /// The largest number of bytes in a piece.
  var capacity: Int { buffer.count - CSVScanner.padding }

  /// The next records that are not blank lines, or `nil` at the end.
  ///
  /// - Parameter fieldCount: The number of fields that every record must have; `nil` to take one record as it is.
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
        if record.isBlank, fieldCount != 1 { continue }  // of one column, a blank line is a missing value
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

  /// One scanned record.
  struct Scan {
    let line: Int
    let fieldCount: Int
    let isBlank: Bool
  }

  /// Scans one record from the position on; `nil` if the piece ends before the record does.
  ///
  /// - Parameter used: Number of fields of earlier records before its own.
  private func scan(_ used: Int) throws -> Scan? {
    if usesFastPath, let base = buffer.baseAddress {
      if let plain = scanPlainRecord(base, position..<end, delimiter: delimiter, into: &fields, from: used) {
        let scan = Scan(line: line, fieldCount: plain.fieldCount, isBlank: plain.isBlank)
        position = plain.end
        line += 1
        return scan
      }
    }
    return try scanAnyRecord(used)
  }

  /// Moves the rest of the piece to the front of the buffer and fills it up.
  func fill() throws {
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
    position = 0
    end = left
    let room = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[left..<capacity]))
    let count = try reader.read(into: room)
    end += count
    if count == 0 { isAtEnd = true }
  }
}
