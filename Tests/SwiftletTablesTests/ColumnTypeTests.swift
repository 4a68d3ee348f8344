// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import SwiftletTables
import Testing

private func read(_ text: String, types: [String: ColumnType] = [:], missing: MissingSpellings = .standard) throws
  -> Table
{
  var options = ReadingOptions()
  options.missing = missing
  return try TableReader(types: types, options: options).readCSV(.memory(Array(text.utf8), name: "t.csv"))
}

@Suite("Types of columns")
struct ColumnTypeTests {
  @Test(
    "two spellings of one pair are booleans, false first, whichever comes first in the file",
    arguments: [
      ("true\nfalse", ["false", "true"]), ("False\nTrue", ["False", "True"]), ("YES\nno", ["no", "YES"]),
      ("t\nf", ["f", "t"]), ("N\nY", ["N", "Y"]),
    ])
  func booleans(cells: String, spellings: [String]) throws {
    let column = try #require(try read("b\n" + cells + "\n")["b"])
    #expect(column.type == .boolean)
    guard case .codes(_, let categories) = column.values else {
      Issue.record("a boolean column has codes")
      return
    }
    #expect(categories == spellings)
    #expect((0..<2).map { column.text(at: $0) } == cells.split(separator: "\n").map(String.init))
  }

  @Test(
    "what only looks like booleans is categories or numbers",
    arguments: [
      ("true\nno", ColumnType.category), ("yes\nyes", .category), ("no\nNo", .category), ("yes\nno\nmaybe", .category),
      ("0\n1", .number),
    ])
  func notBooleans(cells: String, type: ColumnType) throws {
    #expect(try read("b\n" + cells + "\n")["b"]?.type == type)
  }

  @Test("a column that is said to be boolean may hold one value only, or none: new data have few rows")
  func givenBooleans() throws {
    #expect(try read("b\nno\nno\n", types: ["b": .boolean])["b"]?.values == .codes([0, 0], categories: ["no", "yes"]))
    #expect(try read("b\nTrue\n", types: ["b": .boolean])["b"]?.values == .codes([1], categories: ["false", "True"]))
    #expect(try read("b\n1\n0\n", types: ["b": .boolean])["b"]?.values == .codes([1, 0], categories: ["0", "1"]))
    #expect(try read("b\nTrue\n1\nNO\nno\n", types: ["b": .boolean])["b"]?.codes == [1, 1, 0, 0])
    #expect(try read("b,c\n,1\n", types: ["b": .boolean])["b"]?.values == .codes([-1], categories: ["false", "true"]))
  }

  @Test(
    "a cell that contradicts a given boolean is named by line and column",
    arguments: [("no\nyes\nmaybe", 4, "maybe"), ("2\n", 2, "2")])
  func contradicted(cells: String, line: Int, found: String) {
    #expect {
      try read("x,b\n" + cells.split(separator: "\n").map { "1,\($0)\n" }.joined(), types: ["b": .boolean])
    } throws: {
      "\($0)" == "t.csv, line \(line), column 2 (\"b\"): expected true or false, yes or no, t or f, y or n, or 1 or 0, "
        + "found \"\(found)\"."
    }
  }

  @Test(
    "text is categories up to 20 values, and up to 1,000 that come 20 times each",
    arguments: [
      (20, 20, ColumnType.category), (21, 21, .text), (21, 419, .text), (21, 420, .category), (1000, 20_000, .category),
      (1001, 20_020, .text),
    ])
  func categoryLimit(distinct: Int, rows: Int, type: ColumnType) throws {
    let column = try read("c\n" + (0..<rows).map { "w\($0 % distinct)\n" }.joined())["c"]
    #expect(column?.type == type)
  }

  @Test("spaces around a missing value count as little as those around a number")
  func spaces() throws {
    let t = try read("a, b, c\n1, NA, x\n 2 , 4, ?\n,  , y\n")
    #expect(t.columns.map(\.type) == [.number, .number, .category])
    #expect(t.columns.map(\.missingCount) == [1, 2, 1])
  }

  @Test("a missing value may be spelled as a number, which then is none")
  func missingNumber() throws {
    let t = try read("a,b\n-999,1\n5,-99\n", missing: MissingSpellings(["", "-999"]))
    #expect(t["a"]?.missingCount == 1)
    #expect(t["b"]?.missingCount == 0)
    #expect(try read("a,b\nNA,1\n5,2\n", missing: MissingSpellings([]))["a"]?.type == .category)
  }

  @Test("a number column that turns to text in its last row is text from its first", arguments: [1, 2, 50])
  func lateText(rows: Int) throws {
    let t = try read("a,b\n" + (0..<rows).map { "0\($0 % 7).50,\($0)\n" }.joined() + "x,1\n")
    #expect(t["a"]?.text(at: 0) == "00.50")
    #expect(t["a"]?.text(at: rows) == "x")
    #expect(t["b"]?.type == .number)
  }

  @Test(
    "only a shortest whole number tells its spelling",
    arguments: [
      ("0", true), ("-3", true), ("007", false), ("-0", false), ("1.0", false), ("1e2", false), ("+1", false),
      ("9007199254740993", false),
    ])
  func canonical(cell: String, isCanonical: Bool) throws {
    let column = try read("a\n\(cell)\n")["a"]
    #expect(column?.isCanonical == isCanonical)
    if isCanonical { #expect(column?.text(at: 0) == cell) }
  }

  @Test("JSON values that do not fit a given type are named with their line")
  func jsonRefusals() {
    let source = ByteSource.memory(Array("{\"a\": 1}\n{\"a\": \"x\"}\n".utf8), name: "t.jsonl")
    #expect { try TableReader(types: ["a": .number]).readJSONLines(source) } throws: {
      "\($0)" == "t.jsonl, line 2: \"a\": expected a number, found \"x\"."
    }
  }
}
