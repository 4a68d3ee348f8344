// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import SwiftletData
import SwiftletFormats
import SwiftletTables
import Testing

@Suite("SQLite")
struct SQLiteTests {
  private func database(_ statements: String...) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let queue = try DatabaseQueue(path: folder.path + "/a.sqlite")
    try queue.write { database in for sql in statements { try database.execute(sql: sql) } }
    try queue.close()
    return folder
  }

  @Test("numbers, text and NULL become numbers, categories and missing values; a name may hold a quote")
  func values() throws {
    let folder = try database(
      "CREATE TABLE \"we\"\"ird\" (x REAL, i INTEGER, c TEXT)",
      "INSERT INTO \"we\"\"ird\" VALUES (NULL, 1, 'a'), (2.5, -7, 'NA'), (3, NULL, 'b')")
    let table = try folder.load("a.sqlite", table: "we\"ird").table
    #expect(table.columns.map(\.type) == [.number, .number, .category])
    #expect(table.columns.map(\.missingCount) == [1, 1, 1])
    #expect(table["x"]?.text(at: 1) == "2.5" && table["i"]?.text(at: 1) == "-7" && table["c"]?.text(at: 2) == "b")
    #expect(try folder.load("a.sqlite").table.columns.map(\.name) == ["x", "i", "c"])  // the only table needs no name
  }

  @Test("a column that turns from numbers to text is text from its first row")
  func lateText() throws {
    let folder = try database("CREATE TABLE t (v)", "INSERT INTO t VALUES (1), (2), ('x')")
    #expect(try folder.load("a.sqlite").table["v"]?.values == .codes([0, 1, 2], categories: ["1", "2", "x"]))
  }

  @Test(
    "whatever is not one SELECT is refused, and nothing is written",
    arguments: [
      ("DELETE FROM t", "which answers with rows"), ("UPDATE t SET v = 0", "which answers with rows"),
      ("DROP TABLE t", "which answers with rows"), ("CREATE TABLE q (a)", "which answers with rows"),
      ("INSERT INTO t VALUES (9) RETURNING v", "which answers with rows"),
      ("PRAGMA table_info(t)", "which answers with rows"),
      ("ATTACH 'other.sqlite' AS o", "which answers with rows"),
      ("SELECT v FROM t; DROP TABLE t", "several statements"),
      ("", "it is empty"), ("-- nothing", "it is empty"), ("SELEC", "syntax error"),
      ("SELECT absent FROM t", "no such column"), ("SELECT v FROM t WHERE v = ?", "arguments"),
      ("SELECT v, v FROM t", "Two columns of a.sqlite are called \"v\""), ("SELECT v FROM t WHERE v > 9", "no records"),
      ("SELECT 9e999 AS v", "a.sqlite, row 1: \"v\": the number \"inf\" is too large"),
    ])
  func refusals(query: String, message: String) throws {
    let folder = try database("CREATE TABLE t (v)", "INSERT INTO t VALUES (1), (2)")
    let before = try ByteSource.file(folder.path + "/a.sqlite").sha256()
    #expect { try folder.load("a.sqlite", query: query) } throws: { "\($0)".contains(message) }
    #expect(try ByteSource.file(folder.path + "/a.sqlite").sha256() == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.sqlite"])
  }

  @Test(
    "a query may join, count and end in a semicolon",
    arguments: [
      "SELECT v FROM t ORDER BY v", "SELECT v FROM t;", "WITH w AS (SELECT v FROM t) SELECT v FROM w",
      "VALUES (1), (2)",
    ])
  func queries(query: String) throws {
    let folder = try database("CREATE TABLE t (v)", "INSERT INTO t VALUES (1), (2)")
    #expect(try folder.load("a.sqlite", query: query).table.columns[0].values == .numbers([1, 2]))
  }

  @Test("files that are no databases, or hold nothing, are a sentence")
  func noDatabase() throws {
    let folder = try TemporaryFolder([
      "text.sqlite": String(repeating: "not a database ", count: 100), "empty.db": "",
    ])
    #expect { try folder.load("text.sqlite") } throws: {
      "\($0)" == "text.sqlite: SQLite says: file is not a database."
    }
    #expect { try folder.load("empty.db") } throws: {
      "\($0)" == "empty.db holds no tables: there is nothing to learn from."
    }
    #expect { try folder.load("none.db") } throws: { ($0 as? FormatError)?.isMissingInput == true }
    #expect { try folder.load("empty.db", table: "t", query: "SELECT 1") } throws: {
      "\($0)" == "--table and --query cannot be given together."
    }
  }

  @Test("a column of blobs is a doubt of its own, and no harm to a model that does not ask for it")
  func blobs() throws {
    let folder = try database(
      "CREATE TABLE t (a REAL, pic BLOB)", "INSERT INTO t VALUES (1, x'00'), (2, NULL), (3, 5)")
    let table = try folder.load("a.sqlite").table
    #expect(table["a"]?.numbers.map(Array.init) == [1, 2, 3] && table["pic"]?.missingCount == 3)
    #expect(
      table["pic"]?.evidence.doubt
        == "\"pic\" of a.sqlite holds blobs, which are not read: leave the column out with --set 'features.exclude=[pic]'."
    )
    let loader = DataLoader(folder.path + "/a.sqlite")
    var rows: [Int] = []
    try loader.forEachPart(TableReader(types: ["a": .number])) { rows.append($0.table.rowCount) }
    #expect(rows == [3])
    #expect {
      try loader.forEachPart(TableReader(types: ["a": .number]), keeping: ["pic"]) { _ in }
    } throws: { "\($0)".contains("holds blobs") }
  }

  @Test("rows come part by part, with whole numbers that a Double does not hold")
  func parts() throws {
    let folder = try database(
      "CREATE TABLE t (a INTEGER, id INTEGER)",
      "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2499) "
        + "INSERT INTO t SELECT i, 9007199254740992 + i FROM n")
    var sizes: [Int] = []
    var ids: [JSONValue] = []
    try DataLoader(folder.path + "/a.sqlite").forEachPart(
      TableReader(types: ["a": .number]), keeping: ["id"]
    ) { part in
      sizes.append(part.table.rowCount)
      ids += part.kept[0]
    }
    #expect(sizes == [1024, 1024, 452])
    #expect(
      ids.prefix(2) == ["9007199254740992", "9007199254740993"]
        && Set(ids.compactMap(\.string)).count == 2500)
  }

  @Test("whole numbers above 2⁵³ stay apart as labels and as categories")
  func longNumbers() throws {
    let folder = try database(
      "CREATE TABLE t (a REAL, account INTEGER, y INTEGER)",
      "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 59) "
        + "INSERT INTO t SELECT i, 9007199254740992 + i % 4, 9007199254740992 + i % 2 FROM n")
    var loader = DataLoader(folder.path + "/a.sqlite")
    loader.reader.types = ["account": .category, "y": .category]
    let table = try loader.load().table
    #expect(table["account"]?.categories == (0..<4).map { "900719925474099\($0 + 2)" })
    #expect(table["y"]?.categories == ["9007199254740992", "9007199254740993"])
  }
}
