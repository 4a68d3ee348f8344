// SPDX-License-Identifier: Apache-2.0
//
// JSON Lines: one object on every line; or all of them in one list.
//
// Before    JSONWriter.swift     After    JSONListSplitter.swift
// Source    jsonlines.org

/// Reads records that are JSON objects, one on a line, or in one list.
public struct JSONLinesReader {
  private let source: ByteSource
  /// The largest number of bytes in a line.
  private static let longestLine = 1 << 26

  /// A reader of a file of JSON objects.
  public init(_ source: ByteSource) { self.source = source }

  /// Calls `body` with the members of every object. An object inside another gives its members, named by
  /// their path: `{"size": {"height": 3}}` gives `size.height`. Whole numbers of 2⁵³ and more are texts of their digits.
  public func forEachRecord(_ body: (_ line: Int, _ members: [JSONValue.Member]) throws -> Void) throws {
    let reader = try TextReader(source)
    var lines = LineSplitter(name: source.name, longest: JSONLinesReader.longestLine)
    var elements = JSONListSplitter(name: source.name, longest: JSONLinesReader.longestLine)
    var chunk = Array(repeating: UInt8(0), count: 1 << 18)
    var isList: Bool?
    while true {
      let count = try chunk.withUnsafeMutableBytes { try reader.read(into: $0) }
      guard count > 0 else { break }
      if isList == nil, let first = chunk[..<count].first(where: { !JSONLinesReader.isBlank($0) }) {
        isList = first == UInt8(ascii: "[")
      }
      if isList == true {
        try elements.split(chunk[..<count]) { try readElement($0, firstLine: $1, body) }
        continue
      }
      try lines.split(chunk[..<count]) { try readLine($0, number: $1, body) }
    }
    if isList == true { return try elements.finish() }
    try lines.finish { try readLine($0, number: $1, body) }
  }

  /// Whether the last byte that is not space closes an object.
  private static func endsObject(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.last { !isBlank($0) } == UInt8(ascii: "}")
  }

  /// Space, or a part of the byte order mark.
  private static func isBlank(_ byte: UInt8) -> Bool { byte <= 0x20 || byte == 0xEF || byte == 0xBB || byte == 0xBF }

  private func readLine(
    _ bytes: ArraySlice<UInt8>, number line: Int, _ body: (Int, [JSONValue.Member]) throws -> Void
  ) throws {
    var bytes = bytes
    if line == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    guard bytes.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { return }  // a blank line
    let value: JSONValue
    do {
      value = try JSONValue.parse(
        bytes, name: source.name, firstLine: line, keepsLongNumbers: true, allowsNonFinite: true)
    } catch let error as FormatError where line == 1 && !JSONLinesReader.endsObject(bytes) {
      let hint = " An object must not go over several lines; `jq -c . FILE` writes each on a line."
      throw FormatError(error.file, line: error.line, column: error.column, error.message + hint)
    }
    guard case .object(let members) = value else {
      throw FormatError(source.name, line: line, "expected an object, as { … }, on every line.")
    }
    try body(line, try flat(members, line: line))
  }

  /// Reads an element of a file that is one list of objects.
  private func readElement(
    _ bytes: ArraySlice<UInt8>, firstLine: Int, _ body: (Int, [JSONValue.Member]) throws -> Void
  ) throws {
    let value: JSONValue
    do {
      value = try JSONValue.parse(
        bytes, name: source.name, firstLine: firstLine, keepsLongNumbers: true, allowsNonFinite: true)
    } catch let error as FormatError {
      throw FormatError(error.file, line: error.line, error.message)  // the column is that of the element's own bytes
    }
    let line = firstLine + bytes.prefix { $0 <= 0x20 }.count { $0 == 0x0A }
    guard case .object(let members) = value else {
      throw FormatError(source.name, line: line, "expected a list of objects, as [{ … }, { … }].")
    }
    try body(line, try flat(members, line: line))
  }

  /// The members of a record, those of inner objects by their paths.
  private func flat(_ members: [JSONValue.Member], line: Int) throws -> [JSONValue.Member] {
    try refuseColumns(members, line: line)
    var flat: [JSONValue.Member] = []
    JSONLinesReader.flatten(members, prefix: "", into: &flat)
    var names: Set<String> = []
    for member in flat {
      guard names.insert(member.name).inserted else {
        throw FormatError(
          source.name, line: line,
          "two members are called \(quoted(member.name)) once nested ones are named by their path.")
      }
      if case .array(let values) = member.value {
        let areRows = values.first?.members != nil
        let hint =
          areRows
          ? " If these are the rows, write each on a line: jq -c \(shellWord(".\(member.name)[]")) FILE."
          : ""
        throw FormatError(
          source.name, line: line, columnName: nil,
          "\(quoted(member.name)) is a list; a column holds one value in each record.\(hint)")
      }
    }
    return flat
  }

  /// Refuses a table that is written as one object, with the numbers of the rows as names.
  private func refuseColumns(_ members: [JSONValue.Member], line: Int) throws {
    guard let first = members.first?.value.members?.map(\.name), first.first == "0" || members[0].name == "0",
      members.allSatisfy({ $0.value.members?.map(\.name) == first })
    else { return }
    let order =
      first.first == "0" ? "columns, as pandas writes one by default" : "the numbers of its rows"
    throw FormatError(
      source.name, line: line,
      "is a table by \(order). Write one object for each row: "
        + "df.to_json(FILE, orient=\"records\", lines=True).")
  }

  private static func flatten(_ members: [JSONValue.Member], prefix: String, into flat: inout [JSONValue.Member]) {
    for member in members {
      if case .object(let inner) = member.value {
        flatten(inner, prefix: prefix + member.name + ".", into: &flat)
      } else {
        // Python writes NaN for what is missing.
        let isMissing = member.value.number?.isNaN ?? false
        flat.append(.init(prefix + member.name, isMissing ? .null : member.value))
      }
    }
  }
}

/// Splits pieces of a file into lines.
private struct LineSplitter {
  let name: String
  /// The largest number of bytes in a line.
  let longest: Int
  private var line = 0
  private var pending: [UInt8] = []

  init(name: String, longest: Int) {
    self.name = name
    self.longest = longest
  }

  /// Calls `body` with every line that ends in the piece.
  mutating func split(_ piece: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>, Int) throws -> Void) throws {
    var rest = piece
    while let end = rest.firstIndex(of: 0x0A) {
      line += 1
      if pending.isEmpty {
        try body(rest[..<end], line)
      } else {
        pending += rest[..<end]
        try body(pending[...], line)
        pending = []
      }
      rest = rest[(end + 1)...]
    }
    pending += rest
    guard pending.count <= longest else {
      throw FormatError(name, line: line + 1, "the line is longer than \(longest) bytes.")
    }
  }

  /// Calls `body` with the last line, if no line end follows it.
  mutating func finish(_ body: (ArraySlice<UInt8>, Int) throws -> Void) throws {
    guard !pending.isEmpty else { return }
    try body(pending[...], line + 1)
  }
}
