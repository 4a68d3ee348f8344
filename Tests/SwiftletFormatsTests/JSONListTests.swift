// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SwiftletFormats

/// A file that is one list of objects.
@Suite("Lists of JSON objects")
struct JSONListTests {
  private func records(_ text: String) throws -> [(line: Int, members: [JSONValue.Member])] {
    var records: [(Int, [JSONValue.Member])] = []
    try JSONLinesReader(.memory(Array(text.utf8), name: "t.json")).forEachRecord { records.append(($0, $1)) }
    return records
  }

  @Test("have a record for each object, with the line on which it begins")
  func lines() throws {
    let text = "\u{FEFF}\n[{\"a\": \"],}\\\"\"},\n\n {\"a\": {\"b\": 2}}\n,{\"a\":\n3}]\n\n"
    let records = try records(text)
    #expect(records.map(\.line) == [2, 4, 5])
    #expect(records.map(\.members) == [[.init("a", "],}\"")], [.init("a.b", 2)], [.init("a", 3)]])
    #expect(try self.records(" [ \n ] ").isEmpty)
  }

  @Test("hold NaN where a value is missing, as Python writes it, also on lines")
  func missing() throws {
    for text in ["[{\"a\": NaN, \"b\": {\"c\": NaN}}]", "{\"a\": NaN, \"b\": {\"c\": NaN}}\n"] {
      #expect(try records(text).map(\.members) == [[.init("a", .null), .init("b.c", .null)]])
    }
    #expect(try records("{\"a\": Infinity}").map(\.members) == [[.init("a", .number(.infinity))]])
  }

  @Test("are cut alike, whatever the pieces", arguments: 1...17)
  func pieces(size: Int) throws {
    let bytes = Array("[ {\"a\\\\\": \"[,\\\"\"}, [1, [2]] ,{}, 7,\"x,\" ]  \n".utf8)
    var splitter = JSONListSplitter(name: "t", longest: 100)
    var elements: [String] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      try splitter.split(bytes[start..<min(start + size, bytes.count)]) { element, _ in
        elements.append(String(decoding: element, as: UTF8.self).trimmingSpaces())
      }
    }
    try splitter.finish()
    #expect(elements == ["{\"a\\\\\": \"[,\\\"\"}", "[1, [2]]", "{}", "7", "\"x,\""])
  }

  @Test(
    "that are wrong are refused with the line",
    arguments: [
      ("[{\"a\": 1},\n]", "t.json, line 2: not valid JSON"), ("[\n{\"a\": 1}\n{\"a\": 2}]", "line 3: not valid JSON"),
      ("[{\"a\": 1}", "line 1: not valid JSON: the list is not closed."), ("[{\"a\": 1}] 7", "expected the end after"),
      ("[{\"a\": 1}]\n[{}]", "line 2: not valid JSON: expected the end after"),
      ("[{\"a\": 1}]]", "expected the end after"),
      ("[1, 2]", "expected a list of objects"), ("[{\"a\": 1}, \"{\"]", "expected a list of objects"),
      ("[{\"a\": \"", "the list is not closed"), ("[{\"a\": 1]}", "not valid JSON"), ("[,]", "not valid JSON"),
      ("[{\"a\": 1, \"a\": 2}]", "appears twice"),
    ])
  func refusals(text: String, sentence: String) {
    #expect { try records(text) } throws: { "\($0)".contains(sentence) }
  }
}
