// SPDX-License-Identifier: Apache-2.0
//
// Text in JSON: quotes, escapes, and nothing but valid UTF-8.
//
// Before    JSONNumbers.swift     After    FlatValues.swift
// Source    RFC 8259, section 7

extension JSONScanner {
  /// The next text.
  package mutating func string() throws -> String {
    position += 1  // the opening quote
    let start = position
    var allBits: UInt8 = 0
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        let text = UnsafeBufferPointer(rebasing: bytes[start..<position])
        position += 1
        if allBits < 0x80 { return String(decoding: text, as: UTF8.self) }  // ASCII, which is valid
        guard let string = String(validating: text, as: UTF8.self) else { throw error("a text is not valid UTF-8.") }
        return string
      case UInt8(ascii: "\\"): return try escapedString(from: start)
      case ..<0x20: throw error("a text holds a control character; write it as an escape.")
      default:
        allBits |= byte
        position += 1
      }
    }
    throw error("a text is not closed.")
  }

  /// Skips the next text.
  mutating func skipString() throws {
    let start = position
    position += 1  // the opening quote
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        return
      case UInt8(ascii: "\\"), ..<0x20, 0x80...:
        position = start  // what is rare is looked at as a whole
        _ = try string()
        return
      default: position += 1
      }
    }
    throw error("a text is not closed.")
  }

  /// The rest of a text that has an escape in it.
  private mutating func escapedString(from start: Int) throws -> String {
    var text = Array(bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else { throw error("a text is not valid UTF-8.") }
        return string
      case UInt8(ascii: "\\"): text.append(contentsOf: String(try escape()).utf8)
      case ..<0x20: throw error("a text holds a control character; write it as an escape.")
      default: text.append(byte)
      }
    }
    throw error("a text is not closed.")
  }

  private mutating func escape() throws -> UnicodeScalar {
    guard position < bytes.count else { throw error("a text is not closed.") }
    position += 1
    switch bytes[position - 1] {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if (0xD800..<0xDC00).contains(code) {  // the first half of a pair
        guard bytes.count - position >= 2, bytes[position] == 0x5C, bytes[position + 1] == 0x75 else {
          throw error("half of a surrogate pair is missing.")
        }
        position += 2  // \u
        let second = try hexadecimal()
        guard (0xDC00..<0xE000).contains(second) else { throw error("half of a surrogate pair is missing.") }
        code = 0x10000 + (code - 0xD800) << 10 + (second - 0xDC00)
      }
      guard let scalar = UnicodeScalar(code) else { throw error("half of a surrogate pair is missing.") }
      return scalar
    default: throw error("JSON has no such escape.")
    }
  }

  private mutating func hexadecimal() throws -> UInt32 {
    guard bytes.count - position >= 4 else { throw error("\\u needs four hexadecimal digits.") }
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = hexadecimalDigit(bytes[position]) else { throw error("\\u needs four hexadecimal digits.") }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }
}

/// The value of a digit from 0 to f.
package func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}
