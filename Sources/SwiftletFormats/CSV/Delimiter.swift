// SPDX-License-Identifier: Apache-2.0
//
// Which character separates the fields of a table.
//
// Before    CSVScanner.swift     After    PlainRecord.swift

extension CSVScanner {
  /// The delimiter that splits the first records into the same number of fields, more than one.
  func detectDelimiter() throws -> UInt8 {
    while !isAtEnd, end - position < 1 << 16, end < capacity { try fill() }
    let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")]
    let sample = buffer[position..<end]
    let best = candidates.map { ($0, score($0, sample)) }.max { $0.1 < $1.1 }
    return best.flatMap { $0.1 > 0 ? $0.0 : nil } ?? UInt8(ascii: ",")
  }

  /// How well a delimiter fits: 0 if it splits nothing, most if it splits the first 20 records alike.
  ///
  /// One or several first lines may be titles, which it need not split.
  private func score(_ candidate: UInt8, _ sample: Slice<UnsafeMutableBufferPointer<UInt8>>) -> Int {
    let counts = sampleRecords(candidate, sample).map(\.fieldCount)
    guard let first = counts.first else { return 0 }
    if first > 1 { return counts.allSatisfy { $0 == first } ? 1_000_000 + first : first }
    let table = counts.drop { $0 == 1 }
    guard table.count > 1, let width = table.first, table.allSatisfy({ $0 == width }) else { return 0 }
    return 1000 + width
  }

  /// A record of the sample, roughly.
  struct SampleRecord {
    /// The line on which it begins.
    var line: Int
    var fieldCount = 1
  }

  /// The first 20 records that are not blank.
  func sampleRecords(_ candidate: UInt8, _ sample: Slice<UnsafeMutableBufferPointer<UInt8>>) -> [SampleRecord] {
    var records: [SampleRecord] = []
    var lineNumber = line
    var record = SampleRecord(line: lineNumber)
    var isQuoted = false
    var isEmpty = true
    for byte in sample {
      if byte == UInt8(ascii: "\n") { lineNumber += 1 }
      if byte == UInt8(ascii: "\""), hasQuotes { isQuoted.toggle() }
      guard !isQuoted else { continue }
      if byte == UInt8(ascii: "\n") {
        if !isEmpty { records.append(record) }
        if records.count == 20 { break }
        record = SampleRecord(line: lineNumber)
        isEmpty = true
      } else if byte != UInt8(ascii: "\r") {
        isEmpty = false
        if byte == candidate { record.fieldCount += 1 }
      }
    }
    return records.isEmpty ? [record] : records
  }
}
