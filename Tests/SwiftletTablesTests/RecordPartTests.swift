// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import Testing

@testable import SwiftletTables

/// Rows of named values that are answered and forgotten.
@Suite("Records in parts")
struct RecordPartTests {
  private func source(_ lines: some Sequence<String>) -> ByteSource {
    .memory(Array(lines.joined(separator: "\n").utf8), name: "t.jsonl")
  }

  private let reader = TableReader(types: ["a": .number, "c": .category])

  private func parts(_ source: ByteSource, keeping names: [String] = []) throws -> [TablePart] {
    var parts: [TablePart] = []
    try reader.forEachJSONPart(of: source, keeping: names) { parts.append($0) }
    return parts
  }

  @Test(
    "hold the rows of the whole, whatever the order of the members",
    arguments: [1, 1023, 1024, 1025, 3000])
  func whole(count: Int) throws {
    let lines = (0..<count).map { i in
      i % 3 == 0
        ? "{\"c\": \"k\(i % 5)\", \"a\": \(i)}"
        : i % 3 == 1 ? "{\"a\": \"\(i).5\", \"c\": null}" : "{\"z\": 1}"
    }
    let parts = try parts(source(lines))
    let whole = try reader.readJSONLines(source(lines))
    #expect(
      parts.map(\.table.rowCount).reduce(0, +) == count && parts.count == (count + 1023) / 1024)
    for name in ["a", "c"] {
      let texts = parts.flatMap { part in
        (0..<part.table.rowCount).map { part.table[name]?.text(at: $0) }
      }
      #expect(texts == (0..<count).map { whole[name]?.text(at: $0) })
    }
  }

  @Test(
    "a column may come late; one that never comes is refused, and none is missed where there are no records"
  )
  func absent() throws {
    let late = (0..<2000).map { "{\"a\": \($0)" + ($0 == 1999 ? ", \"c\": \"x\"}" : "}") }
    #expect(try parts(source(late)).count == 2)
    #expect { try parts(source(late.dropLast())) } throws: {
      "\($0)" == "There is no column \"c\" in the data. Did you mean \"a\"?"
    }
    #expect(try parts(source([])).map(\.table.rowCount) == [0])
  }

  @Test("columns are carried through as they are written, also those with commas in their names")
  func kept() throws {
    let lines = [
      "{\"a\": 1, \"c\": \"x\", \"id, no\": 7}",
      "{\"a\": 2, \"c\": \"y\", \"deep\": {\"id\": \"q\"}}",
    ]
    let part = try #require(try parts(source(lines), keeping: ["id", " no", "deep.id", "a"]).first)
    #expect(part.keptNames == ["id, no", "deep.id", "a"])
    #expect(part.kept == [[7, .null], [.null, "q"], [1, 2]])
    // A name that is given twice is one column, and no records need no column.
    #expect(try parts(source(lines), keeping: ["a", "a"]).first?.keptNames == ["a"])
    #expect(try parts(source([]), keeping: ["b", "b"]).first?.table.rowCount == 0)
    #expect { try parts(source(lines), keeping: ["idd"]) } throws: {
      "\($0)".contains("There is no column \"idd\" to keep")
    }
  }

  @Test("a value that does not fit its column is named with its line, in the second part too")
  func misfit() throws {
    let lines = (0..<1500).map { "{\"a\": \($0 == 1400 ? "\"many\"" : "1"), \"c\": \"x\"}" }
    #expect { try parts(source(lines)) } throws: {
      "\($0)" == "t.jsonl, line 1401: \"a\": expected a number, found \"many\"."
    }
  }

  @Test("records of very many values make small parts")
  func wide() throws {
    let record =
      "{" + (0..<5000).map { "\"v\($0)\": 1" }.joined(separator: ",") + ", \"a\": 1, \"c\": \"x\"}"
    #expect(
      try parts(source(Array(repeating: record, count: 120))).map(\.table.rowCount) == [53, 53, 14])
  }
}
