// SPDX-License-Identifier: Apache-2.0
//
// A batch of records: what the scanner has found in one piece of the file.
//
// A table is read from a batch column by column: cells of a column are alike, so that one
// short loop serves them all, and two threads can take columns of their own. A batch is small enough to
// stay in the cache meanwhile.
//
// Before    AnyRecord.swift     After    EightDigits.swift

/// Where one field lies in the piece, without its quotes.
struct CSVField {
  var start: Int32
  var end: Int32
}

/// Consecutive records with the same number of fields. Valid only during the call that receives it.
public struct CSVBatch {
  /// Number of records.
  public let recordCount: Int
  /// Number of fields in each record.
  public let fieldCount: Int
  /// The piece of the file. Behind its last byte lie ``CSVScanner/padding`` more that can be read.
  let base: UnsafePointer<UInt8>
  /// `recordCount · fieldCount` fields, record by record.
  let fields: UnsafePointer<CSVField>
  let lines: [Int]

  /// The line on which a record begins, from 1.
  public func line(of record: Int) -> Int { lines[record] }

  /// The bytes of one field: valid UTF-8.
  @inline(__always) public func field(_ record: Int, _ column: Int) -> UnsafeBufferPointer<UInt8> {
    // In bounds: the scanner has put recordCount · fieldCount ranges there, each inside its piece of the file.
    let field = fields[record * fieldCount + column]
    return UnsafeBufferPointer(start: base + Int(field.start), count: Int(field.end - field.start))
  }

  /// One field as text.
  public func text(_ record: Int, _ column: Int) -> String { String(decoding: field(record, column), as: UTF8.self) }
}

extension CSVBatch {
  /// Reads the cells of a column for as long as they are finite numbers.
  ///
  /// - Parameters:
  ///   - records: Which records.
  ///   - target: Room for as many numbers.
  ///   - spelling: How the column's numbers are written so far; updated.
  /// - Returns: The record at which it ended: the end of the range, or one whose cell is something else.
  package func readNumbers(
    _ column: Int, of records: Range<Int>, into target: UnsafeMutablePointer<Double>, _ spelling: inout NumberSpelling
  ) -> Int {
    var known = spelling
    defer { spelling = known }
    // In bounds: the batch has recordCount · fieldCount fields, and the loop ends before the last record's successor.
    var field = fields + (records.lowerBound * fieldCount + column)
    var target = target
    for record in records {
      let cell = UnsafeBufferPointer(
        start: base + Int(field.pointee.start), count: Int(field.pointee.end &- field.pointee.start))
      if let number = parseShort(cell) {
        target.pointee = number.value
        known.add(number)
      } else {
        guard let number = parseWritten(cell), number.value.isFinite else { return record }
        target.pointee = number.value
        known.add(number)
      }
      field += fieldCount
      target += 1
    }
    return records.upperBound
  }
}
