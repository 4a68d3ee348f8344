// SPDX-License-Identifier: Apache-2.0
//
// From digits to a number, exactly.
//
// Nearly every number in a table has few digits: then the digits are a whole number below 2⁵³, the power
// of ten is exact too, and one multiplication or division rounds correctly. Numbers written to the last
// digit have 16 or 17: then one long division gives more bits than a Double has, and its rest
// says how to round. The others go to the C library.
//
// Before    EightDigits.swift     After    CSVWriter.swift
// Source    Clinger, "How to Read Floating Point Numbers Accurately" (1990), the fast path

/// 10⁰ to 10²², the powers of ten that a Double holds exactly. Written out, they need no set-up when the program runs.
package let powersOfTen: [Double] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21,
  1e22,
]
/// 5⁰ to 5²⁷, those that 64 bits hold.
private let powersOfFive: [UInt64] = (0..<27).reduce(into: [1]) { powers, k in powers.append(powers[k] * 5) }

/// A number, and how it was written.
package struct WrittenNumber: Equatable {
  package var value: Double
  /// The number of digits behind the point; with an exponent, those of its decimal form.
  package var places: Int
  /// Whether it is a whole number in its shortest spelling, so that the number tells how it was written.
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

/// The number that is written in decimal digits, correctly rounded; `nil` where the text is anything else.
///
/// Sign, digits, point and exponent, with spaces around them. No hexadecimal, no `inf`, no `nan`: the table decides
/// what means a missing value. A number too large for a Double is infinite.
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

  let magnitude: Double
  if digitCount <= 15, exponent >= -22, exponent <= 22 {
    let whole = Double(mantissa)
    magnitude = exponent < 0 ? whole / powersOfTen[-exponent] : whole * powersOfTen[exponent]
  } else if digitCount <= 19, exponent < 0, exponent >= -27 {
    magnitude = quotient(mantissa, tenToThe: -exponent)  // 19 digits fit into 64 bits
  } else {
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

/// The exponent whose letter stands at `i`, at most 100,000; `nil` where no digit follows.
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

/// `mantissa / 10ᵏ`, correctly rounded.
///
/// Both sides are shifted until the quotient has 64 bits, 11 more than a Double keeps. These, and whether the
/// division left a rest, tell on which side of the middle between two Doubles the number lies. No result is
/// subnormal: the smallest is 10⁻²⁷.
///
/// - Parameter k: From 0 to 27, so that 5ᵏ has 64 bits at most.
func quotient(_ mantissa: UInt64, tenToThe k: Int) -> Double {
  guard mantissa > 0 else { return 0 }
  let five = powersOfFive[k]
  let m = mantissa << mantissa.leadingZeroBitCount
  let d = five << five.leadingZeroBitCount
  // m / d is from ½ up to but not including 2: a quotient of 64 bits needs the larger half moved down.
  let isLarger = m >= d
  let (bits, rest) = d.dividingFullWidth(isLarger ? (m >> 1, m << 63) : (m, 0))
  // mantissa / 10ᵏ = bits · 2^exponent
  let exponent = five.leadingZeroBitCount - mantissa.leadingZeroBitCount - k - 64 + (isLarger ? 1 : 0)
  let kept = bits >> 11
  let dropped = bits & 0x7FF
  let roundsUp = dropped > 0x400 || (dropped == 0x400 && (rest > 0 || kept & 1 == 1))
  let power = Double(bitPattern: UInt64(1023 + exponent + 11) << 52)  // 2^(exponent + 11), from 2⁻¹⁵⁰ to 2¹¹
  return Double(kept + (roundsUp ? 1 : 0)) * power
}
