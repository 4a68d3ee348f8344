// SPDX-License-Identifier: Apache-2.0
//
// From digits to a number, exactly.
//
// A cell has a sign, digits with a point, and an exponent; Numbers/Decimal.swift makes a Double of them. Cells of up to
// eight characters, which are most of a table, take a shorter way.
//
// Before    EightDigits.swift     After    CSVWriter.swift

/// A number, and how it was written.
package struct WrittenNumber: Equatable {
  package var value: Double
  /// The number of digits behind the point; with an exponent, those of its decimal form.
  package var places: Int
  /// Whether it is a whole number in its shortest spelling, so that its spelling follows from its value.
  package var isShortestWhole: Bool

  package init(value: Double, places: Int, isShortestWhole: Bool) {
    self.value = value
    self.places = places
    self.isShortestWhole = isShortestWhole
  }
}

/// How the numbers of a column are written.
package struct NumberSpelling: Equatable {
  /// The largest number of digits behind a point.
  package var places = 0
  package var isShortestWhole = true

  package init() {}

  @inline(__always) package mutating func add(_ number: WrittenNumber) {
    places = max(places, number.places)
    isShortestWhole = isShortestWhole && number.isShortestWhole
  }
}

/// The fast path: a number of at most eight characters, digits with at most one point, or at most seven behind a
/// minus sign. All others are for ``parseWritten(_:)``.
///
/// - Parameter cell: Eight more bytes can be read behind its end.
@inline(__always)
func parseShort(_ cell: UnsafeBufferPointer<UInt8>) -> WrittenNumber? {
  guard let start = cell.baseAddress, cell.count &- 1 < 8, cell.count > 0 else { return nil }
  var word = DigitWord(eightAt: start)
  let isNegative = word.beginsWithMinus
  let count = isNegative ? cell.count &- 1 : cell.count
  if isNegative { word.dropFirst() }
  guard count > 0 else { return nil }
  let isZeroFirst = word.beginsWithZero
  word.keepFirst(count)
  var places = 0
  let odd = word.odd
  if odd != 0 {
    guard count > 1, let behind = word.removePoint(odd) else { return nil }
    places = behind
  }
  // Below 10⁸: it fits into Int32, which becomes a Double in one instruction.
  let whole = Double(Int32(truncatingIfNeeded: word.value))
  let magnitude = places == 0 ? whole : whole / powersOfTen[places]
  return WrittenNumber(
    value: isNegative ? -magnitude : magnitude, places: places,
    isShortestWhole: odd == 0 && (!isZeroFirst || cell.count == 1))
}

/// The number that is written in decimal digits, correctly rounded; `nil` for any other text.
///
/// Sign, digits, point and exponent, with spaces around them. No hexadecimal, no `inf`, no `nan`: the table decides
/// which spellings are missing values. A number too large for a Double is infinite.
package func parseNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? { parseWritten(bytes)?.value }

/// The number, and how it was written; see ``parseNumber(_:)``.
package func parseWritten(_ bytes: UnsafeBufferPointer<UInt8>) -> WrittenNumber? {
  guard let base = bytes.baseAddress else { return nil }
  var i = 0
  var end = bytes.count
  while i < end, base[i] == 0x20 || base[i] == 0x09 { i += 1 }
  while end > i, base[end - 1] == 0x20 || base[end - 1] == 0x09 { end -= 1 }
  guard i < end else { return nil }
  let start = i
  let isNegative = base[i] == UInt8(ascii: "-")
  if isNegative || base[i] == UInt8(ascii: "+") { i += 1 }

  var mantissa: UInt64 = 0
  var digitCount = takeDigits(base, &i, end, &mantissa)
  var exponent = 0
  if i < end, base[i] == UInt8(ascii: ".") {
    i += 1
    let places = takeDigits(base, &i, end, &mantissa)
    digitCount += places
    exponent = -places
  }
  guard digitCount > 0 else { return nil }
  if i < end, base[i] | 0x20 == UInt8(ascii: "e") {
    guard let written = takeExponent(base, &i, end) else { return nil }
    exponent += written
  }
  guard i == end else { return nil }
  let digits = isNegative ? 1 : 0
  let isShortestWhole =
    digitCount == bytes.count - digits && digitCount < 16 && (base[digits] != UInt8(ascii: "0") || bytes.count == 1)

  guard let magnitude = decimal(mantissa, digitCount: digitCount, exponent: exponent) else {
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
    return Double(text).map { WrittenNumber(value: $0, places: max(0, -exponent), isShortestWhole: isShortestWhole) }
  }
  return WrittenNumber(
    value: isNegative ? -magnitude : magnitude, places: max(0, -exponent), isShortestWhole: isShortestWhole)
}

/// Appends the digits from `i` on to the mantissa, eight at a time, and answers with their number.
@inline(__always)
private func takeDigits(
  _ base: UnsafePointer<UInt8>, _ i: inout Int, _ end: Int, _ mantissa: inout UInt64
) -> Int {
  let first = i
  while end - i >= 8, case let word = DigitWord(eightAt: base + i), word.odd == 0 {
    mantissa = mantissa &* 100_000_000 &+ word.value
    i += 8
  }
  while i < end, case let digit = base[i] &- 48, digit < 10 {
    mantissa = mantissa &* 10 &+ UInt64(digit)
    i += 1
  }
  return i - first
}

/// The exponent whose letter stands at `i`, at most 100,000; `nil` if no digit follows.
private func takeExponent(_ base: UnsafePointer<UInt8>, _ i: inout Int, _ end: Int) -> Int? {
  i += 1  // the letter
  let isNegative = i < end && base[i] == UInt8(ascii: "-")
  if isNegative || i < end && base[i] == UInt8(ascii: "+") { i += 1 }
  let first = i
  var exponent = 0
  while i < end, case let digit = base[i] &- 48, digit < 10 {
    exponent = min(exponent * 10 + Int(digit), 100_000)
    i += 1
  }
  guard i > first else { return nil }
  return isNegative ? -exponent : exponent
}
