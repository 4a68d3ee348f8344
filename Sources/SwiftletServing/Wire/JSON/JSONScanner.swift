// SPDX-License-Identifier: Apache-2.0
//
// JSONScanner: reading a request's JSON in one pass, numbers straight into their array.
//
// A request is mostly numbers. Reading it into a tree of values first would allocate a box for each; this
// scanner is asked for what the protocol expects next, and writes numbers where the model takes them from.
// Beyond JSON it reads NaN, Infinity and -Infinity, which clients in Python write.
//
// Before    Wire/RequestError.swift     After    JSONScanner+Numbers.swift
// Source    RFC 8259, sections 2 to 8

import SwiftletFormats

/// Reads JSON from bytes, value by value. Valid while the bytes are.
struct JSONScanner {
  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0
  /// How many lists and objects are open: every level is a call, so there is a limit.
  private(set) var depth = 0

  static let depthLimit = 64

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// The byte at the position, 0 at the end.
  @inline(__always) var next: UInt8 { position < bytes.count ? bytes[position] : 0 }

  func error(_ what: String) -> RequestError { .bad("The body is not valid JSON at byte \(position + 1): \(what)") }

  @inline(__always)
  mutating func skipSpace() {
    while position < bytes.count, case let byte = bytes[position], byte <= 0x20,
      byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    { position += 1 }
  }

  /// The first byte of the next value.
  @inline(__always)
  mutating func peek() -> UInt8 {
    skipSpace()
    return next
  }

  mutating func expectEnd() throws {
    guard peek() == 0, position == bytes.count else { throw error("expected the end after the value.") }
  }

  // MARK: Lists and objects

  /// Calls `body` before every element of a list.
  mutating func list(_ body: (inout JSONScanner) throws -> Void) throws {
    guard peek() == UInt8(ascii: "[") else { throw error("expected a list.") }
    try open()
    if peek() == UInt8(ascii: "]") { return close() }
    while true {
      try body(&self)
      let byte = peek()
      guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") else { throw error("expected , or ] in a list.") }
      if byte == UInt8(ascii: "]") { return close() }
      position += 1
    }
  }

  /// Calls `body` with every name of an object, before its value.
  mutating func object(_ body: (inout JSONScanner, String) throws -> Void) throws {
    guard peek() == UInt8(ascii: "{") else { throw error("expected an object.") }
    try open()
    if peek() == UInt8(ascii: "}") { return close() }
    while true {
      guard peek() == UInt8(ascii: "\"") else { throw error("expected a name in quotes.") }
      let name = try string()
      guard peek() == UInt8(ascii: ":") else { throw error("expected : after a name.") }
      position += 1
      try body(&self, name)
      let byte = peek()
      guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") else { throw error("expected , or } in an object.") }
      if byte == UInt8(ascii: "}") { return close() }
      position += 1
    }
  }

  private mutating func open() throws {
    position += 1
    depth += 1
    guard depth <= JSONScanner.depthLimit else {
      throw error("lists and objects stand more than \(JSONScanner.depthLimit) deep in each other.")
    }
  }

  private mutating func close() {
    position += 1
    depth -= 1
  }

  // MARK: Values of any kind

  /// The next value as a tree.
  mutating func value() throws -> JSONValue {
    switch peek() {
    case UInt8(ascii: "{"):
      var members: [JSONValue.Member] = []
      var names: Set<String> = []
      try object { scanner, name in
        guard names.insert(name).inserted else {
          throw scanner.error("the name \(quoted(name)) stands twice in one object.")
        }
        members.append(.init(name, try scanner.value()))
      }
      return .object(members)
    case UInt8(ascii: "["):
      var values: [JSONValue] = []
      try list { scanner in values.append(try scanner.value()) }
      return .array(values)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool(try bool())
    case UInt8(ascii: "n"):
      try word("null")
      return .null
    default: return .number(try number())
    }
  }

  mutating func bool() throws -> Bool {
    let isTrue = next == UInt8(ascii: "t")
    try word(isTrue ? "true" : "false")
    return isTrue
  }

  mutating func word(_ word: StaticString) throws {
    let count = word.utf8CodeUnitCount
    guard bytes.count - position >= count else { throw error("expected a value.") }
    for i in 0..<count where bytes[position + i] != word.utf8Start[i] { throw error("expected a value.") }
    position += count
  }
}
