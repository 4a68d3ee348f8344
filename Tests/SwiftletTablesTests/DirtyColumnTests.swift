// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import Testing

@testable import SwiftletTables

private func read(
  _ text: String, types: [String: ColumnType] = [:], _ change: (inout ReadingOptions) -> Void = { _ in }
) throws -> Table {
  var options = ReadingOptions()
  change(&options)
  return try TableReader(types: types, options: options).readCSV(.memory(Array(text.utf8), name: "t.csv"))
}

/// A column x of cells, each in quotes.
private func quotedCells(_ cells: [String], _ change: (inout ReadingOptions) -> Void = { _ in }) throws -> Column {
  let lines = cells.map { "\"\($0.replacing("\"", with: "\"\""))\",0\n" }.joined()
  return try #require(try read("x,y\n" + lines, change)["x"])
}

@Suite("Columns as people write them")
struct DirtyColumnTests {
  @Test(
    "numbers are read as written, where all cells allow one reading",
    arguments: [
      (["1,234.50", "7.25"], [1234.5, 7.25]), (["1.234,50", "7,25"], [1234.5, 7.25]),
      (["$1234", "$5", "-$7"], [1234, 5, -7]), (["12 €", "1.000,5 €"], [12, 1000.5]),
      (["120%", "3.5%"], [120, 3.5]), (["1 234", "12"], [1234, 12]), (["1\u{A0}234,5", "2"], [1234.5, 2]),
      (["1\u{202F}234", "1\u{2009}000\u{2009}000"], [1234, 1_000_000]), (["1'234.5", "2"], [1234.5, 2]),
      (["\u{2212}5", "3"], [-5, 3]), (["1,234,567", "1,234"], [1_234_567, 1234]), (["1,5", "2,25"], [1.5, 2.25]),
      (["\u{A0}4", "5 "], [4, 5]), (["1,5E+03", "2,0E-01"], [1500, 0.2]),
      (["(1,234.50)", "7"], [-1234.5, 7]), (["5.25-", "7"], [-5.25, 7]),
      (["USD 1,234.50", "USD 7"], [1234.5, 7]),
      (["2.615,45 EUR", "-7,5 EUR"], [2615.45, -7.5]),
      (["12,34,567", "1,00,000"], [1_234_567, 100_000]),
      (["\u{0662}\u{0665}", "7"], [25, 7]), (["\u{FF12}.5", "7"], [2.5, 7]),
      (["$ (5)", "($6)"], [-5, -6]),
    ] as [([String], [Double])])
  func writtenNumbers(cells: [String], numbers: [Double]) throws {
    let column = try quotedCells(cells)
    #expect(column.type == .number)
    #expect(column.numbers.map(Array.init) == numbers)
    #expect(column.evidence.doubt == nil)
  }

  @Test("a number that can be two is neither, and the sentence has both settings")
  func ambiguous() throws {
    let column = try quotedCells(["1,234", "2,500"])
    #expect(column.type != .number)
    #expect(
      column.evidence.doubt
        == "\"1,234\" in \"x\" (line 2) can be 1234 with --set 'source.thousands=\",\"', or 1.234 with --set 'source.decimal=\",\"'."
    )
    let cells = ["1,234", "2,500"]
    #expect(try self.numbers(cells) { $0.thousands = .comma } == [1234, 2500])
    #expect(try self.numbers(cells) { $0.decimal = .comma } == [1.234, 2.5])
    #expect(try self.numbers(["1.234", "2"]) { $0.thousands = .point } == [1234, 2])
    #expect(try self.numbers(["1.234", "2"]) { _ in } == [1.234, 2])
  }

  private func numbers(_ cells: [String], _ change: (inout ReadingOptions) -> Void) throws -> [Double]? {
    try quotedCells(cells, change).numbers.map(Array.init)
  }

  @Test(
    "one odd cell does not turn a column over: the sentence counts, shows and advises",
    arguments: [
      ("unknown", "[unknown]"), ("inf", "[inf]"), ("#DIV/0!", "[\"#DIV/0!\"]"), ("50%", "[\"50%\"]"),
    ])
  func oddCell(cell: String, list: String) throws {
    let column = try quotedCells((0..<40).map { "\($0).5" } + [cell])
    let doubt = try #require(column.evidence.doubt)
    #expect(doubt.hasPrefix("40 of 41 cells of \"x\" are numbers, and 1 is not: line 42 holds \"\(cell)\"."))
    #expect(doubt.contains("source.missing="))
    #expect(doubt.hasSuffix("or leave the column out with --set 'features.exclude=[x]'."))
    #expect(!doubt.contains("category"))
  }

  @Test(
    "numbers that are written in several ways are not mixed, and are no categories either",
    arguments: [
      (
        ["1'234.5", "2.345,5"],
        "holds numbers that are written in several ways: line 2 holds \"1'234.5\", line 3"
      ),
      (
        ["5%", "0.07", "9%", "0.12"],
        "holds numbers that are written in several ways: line 2 holds \"5%\", line 3"
      ),
      (
        ["$5", "€7", "$9"],
        "holds amounts of 2 currencies: line 2 holds \"$5\", line 3 holds \"€7\". Convert"
      ),
      (["USD 5", "EUR 7"], "holds amounts of 2 currencies"),
    ])
  func severalWays(cells: [String], sentence: String) throws {
    let column = try quotedCells(cells)
    let doubt = try #require(column.evidence.doubt)
    #expect(doubt.contains(sentence), "\(doubt)")
    #expect(doubt.hasSuffix(", or leave the column out with --set 'features.exclude=[x]'."))
    // A target cannot be left out.
    #expect(
      column.evidence.targetDoubt.map { doubt.hasPrefix($0.dropLast()) && !$0.contains("exclude") }
        == true)
  }

  @Test(
    "versions, ranges and lists are no numbers in several ways",
    arguments: [["1.2.3", "10-20"], ["1,2,3", "A"]])
  func noNumbers(cells: [String]) throws { #expect(try quotedCells(cells).evidence.doubt == nil) }

  @Test("truth values of several pairs are two, and the spelling is that of one pair")
  func severalPairs() throws {
    let column = try quotedCells(["yes", "no", "TRUE", "FALSE", "yes", "1", "0"])
    #expect(column.type == .boolean && column.codes == [1, 0, 1, 0, 1, 1, 0])
    #expect(column.categories == ["no", "yes"])
    #expect(column.evidence.note?.contains("spells two truth values in 6 ways") == true)
    #expect(try quotedCells(["N", "T", "F"]).type == .category)  // half of a pair beside another: these are codes
  }

  @Test("codes, most of which are whole numbers, may be meant as categories; a mixture is what it was")
  func codes() throws {
    let codes = try quotedCells((0..<40).map { "\($0 % 5)" } + ["V27"])
    #expect(codes.evidence.doubt?.contains("columns.x=category") == true)
    let mixture = try quotedCells(["1", "2", "A", "B", "3"])
    #expect(mixture.type == .category && mixture.evidence.doubt == nil)
  }

  @Test("the spellings that pandas takes for missing are missing, and spaces around them do not count")
  func missing() throws {
    let column = try quotedCells(["#N/A", "<NA>", "n/a", "-NaN", "NULL", " NA ", "\u{A0}", "1"])
    #expect(column.type == .number && column.missingCount == 7)
    #expect(column.evidence.missing.reduce(0) { $0 + $1.count } == 7)
    #expect(column.evidence.missing.contains { $0.spelling == "#N/A" && $0.count == 1 })
  }

  @Test(
    "truth values are two, however they are spelled, and most decide the spelling",
    arguments: [
      (["yes", "No", "YES", "yes "], ["No", "yes"], [1, 0, 1, 1]), (["T", "f", "t", "t"], ["f", "t"], [1, 0, 1, 1]),
    ] as [([String], [String], [Int32])])
  func truth(cells: [String], spellings: [String], codes: [Int32]) throws {
    let column = try quotedCells(cells)
    #expect(column.type == .boolean && column.categories == spellings && column.codes == codes)
  }

  @Test("spaces do not count in words, 2.0 is 2, and case counts unless it is said not to")
  func words() throws {
    #expect(try quotedCells(["red ", "red", " blue"]).categories == ["blue", "red"])
    let whole = try read("x,y\n2,0\n2.0,0\n3.0,0\n", types: ["x": .category])["x"]
    #expect(whole?.categories == ["2", "3.0"] && whole?.codes == [0, 0, 1])
    let zips = try read("x,y\n01067,0\n1067,0\n", types: ["x": .category])["x"]
    #expect(zips?.categories?.count == 2)
    let cased = try quotedCells(["Rome", "rome", "Bern", "rome"])
    #expect(cased.categories?.count == 3)
    #expect(cased.evidence.warning?.hasSuffix("--set source.case=ignore makes them one.") == true)
    let folded = try quotedCells(["Rome", "rome", "Bern", "rome"]) { $0.ignoresCase = true }
    #expect(folded.categories == ["Bern", "rome"])
  }

  @Test("numbers in quotes are numbers in JSON where all are; zeros before them make names")
  func quotedNumbers() throws {
    func read(_ text: String, _ types: [String: ColumnType] = [:]) throws -> Column? {
      try TableReader(types: types).readJSONLines(.memory(Array(text.utf8), name: "t"))["a"]
    }
    #expect(try read("{\"a\": \"64\"}\n{\"a\": 2}\n")?.values == .numbers([64, 2]))
    #expect(try read("{\"a\": \"01067\"}\n{\"a\": \"10115\"}\n")?.categories == ["01067", "10115"])
    #expect(try read("{\"a\": \"64\"}\n{\"a\": \"x\"}\n")?.categories == ["64", "x"])
    #expect(try read("{\"a\": \"1,234.5\"}\n", ["a": .number])?.values == .numbers([1234.5]))
    let long = try read("[{\"a\": 9007199254740993},\n {\"a\": 9007199254740992}]", ["a": .category])
    #expect(long?.categories == ["9007199254740992", "9007199254740993"])
  }

  @Test("dates that are read, and those that get a sentence")
  func dates() throws {
    let column = try quotedCells(["2024-02-29", "2024-03-01 18:30", "2024-03-01T18:30:00Z", ""])
    #expect(column.type == .date && column.missingCount == 1)
    #expect(column.text(at: 1) == "2024-03-01 18:30:00" && column.text(at: 0) == "2024-02-29")
    #expect(
      try quotedCells(["3/31/2024", "4/1/2024"]).evidence.doubt?.contains("holds dates such as \"3/31/2024\"") == true)
    for other in ["20240331T183000", "2024-W13-7", "Sun Mar 31 18:30:00 2024", "Mar 31, 2024", "2024/03/31", "31.3.24"]
    {
      #expect(try quotedCells([other, other]).evidence.doubt?.contains("holds dates such as") == true, "\(other)")
    }
    let odd = try quotedCells((1...28).map { "2024-02-\($0 < 10 ? "0" : "")\($0)" } + ["2024-02-30"])
    #expect(odd.evidence.doubt?.hasPrefix("28 of 29 cells of \"x\" are dates, and 1 is not: line 30") == true)
  }

  @Test("a column without a name is an index where it stands first, and nothing where it is empty")
  func unnamed() throws {
    #expect(try read(",a,b\n0,1,2\n1,3,4\n").columnNames == ["a", "b"])
    #expect(try read("a,b,\n1,2,\n3,4,\n").columnNames == ["a", "b"])
    #expect { try read("a,,b\n1,2,3\n") } throws: { "\($0)".contains("column 2: the column has no name") }
  }
}

@Suite("Headers")
struct HeaderTests {
  @Test("a declared delimiter is no line of the table")
  func declared() throws {
    let table = try read("sep=;\r\na;b\r\n1,5;2\r\n2,5;3\r\n")
    #expect(table.columnNames == ["a", "b"] && table["a"]?.values == .numbers([1.5, 2.5]))
  }

  @Test(
    "titles, comments and values in the place of names are refused with the line that helps",
    arguments: [
      ("Sales of 2024\n\na,b\n1,2\n3,4\n", "source.header=3"), ("# made today\na,b\n1,2\n3,4\n", "source.header=2"),
      ("5.1,3.5,setosa\n4.9,3.0,setosa\n", "source.header=none"), ("1,0,0,1\n0,1,1,0\n", "source.header=none"),
      (",,\n1,2,3\n", "source.header=LINE"),
    ])
  func refused(text: String, setting: String) {
    #expect { try read(text) } throws: { "\($0)".contains("--set \(setting)") }
  }

  @Test("a header is where it is said to be, and years are names")
  func given() throws {
    #expect(try read("Sales of 2024\n\na,b\n1,2\n3,4\n") { $0.header = .line(3) }["b"]?.values == .numbers([2, 4]))
    let bare = try read("5.1,3.5\n4.9,3.0\n") { $0.header = .none }
    #expect(bare.columnNames == ["column_1", "column_2"] && bare["column_1"]?.values == .numbers([5.1, 4.9]))
    #expect(try read("column_2,column_1\n5.1,3.5\n") { $0.header = .none }["column_1"]?.values == .numbers([3.5]))
    #expect(try read("2019,2020,2021\n1,2,3\n").columnNames == ["2019", "2020", "2021"])
    #expect { try read("a\n1\n") { $0.header = .line(9) } } throws: { "\($0)".contains("source.header is 9") }
  }

  @Test("quotes can be text")
  func quotes() throws {
    #expect(
      try read("a,b\n5\" pipe,1\n\"x,2\n") { $0.hasQuotes = false }["a"]?.categories == [
        "\"x", "5\" pipe",
      ])
    #expect { try read("a,b\n\"x,2\n") } throws: { "\($0)".hasSuffix("--set source.quote=none.") }
  }
}
