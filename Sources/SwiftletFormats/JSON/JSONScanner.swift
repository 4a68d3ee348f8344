// SPDX-License-Identifier: Apache-2.0
//
// JSONScanner: reading JSON from any sender, in one pass.
//
// A scanner is asked for what is expected next, a list, an object, a text, a number, so that a request's numbers go
// straight into their array; a value of any kind becomes a tree. The nesting is limited, because every level is a
// call; names may not repeat, because readers disagree on which one counts; and every error has its place.
//
// Before    JSONCoding.swift     After    JSONNumbers.swift
// Source    RFC 8259, sections 2 to 8

/// An error in JSON, and its place.
package struct JSONError: Error, Equatable {
  /// The byte, counted from 0.
  package let position: Int
  package let message: String
  /// Whether it is JSON, but not the kind of value that was expected.
  package var isWellFormed = false
}

/// Reads JSON from bytes, value by value. Valid while the bytes are.
package struct JSONScanner {
  package let bytes: UnsafeBufferPointer<UInt8>
  package internal(set) var position = 0
  /// Number of lists and objects that are open.
  private var depth = 0
  /// The names of the objects that are open, the innermost last, of each the first few.
  private var names: [String] = []
  private let depthLimit: Int
  /// Whether NaN, Infinity and -Infinity, which clients in Python write, are numbers, and what is too large is infinite.
  let allowsNonFinite: Bool
  /// Whether a whole number that a Double may not hold is given as its text.
  let keepsLongNumbers: Bool

  package init(
    _ bytes: UnsafeBufferPointer<UInt8>, allowsNonFinite: Bool = false, keepsLongNumbers: Bool = false,
    depthLimit: Int = 64
  ) {
    self.bytes = bytes
    self.allowsNonFinite = allowsNonFinite
    self.keepsLongNumbers = keepsLongNumbers
    self.depthLimit = depthLimit
  }

  /// The byte at the position, 0 at the end.
  @inline(__always) var next: UInt8 { position < bytes.count ? bytes[position] : 0 }

  func error(_ message: String) -> JSONError { JSONError(position: position, message: message) }

  @inline(__always)
  private mutating func skipSpace() {
    while position < bytes.count, case let byte = bytes[position], byte <= 0x20,
      byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    { position += 1 }
  }

  /// The first byte of the next value.
  @inline(__always)
  package mutating func peek() -> UInt8 {
    skipSpace()
    return next
  }

  package mutating func expectEnd() throws {
    guard peek() == 0, position == bytes.count else { throw error("expected the end after the value.") }
  }

  // MARK: Lists and objects

  /// Calls `body` before every element of a list.
  package mutating func list(_ body: (inout JSONScanner) throws -> Void) throws {
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
  package mutating func object(_ body: (inout JSONScanner, String) throws -> Void) throws {
    guard peek() == UInt8(ascii: "{") else { throw error("expected an object.") }
    try open()
    if peek() == UInt8(ascii: "}") { return close() }
    let firstName = names.count
    var many: Set<String> = []
    defer { names.removeSubrange(firstName...) }
    while true {
      guard peek() == UInt8(ascii: "\"") else { throw error("expected a name in quotes.") }
      let name = try string()
      guard isNew(name, since: firstName, &many) else {
        throw error("the name \(quoted(name)) appears twice in one object.")
      }
      guard peek() == UInt8(ascii: ":") else { throw error("expected : after a name.") }
      position += 1
      try body(&self, name)
      let byte = peek()
      guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") else { throw error("expected , or } in an object.") }
      if byte == UInt8(ascii: "}") { return close() }
      position += 1
    }
  }

  /// Whether an object has not had a name before. A few are compared one by one, which costs less than a set.
  private mutating func isNew(_ name: String, since first: Int, _ many: inout Set<String>) -> Bool {
    guard many.isEmpty else { return many.insert(name).inserted }
    if names[first...].contains(name) { return false }
    names.append(name)
    if names.count - first > 8 { many = Set(names[first...]) }
    return true
  }

  private mutating func open() throws {
    position += 1
    depth += 1
    guard depth <= depthLimit else {
      throw error("lists and objects are nested more than \(depthLimit) deep.")
    }
  }

  private mutating func close() {
    position += 1
    depth -= 1
  }

  // MARK: Values of any kind

  /// The next value as a tree.
  package mutating func value() throws -> JSONValue {
    switch peek() {
    case UInt8(ascii: "{"):
      var members: [JSONValue.Member] = []
      try object { scanner, name in members.append(.init(name, try scanner.value())) }
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
    default: return try anyNumber()
    }
  }

  /// Skips the next value.
  package mutating func skip() throws {
    switch peek() {
    case UInt8(ascii: "{"): try object { scanner, _ in try scanner.skip() }
    case UInt8(ascii: "["): try list { scanner in try scanner.skip() }
    case UInt8(ascii: "\""): try skipString()
    case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try bool()
    case UInt8(ascii: "n"): try word("null")
    default: _ = try number()
    }
  }

  mutating func bool() throws -> Bool {
    let isTrue = next == UInt8(ascii: "t")
    try word(isTrue ? "true" : "false")
    return isTrue
  }

  package mutating func word(_ word: StaticString) throws {
    let count = word.utf8CodeUnitCount
    guard bytes.count - position >= count else { throw error("expected a value.") }
    for i in 0..<count where bytes[position + i] != word.utf8Start[i] { throw error("expected a value.") }
    position += count
  }
}

extension JSONValue {
  /// The value in the bytes of a file, with nothing but white space around it.
  ///
  /// - Parameters:
  ///   - bytes: UTF-8.
  ///   - name: The name of the file in messages.
  ///   - firstLine: The number of the first line, if the bytes are a part of a file.
  ///   - keepsLongNumbers: Whether a whole number that a Double may not hold is given as its text.
  ///   - allowsNonFinite: Whether NaN and Infinity, which programs in Python write, are numbers.
  ///   - depthLimit: The largest depth of lists and objects in each other.
  /// - Throws: ``FormatError`` with the line and the column.
  public static func parse(
    _ bytes: ArraySlice<UInt8>, name: String, firstLine: Int = 1, keepsLongNumbers: Bool = false,
    allowsNonFinite: Bool = false, depthLimit: Int = 64
  ) throws -> JSONValue {
    try bytes.withUnsafeBufferPointer { bytes in
      do {
        var scanner = JSONScanner(
          bytes, allowsNonFinite: allowsNonFinite, keepsLongNumbers: keepsLongNumbers, depthLimit: depthLimit)
        let value = try scanner.value()
        try scanner.expectEnd()
        return value
      } catch let error as JSONError {
        let before = bytes[..<error.position]
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        throw FormatError(
          name, line: firstLine + before.count { $0 == 0x0A }, column: error.position - lineStart + 1,
          "not valid JSON: " + error.message)
      }
    }
  }

  /// The value in a text.
  public static func parse(_ text: String, name: String) throws -> JSONValue {
    try parse(Array(text.utf8)[...], name: name)
  }
}
