// SPDX-License-Identifier: Apache-2.0
//
// Numbers: from digits to a Double, exactly, and lists of them of any nesting into one array.
//
// Before    JSONScanner.swift     After    JSONScanner+Strings.swift
// Source    Clinger, "How to Read Floating Point Numbers Accurately" (1990), the fast path and the quotient

import Foundation

private let powersOfTen: [Double] = (0...22).map { pow(10, Double($0)) }
private let wholePowersOfTen: [UInt64] = (0..<19).reduce(into: [1]) { powers, i in powers.append(powers[i] * 10) }

extension JSONScanner {
  /// The next number. NaN, Infinity and -Infinity are numbers here.
  @inline(__always)
  mutating func number() throws -> Double {
    let start = position
    var i = position
    let end = bytes.count
    let isNegative = i < end && bytes[i] == UInt8(ascii: "-")
    if isNegative { i += 1 }
    var mantissa: UInt64 = 0
    let firstDigit = i
    while i < end, case let digit = bytes[i] &- 48, digit < 10 {
      mantissa = mantissa &* 10 &+ UInt64(digit)
      i += 1
    }
    var digitCount = i - firstDigit
    guard digitCount > 0, digitCount == 1 || bytes[firstDigit] != 48 else { return try namedNumber() }
    var exponent = 0
    if i < end, bytes[i] == UInt8(ascii: ".") {
      i += 1
      let first = i
      while i < end, case let digit = bytes[i] &- 48, digit < 10 {
        mantissa = mantissa &* 10 &+ UInt64(digit)
        i += 1
      }
      guard i > first else { throw error("a digit must follow the point.") }
      digitCount += i - first
      exponent = first - i
    }
    if i < end, bytes[i] | 0x20 == UInt8(ascii: "e") {
      i += 1
      var isNegativeExponent = false
      if i < end, bytes[i] == UInt8(ascii: "-") || bytes[i] == UInt8(ascii: "+") {
        isNegativeExponent = bytes[i] == UInt8(ascii: "-")
        i += 1
      }
      let first = i
      var written = 0
      while i < end, case let digit = bytes[i] &- 48, digit < 10 {
        written = min(written * 10 + Int(digit), 100_000)
        i += 1
      }
      guard i > first else { throw error("a digit must follow the e of an exponent.") }
      exponent += isNegativeExponent ? -written : written
    }
    position = i
    // Few digits are a whole number below 2⁵³ and the power of ten is exact, so one operation rounds once.
    if digitCount <= 15, exponent >= -22, exponent <= 22 {
      let whole = Double(mantissa)
      let value = exponent < 0 ? whole / powersOfTen[-exponent] : whole * powersOfTen[exponent]
      return isNegative ? -value : value
    }
    // As Python writes a Double: up to seventeen digits, most of them after the point.
    if digitCount <= 19, exponent < 0, exponent >= -19, mantissa > 0 {
      let value = JSONScanner.quotient(mantissa, wholePowersOfTen[-exponent])
      return isNegative ? -value : value
    }
    return Double(String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<i]), as: UTF8.self)) ?? .nan
  }

  /// The Double that is next to the quotient of two whole numbers, neither of them 0.
  ///
  /// Both are shifted until their first bit is set, so the quotient of 128 by 64 bits has 63 or 64 bits: more than
  /// the 53 of a Double, which is rounded to once. What is left over sets the last bit: a quotient just above the
  /// middle between two Doubles is not taken for the middle.
  static func quotient(_ numerator: UInt64, _ denominator: UInt64) -> Double {
    let (up, down) = (numerator.leadingZeroBitCount, denominator.leadingZeroBitCount)
    let (top, bottom) = (numerator << up, denominator << down)
    // Half of the top is below 2⁶³ and the bottom is not, so the quotient fits.
    let (quotient, rest) = bottom.dividingFullWidth((top >> 1, top << 63))
    let scale = Double(bitPattern: UInt64(1023 + down - up - 63) << 52)  // a power of two from 2⁻¹²⁶ to 1: exact
    return Double(quotient | (rest == 0 ? 0 : 1)) * scale
  }

  /// NaN, Infinity, -Infinity, or an error.
  private mutating func namedNumber() throws -> Double {
    switch next {
    case UInt8(ascii: "N"):
      try word("NaN")
      return .nan
    case UInt8(ascii: "I"):
      try word("Infinity")
      return .infinity
    case UInt8(ascii: "-") where position + 1 < bytes.count && bytes[position + 1] == UInt8(ascii: "I"):
      try word("-Infinity")
      return -.infinity
    default:
      throw error(position == bytes.count ? "it ends where a value is expected." : "expected a value.")
    }
  }

  /// Adds the values of lists in lists to `values`, row by row.
  ///
  /// - Parameter limit: How many there may be.
  mutating func flatten(into values: inout FlatValues, limit: Int, level: Int = 0) throws {
    var count = 0
    try list { scanner in
      count += 1
      switch scanner.peek() {
      case UInt8(ascii: "["):
        try scanner.flatten(into: &values, limit: limit, level: level + 1)
        return
      case UInt8(ascii: "\""): values.append(.string(try scanner.string()))
      case UInt8(ascii: "t"), UInt8(ascii: "f"): values.append(.bool(try scanner.bool()))
      case UInt8(ascii: "n"):
        try scanner.word("null")
        values.append(.nan)
      case UInt8(ascii: "{"): throw RequestError.bad("A tensor holds numbers, text and truth values, not objects.")
      default: values.append(try scanner.number())
      }
      values.nesting.hasValue(at: level)
      guard values.count <= limit else { throw RequestError.bad("A tensor holds more than \(limit) values.") }
    }
    values.nesting.hasList(of: count, at: level)
  }
}
