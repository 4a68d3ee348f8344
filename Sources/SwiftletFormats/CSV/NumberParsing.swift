// SPDX-License-Identifier: Apache-2.0
//
// From digits to a number, exactly.
//
// Nearly every number in a table has few digits: then the digits are a whole number below 2⁵³, the power
// of ten is exact too, and one multiplication or division rounds correctly. The others go to the C library.
//
// Before    CSVScanner.swift     After    CSVWriter.swift
// Source    Clinger, "How to Read Floating Point Numbers Accurately" (1990), the fast path

import Foundation

private let powersOfTen: [Double] = (0...22).map { pow(10, Double($0)) }

/// The number that is written in decimal digits, correctly rounded; `nil` where something else is.
///
/// Sign, digits, point and exponent, with spaces around them. No hexadecimal, no `inf`, no `nan`: what means
/// a missing value is for the table to say. A number too large for a Double is infinite.
@inline(__always)
package func parseNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
  var i = 0
  var end = bytes.count
  while i < end, bytes[i] == 0x20 || bytes[i] == 0x09 { i += 1 }
  while end > i, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
  guard i < end else { return nil }
  let start = i
  let isNegative = bytes[i] == UInt8(ascii: "-")
  if isNegative || bytes[i] == UInt8(ascii: "+") { i += 1 }

  var mantissa: UInt64 = 0
  var digitCount = 0
  var exponent = 0
  while i < end, case let digit = bytes[i] &- 48, digit < 10 {
    mantissa = mantissa &* 10 &+ UInt64(digit)
    digitCount += 1
    i += 1
  }
  if i < end, bytes[i] == UInt8(ascii: ".") {
    i += 1
    let first = i
    while i < end, case let digit = bytes[i] &- 48, digit < 10 {
      mantissa = mantissa &* 10 &+ UInt64(digit)
      i += 1
    }
    digitCount += i - first
    exponent = first - i
  }
  guard digitCount > 0 else { return nil }
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
    guard i > first else { return nil }
    exponent += isNegativeExponent ? -written : written
  }
  guard i == end else { return nil }

  if digitCount <= 15, exponent >= -22, exponent <= 22 {
    let whole = Double(mantissa)
    let value = exponent < 0 ? whole / powersOfTen[-exponent] : whole * powersOfTen[exponent]
    return isNegative ? -value : value
  }
  return Double(String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self))
}
