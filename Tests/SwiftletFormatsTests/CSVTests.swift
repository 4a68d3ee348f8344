// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import SwiftletTensors
import Testing

@Suite("CSV")
struct CSVTests {
  private func rows(_ text: String, chunkSize: Int = 1 << 20) throws -> [[String]] {
    let reader = try CSVReader(.memory(Array(text.utf8), name: "t.csv"), chunkSize: chunkSize)
    var rows = [reader.header]
    try reader.forEachBatch { batch in
      for record in 0..<batch.recordCount { rows.append((0..<batch.fieldCount).map { batch.text(record, $0) }) }
    }
    return rows
  }

  @Test(
    "reads what RFC 4180 allows",
    arguments: [
      ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
      ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
      ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
      ("\u{FEFF}a,b\n1,2", [["a", "b"], ["1", "2"]]),
      ("a,b\n\n1,2\n\n\n", [["a", "b"], ["1", "2"]]),
      ("a,b\n\"x,y\",\"p\"\"q\"\n", [["a", "b"], ["x,y", "p\"q"]]),
      ("a,b\n\"one\r\ntwo\",2\n", [["a", "b"], ["one\r\ntwo", "2"]]),
      ("a,b\n,\n", [["a", "b"], ["", ""]]),
      ("a,b\n\"\",\"\"\n", [["a", "b"], ["", ""]]),
      ("a;b\n1,5;2\n", [["a", "b"], ["1,5", "2"]]),
      ("a\tb\n1\t2\n", [["a", "b"], ["1", "2"]]),
      ("a|b\n1|2\n", [["a", "b"], ["1", "2"]]),
      ("a\n1\n2\n", [["a"], ["1"], ["2"]]),
      ("a,b\né,日本\n", [["a", "b"], ["é", "日本"]]),
    ] as [(String, [[String]])])
  func accepted(text: String, expected: [[String]]) throws {
    // Every chunk size: a record may be broken anywhere.
    for chunkSize in 16...64 { #expect(try rows(text, chunkSize: chunkSize) == expected) }
  }

  @Test(
    "says what is wrong, and where",
    arguments: [
      ("", "t.csv: is empty: a table begins with a line of column names."),
      ("a,b\n", "t.csv: has a header and no records: there is nothing to learn from."),
      ("a,b\n1,2,3\n", "t.csv, line 2: expected 2 fields, as in the header, found 3."),
      ("a,b\n1,2\n1\n", "t.csv, line 3: expected 2 fields, as in the header, found 1."),
      ("a,b\n1,\"x\n", "t.csv, line 2, column 2: a quote is opened here and never closed."),
      ("a,b\n\"x\"y,2\n", "t.csv, line 2, column 1: text follows a closing quote."),
      (",\n1,2\n", "t.csv, line 1: no column has a name."),
      ("a,a\n1,2\n", "t.csv, line 1, column 2 (\"a\"): the name is that of column 1 too"),
      ("a,b\n1\r2,3\n", "t.csv, line 2, column 1: a carriage return stands alone."),
    ] as [(String, String)])
  func refused(text: String, message: String) {
    #expect { try rows(text) } throws: { "\($0)".hasPrefix(message) }
  }

  @Test("refuses bytes that are not UTF-8, and reads UTF-16")
  func encodings() {
    func read(_ bytes: [UInt8]) throws {
      let reader = try CSVReader(.memory(bytes, name: "t.csv"))
      try reader.forEachBatch { _ in }
    }
    #expect { try read(Array("a,b\n1,".utf8) + [0xFF, 0x0A]) } throws: {
      "\($0)" == "t.csv, line 2, column 2: is not valid UTF-8. Save the file as UTF-8."
    }
    #expect { try read([0xFF, 0xFE, 0x61, 0x00, 0x0A]) } throws: { "\($0)" == "t.csv: is UTF-16 that ends too soon." }
    #expect { try read([0xFF, 0xFE, 0x3D, 0xD8, 0x61, 0x00]) } throws: { "\($0)" == "t.csv: is not valid UTF-16." }
  }

  @Test("UTF-16 in either order, with a byte order mark or without, is the same table", arguments: [true, false])
  func utf16(isBig: Bool) throws {
    let text = "name,size\nKöln,1\n🐦,2\n"
    let units = text.utf16.flatMap { unit -> [UInt8] in
      let bytes = [UInt8(unit >> 8), UInt8(unit & 255)]
      return isBig ? bytes : bytes.reversed()
    }
    for mark in [isBig ? [0xFE, 0xFF] : [0xFF, 0xFE], []] as [[UInt8]] {
      let reader = try CSVReader(.memory(mark + units, name: "t.csv"), chunkSize: 16)
      var cells: [String] = []
      try reader.forEachBatch { batch in
        for record in 0..<batch.recordCount { cells += (0..<2).map { batch.text(record, $0) } }
      }
      #expect(reader.header == ["name", "size"])
      #expect(cells == ["Köln", "1", "🐦", "2"])
    }
  }

  @Test("refuses a NUL byte wherever it stands", arguments: ["\0x,1", "x\0y,1", "\"x\0\",1", "xé\0,1"])
  func nul(record: String) {
    #expect { try rows("a,b\n" + record + "\n") } throws: {
      "\($0)" == "t.csv, line 2, column 1: holds a NUL byte: this is not a text file."
    }
  }

  @Test("agrees with an obvious reader on random tables", arguments: UInt64(0)..<40)
  func naiveTwin(seed: UInt64) throws {
    var generator = Generator(seed: seed)
    let pieces = ["a", "7", " ", ",", "\"", "\n", "é", "\r\n", ""]
    let columnCount = 2 + generator.below(4)
    let table = (0..<1 + generator.below(12)).map { _ in
      (0..<columnCount).map { _ in (0..<generator.below(6)).map { _ in pieces[generator.below(pieces.count)] }.joined()
      }
    }
    let header = (0..<columnCount).map { "c\($0)" }
    let text = ([header] + table).map { csvLine($0) }.joined()
    for chunkSize in [16, 17, 23, 64, 4096] { #expect(try rows(text, chunkSize: chunkSize) == [header] + table) }
  }

  @Test("parses numbers as Swift does, and nothing else", arguments: UInt64(0)..<200)
  func numbers(seed: UInt64) throws {
    var generator = Generator(seed: seed)
    let value = (generator.uniform() - 0.5) * Double(sign: .plus, exponent: generator.below(120) - 60, significand: 1)
    var text = "\(value)"
    #expect(text.withUTF8 { parseNumber($0) } == value)
    for spelling in ["1", "-1.5", "+2", "1e3", "1.5E-7", ".5", "5.", "123456789012345678901234567890", "0.1"] {
      var spelling = spelling
      let expected = Double(spelling.hasSuffix(".") ? spelling + "0" : spelling)
      #expect(spelling.withUTF8 { parseNumber($0) } == expected)
    }
    for spelling in ["", "-", "e5", "1e", "0x10", "inf", "nan", "1 2", "1,5", "--1", "."] {
      var spelling = spelling
      #expect(spelling.withUTF8 { parseNumber($0) } == nil)
    }
  }
}
