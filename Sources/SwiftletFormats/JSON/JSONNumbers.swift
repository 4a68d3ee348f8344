// SPDX-License-Identifier: Apache-2.0
//
// Numbers in JSON, and lists of them of any nesting into one array.
//
// Before    JSONScanner.swift     After    JSONStrings.swift

extension JSONScanner {
  /// The next number.
  @inline(__always)
  package mutating func number() throws -> Double {
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
    guard let value = decimal(mantissa, digitCount: digitCount, exponent: exponent) else {
      return try longNumber(from: start)
    }
    return isNegative ? -value : value
  }

  /// The next number; a whole one of 2⁵³ and more as its text, if the scanner keeps those.
  ///
  /// Such numbers identify an account or a device, and the nearest Double may be the number of another.
  package mutating func anyNumber() throws -> JSONValue {
    let start = position
    let value = try number()
    return exact(value, from: start)
  }

  /// The number that was read from a position on.
  func exact(_ value: Double, from start: Int) -> JSONValue {
    guard keepsLongNumbers, !(value.magnitude < 0x1p53), value.isFinite else { return .number(value) }
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
    return isLongNumber(text) ? .string(text) : .number(value)
  }

  /// A number of many digits, or with a large exponent.
  private mutating func longNumber(from start: Int) throws -> Double {
    let digits = UnsafeBufferPointer(rebasing: bytes[start..<position])
    let value = Double(String(decoding: digits, as: UTF8.self)) ?? .nan
    guard value.isFinite || allowsNonFinite else {
      position = start
      throw error("the number is too large.")
    }
    return value
  }

  /// NaN, Infinity, -Infinity, or an error.
  private mutating func namedNumber() throws -> Double {
    switch next {
    case _ where !allowsNonFinite: break
    case UInt8(ascii: "N"):
      try word("NaN")
      return .nan
    case UInt8(ascii: "I"):
      try word("Infinity")
      return .infinity
    case UInt8(ascii: "-") where position + 1 < bytes.count && bytes[position + 1] == UInt8(ascii: "I"):
      try word("-Infinity")
      return -.infinity
    default: break
    }
    throw error(position == bytes.count ? "it ends where a value is expected." : "expected a value.")
  }

  /// Adds the values of lists in lists to `values`, row by row.
  ///
  /// - Parameters:
  ///   - limit: The largest number of values.
  ///   - object: Reads an object that stands for one value; without it there is none.
  package mutating func flatten(
    into values: inout FlatValues, limit: Int, level: Int = 0,
    object: ((inout JSONScanner) throws -> JSONValue)? = nil
  ) throws {
    var count = 0
    try list { scanner in
      count += 1
      switch scanner.peek() {
      case UInt8(ascii: "["):
        try scanner.flatten(into: &values, limit: limit, level: level + 1, object: object)
        return
      case UInt8(ascii: "\""): values.append(.string(try scanner.string()))
      case UInt8(ascii: "t"), UInt8(ascii: "f"): values.append(.bool(try scanner.bool()))
      case UInt8(ascii: "n"):
        try scanner.word("null")
        values.append(.nan)
      case UInt8(ascii: "{"):
        guard let object else {
          throw scanner.refusal("A tensor holds numbers, text and truth values, not objects.")
        }
        values.append(try object(&scanner))
      default:
        let start = scanner.position
        let number = try scanner.number()
        if number.magnitude < 0x1p53 {
          values.append(number)
        } else {
          values.append(scanner.exact(number, from: start))
        }
      }
      values.nesting.hasValue(at: level)
      guard values.count <= limit else { throw scanner.refusal("A tensor holds more than \(limit) values.") }
    }
    values.nesting.hasList(of: count, at: level)
  }

  private func refusal(_ message: String) -> JSONError {
    JSONError(position: position, message: message, isWellFormed: true)
  }
}

/// Whether a text is a whole number with too many digits for a Double.
package func isLongNumber(_ text: String) -> Bool {
  let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
  return digits.count >= 16 && digits.allSatisfy { (48...57).contains($0) }
}
