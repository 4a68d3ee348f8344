// SPDX-License-Identifier: Apache-2.0
//
// The fast path of the CSV scanner: records of plain fields, 32 bytes at a time.
//
// Nearly all records of nearly all tables are ASCII without quotes. There a field ends at the next delimiter
// or line end, and a comparison of many bytes at once finds those. A record with anything else (a quote,
// a carriage return alone, a NUL, a letter beyond ASCII) goes to the scan of AnyRecord.swift.
//
// Before    Delimiter.swift     After    AnyRecord.swift
// Source    Langdale, Lemire, "Parsing Gigabytes of JSON per Second" (2019), section 3.1

/// Finds the fields of a record, if it is plain and ends within the piece.
///
/// - Parameters:
///   - base: The piece; ``CSVScanner/padding`` bytes can be read behind it.
///   - range: From the record's beginning to the end of the piece.
///   - fields: Where the fields are put; it grows if needed.
///   - first: The position of the first one.
/// - Returns: How many fields there are, and where the next record begins; `nil` if the record is not plain.
@inline(__always)
func scanPlainRecord(
  _ base: UnsafeMutablePointer<UInt8>, _ range: Range<Int>, delimiter: UInt8,
  into fields: inout UnsafeMutableBufferPointer<CSVField>, from first: Int
) -> (fieldCount: Int, end: Int, isBlank: Bool)? {
  var count = first
  var fieldStart = range.lowerBound
  var block = range.lowerBound
  while block < range.upperBound {
    if fields.count - count < 32 { growFields(&fields, to: 2 * count + 32) }
    var stops = stopBits(base + block, delimiter)
    while stops != 0 {
      let i = block + stops.trailingZeroBitCount
      stops &= stops &- 1
      // In the padding there is an end of line, or what an earlier piece has left.
      guard i < range.upperBound else { return nil }
      let byte = base[i]
      if byte == delimiter {
        fields[count] = CSVField(start: Int32(truncatingIfNeeded: fieldStart), end: Int32(truncatingIfNeeded: i))
        count += 1
        fieldStart = i + 1
        continue
      }
      if byte == UInt8(ascii: "\t") { continue }
      let isPair = byte == UInt8(ascii: "\r") && i + 1 < range.upperBound && base[i + 1] == UInt8(ascii: "\n")
      guard byte == UInt8(ascii: "\n") || isPair else { return nil }
      fields[count] = CSVField(start: Int32(truncatingIfNeeded: fieldStart), end: Int32(truncatingIfNeeded: i))
      return (count + 1 - first, isPair ? i + 2 : i + 1, i == range.lowerBound)
    }
    block += 32
  }
  return nil
}

/// One bit for each of 32 bytes, the lowest for the first: is it the delimiter, a quote, beyond ASCII, or a control
/// character up to the carriage return?
@inline(__always)
private func stopBits(_ start: UnsafeMutablePointer<UInt8>, _ delimiter: UInt8) -> UInt32 {
  // In bounds: 32 bytes from the piece, or from the padding behind it.
  let raw = UnsafeRawPointer(start)
  return UInt32(stopBits(raw.loadUnaligned(as: SIMD16<Int8>.self), delimiter))
    | UInt32(stopBits(raw.loadUnaligned(fromByteOffset: 16, as: SIMD16<Int8>.self), delimiter)) << 16
}

@inline(__always)
private func stopBits(_ bytes: SIMD16<Int8>, _ delimiter: UInt8) -> UInt16 {
  // As signed numbers, bytes beyond ASCII are negative, so that one comparison finds them with the control characters.
  // The types are spelled out: left to be inferred, the comparisons are generic, and loops instead of one instruction.
  let stops =
    (bytes .< SIMD16<Int8>(repeating: 0x0E)) .| (bytes .== SIMD16<Int8>(repeating: Int8(bitPattern: delimiter)))
    .| (bytes .== SIMD16<Int8>(repeating: 0x22))
  // Each byte is all ones or zero. Of eight, one bit each is kept, another in each byte, and a multiplication
  // adds the eight bytes up in the topmost.
  let halves = unsafeBitCast(stops, to: SIMD2<UInt64>.self)
  let low = ((halves[0] & 0x8040_2010_0804_0201) &* 0x0101_0101_0101_0101) >> 56
  let high = ((halves[1] & 0x8040_2010_0804_0201) &* 0x0101_0101_0101_0101) >> 56
  return UInt16(truncatingIfNeeded: low | high << 8)
}

/// Makes room for more fields.
func growFields(_ fields: inout UnsafeMutableBufferPointer<CSVField>, to capacity: Int) {
  let larger = UnsafeMutableBufferPointer<CSVField>.allocate(capacity: max(capacity, fields.count))
  _ = larger.moveInitialize(fromContentsOf: fields)
  fields.deallocate()
  fields = larger
}
