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

  /// How well a delimiter fits: 0 where it splits nothing, most where it splits the first 20 records alike.
  private func score(_ candidate: UInt8, _ sample: Slice<UnsafeMutableBufferPointer<UInt8>>) -> Int {
    var counts: [Int] = []
    var count = 1
    var isQuoted = false
    var isEmpty = true
    for byte in sample {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      guard !isQuoted else { continue }
      if byte == UInt8(ascii: "\n") {
        if !isEmpty { counts.append(count) }
        if counts.count == 20 { break }
        count = 1
        isEmpty = true
      } else if byte != UInt8(ascii: "\r") {
        isEmpty = false
        if byte == candidate { count += 1 }
      }
    }
    if counts.isEmpty { counts = [count] }
    guard let first = counts.first, first > 1 else { return 0 }
    return counts.allSatisfy { $0 == first } ? 1_000_000 + first : first
  }
}
