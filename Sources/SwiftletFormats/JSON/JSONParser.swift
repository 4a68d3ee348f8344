// SPDX-License-Identifier: Apache-2.0
//
// Reading JSON from anyone.
//
// The nesting is limited, because every level is a call; names may not repeat, because readers disagree on
// which one counts; and every error says its line and column.
//
// Before    JSONCoding.swift     After    JSONLinesReader.swift
// Source    RFC 8259, sections 2 to 8

/// Reads one JSON value from bytes.
public struct JSONParser {
  private let bytes: ArraySlice<UInt8>
  private let name: String
  private let firstLine: Int
  private let depthLimit: Int
  private var position: Int

  /// The value that the bytes are, with nothing but white space around it.
  ///
  /// - Parameters:
  ///   - bytes: UTF-8.
  ///   - name: What the errors call the file.
  ///   - firstLine: The number of the first line, where the bytes are a part of a file.
  ///   - depthLimit: How deep lists and objects may stand in each other.
  public static func parse(
    _ bytes: ArraySlice<UInt8>, name: String, firstLine: Int = 1, depthLimit: Int = 64
  ) throws -> JSONValue {
    var parser = JSONParser(
      bytes: bytes, name: name, firstLine: firstLine, depthLimit: depthLimit, position: bytes.startIndex)
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.position == bytes.endIndex else { throw parser.error("expected the end after the value.") }
    return value
  }

  /// The value that a text is.
  public static func parse(_ text: String, name: String) throws -> JSONValue {
    try parse(Array(text.utf8)[...], name: name)
  }

  private var next: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  private func error(_ message: String) -> FormatError {
    let before = bytes[..<min(position, bytes.endIndex)]
    let line = before.count { $0 == 0x0A } + firstLine
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? bytes.startIndex
    return FormatError(name, line: line, column: position - lineStart + 1, "not valid JSON: " + message)
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func value(depth: Int) throws -> JSONValue {
    skipSpace()
    guard depth <= depthLimit else {
      throw error("lists and objects stand more than \(depthLimit) deep in each other.")
    }
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case nil: throw error("it ends where a value is expected.")
    default: return try number()
    }
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws -> JSONValue {
    guard bytes[position...].starts(with: word.utf8) else { throw error("expected a value.") }
    position += word.utf8.count
    return value
  }

  private mutating func number() throws -> JSONValue {
    let start = position
    var digits: [UInt8] = []
    while let byte = next, (byte >= 48 && byte <= 57) || "+-.eE".utf8.contains(byte) {
      digits.append(byte)
      position += 1
    }
    let unsigned = digits.first == UInt8(ascii: "-") ? digits[1...] : digits[...]
    let hasLeadingZero = unsigned.first == 48 && (unsigned.dropFirst().first.map { $0 >= 48 && $0 <= 57 } ?? false)
    let point = digits.firstIndex(of: UInt8(ascii: "."))
    let pointStandsFree = point.map { $0 + 1 >= digits.count || !(48...57).contains(digits[$0 + 1]) } ?? false
    guard let first = unsigned.first, (48...57).contains(first), !hasLeadingZero, !pointStandsFree,
      let number = digits.withUnsafeBufferPointer({ parseNumber($0) })
    else {
      position = start
      throw error(
        digits.isEmpty ? "expected a value." : "\(quoted(String(decoding: digits, as: UTF8.self))) is not a number.")
    }
    guard number.isFinite else { throw error("the number is too large.") }
    return .number(number)
  }

  private mutating func array(depth: Int) throws -> JSONValue {
    position += 1  // [
    var values: [JSONValue] = []
    skipSpace()
    if next == UInt8(ascii: "]") {
      position += 1
      return .array(values)
    }
    while true {
      values.append(try value(depth: depth + 1))
      skipSpace()
      guard let byte = next, byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") else {
        throw error("expected , or ] in a list.")
      }
      position += 1
      if byte == UInt8(ascii: "]") { return .array(values) }
    }
  }

  private mutating func object(depth: Int) throws -> JSONValue {
    position += 1  // {
    var members: [JSONValue.Member] = []
    var names: Set<String> = []
    skipSpace()
    if next == UInt8(ascii: "}") {
      position += 1
      return .object(members)
    }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw error("expected a name in quotes.") }
      let name = try string()
      guard names.insert(name).inserted else { throw error("the name \(quoted(name)) stands twice in one object.") }
      skipSpace()
      guard next == UInt8(ascii: ":") else { throw error("expected : after a name.") }
      position += 1
      members.append(.init(name, try value(depth: depth + 1)))
      skipSpace()
      guard let byte = next, byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") else {
        throw error("expected , or } in an object.")
      }
      position += 1
      if byte == UInt8(ascii: "}") { return .object(members) }
    }
  }

  private mutating func string() throws -> String {
    position += 1  // the opening quote
    var text: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        guard let string = String(validating: text, as: UTF8.self) else { throw error("a text is not valid UTF-8.") }
        return string
      case UInt8(ascii: "\\"):
        position += 1
        text += Array(try escape().utf8)
      case ..<0x20: throw error("a control character stands in a text; write it as an escape.")
      default:
        text.append(byte)
        position += 1
      }
    }
    throw error("a text is not closed.")
  }

  private mutating func escape() throws -> String {
    guard let byte = next else { throw error("a text is not closed.") }
    position += 1
    switch byte {
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
        guard bytes[position...].starts(with: [0x5C, 0x75]) else {
          throw error("half of a surrogate pair stands alone.")
        }
        position += 2
        let second = try hexadecimal()
        guard (0xDC00..<0xE000).contains(second) else { throw error("half of a surrogate pair stands alone.") }
        code = 0x10000 + (code - 0xD800) << 10 + (second - 0xDC00)
      }
      guard let scalar = UnicodeScalar(code) else { throw error("half of a surrogate pair stands alone.") }
      return String(scalar)
    default: throw error("there is no such escape in JSON.")
    }
  }

  private mutating func hexadecimal() throws -> UInt32 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, let text = String(validating: digits, as: UTF8.self), let code = UInt32(text, radix: 16),
      !text.hasPrefix("+")
    else { throw error("\\u needs four hexadecimal digits.") }
    position += 4
    return code
  }
}
