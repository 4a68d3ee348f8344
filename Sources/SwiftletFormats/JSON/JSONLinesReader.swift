// SPDX-License-Identifier: Apache-2.0
//
// JSON Lines: one object on every line.
//
// Before    JSONWriter.swift     After    YAML/YAML.swift
// Source    jsonlines.org

/// Reads records that are JSON objects, one on a line.
public struct JSONLinesReader {
  private let source: ByteSource
  /// No line is longer.
  private static let longestLine = 1 << 26

  /// A reader of a file of JSON objects, one a line.
  public init(_ source: ByteSource) { self.source = source }

  /// Calls `body` with the members of every object. An object inside another gives its members, named by
  /// their path: `{"size": {"height": 3}}` gives `size.height`.
  public func forEachRecord(_ body: (_ line: Int, _ members: [JSONValue.Member]) throws -> Void) throws {
    let reader = try source.open()
    var line = 0
    var pending: [UInt8] = []
    var chunk = Array(repeating: UInt8(0), count: 1 << 18)
    func finish(_ bytes: ArraySlice<UInt8>) throws {
      line += 1
      var bytes = bytes
      if line == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
      guard bytes.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { return }  // a blank line
      guard case .object(let members) = try JSONValue.parse(bytes, name: source.name, firstLine: line) else {
        throw FormatError(source.name, line: line, "expected an object, as { … }, on every line.")
      }
      var flat: [JSONValue.Member] = []
      JSONLinesReader.flatten(members, prefix: "", into: &flat)
      var names: Set<String> = []
      for member in flat {
        guard names.insert(member.name).inserted else {
          throw FormatError(
            source.name, line: line,
            "two members are called \(quoted(member.name)) once nested ones are named by their path.")
        }
        if case .array = member.value {
          throw FormatError(
            source.name, line: line, columnName: nil,
            "\(quoted(member.name)) is a list; a column holds one value in each record.")
        }
      }
      try body(line, flat)
    }
    while true {
      let count = try chunk.withUnsafeMutableBytes { try reader.read(into: $0) }
      guard count > 0 else { break }
      var rest = chunk[..<count]
      while let end = rest.firstIndex(of: 0x0A) {
        if pending.isEmpty {
          try finish(rest[..<end])
        } else {
          pending += rest[..<end]
          try finish(pending[...])
          pending = []
        }
        rest = rest[(end + 1)...]
      }
      pending += rest
      guard pending.count <= JSONLinesReader.longestLine else {
        throw FormatError(source.name, line: line + 1, "the line is longer than \(JSONLinesReader.longestLine) bytes.")
      }
    }
    if !pending.isEmpty { try finish(pending[...]) }
  }

  private static func flatten(_ members: [JSONValue.Member], prefix: String, into flat: inout [JSONValue.Member]) {
    for member in members {
      if case .object(let inner) = member.value {
        flatten(inner, prefix: prefix + member.name + ".", into: &flat)
      } else {
        flat.append(.init(prefix + member.name, member.value))
      }
    }
  }
}
