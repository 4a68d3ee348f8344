// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletTables
import SwiftletTestSupport
import Testing

@Suite("Kinds of files")
struct FileKindTests {
  @Test(
    "the name tells the kind",
    arguments: [
      ("x.csv", "a,b\n1,u\n2,v\n"), ("x.tsv", "a\tb\n1\tu\n2\tv\n"), ("x.csv", "a;b\n1;u\n2;v\n"),
      ("x.jsonl", "{\"a\": 1, \"b\": \"u\"}\n{\"a\": 2, \"b\": \"v\"}\n"),
      ("X.NDJSON", "{\"a\": 1, \"b\": \"u\"}\n{\"b\": \"v\", \"a\": 2}\n"),
    ])
  func kinds(file: String, text: String) throws {
    let data = try TemporaryFolder([file: text]).load(file)
    #expect(data.table.columnNames == ["a", "b"])
    #expect(data.table["a"]?.values == .numbers([1, 2]))
    #expect(data.table["b"]?.values == .codes([0, 1], categories: ["u", "v"]))
    #expect(data.dataset == nil && data.fileSplits == nil)
  }

  @Test("the file's own bytes are what the SHA-256 is of")
  func sha256() throws {
    // printf 'a\n1\n' | sha256sum
    #expect(
      try TemporaryFolder(["x.csv": "a\n1\n"]).load("x.csv").sha256
        == "309b0e45a73d3fc5325e2b6ed0a01ef8b9cde6b05a5633c1f893f970d52bfddc")
  }

  @Test("a pipe is read once, and tells as much as the file", .endsWhenStuck)
  func pipe() throws {
    let text = "a,b\n1,u\n2,v\n"
    let folder = try TemporaryFolder(["x.csv": text])
    let path = folder.path + "/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    Thread.detachNewThread { try? Data(text.utf8).write(to: URL(fileURLWithPath: path)) }
    let (loader, file) = (DataLoader(path), try folder.load("x.csv"))
    for _ in 0..<2 {
      let piped = try loader.load()
      #expect(piped.table == file.table && piped.sha256 == file.sha256 && piped.name == "input")
    }
  }

  @Test("images without labels are a table of one column")
  func images() throws {
    let folder = try TemporaryFolder()
    try folder.write(IDX(sizes: [1, 2, 2], bytes: [1, 2, 3, 4]).encoded(), to: "i-ubyte")
    #expect(
      try folder.load("i-ubyte").table["image"]?.values
        == .images(ImageColumn(height: 2, width: 2, bytes: [1, 2, 3, 4])))
    // A file has a pixel's channels together, a column one channel after another.
    try folder.write(IDX(sizes: [2, 1, 2, 3], bytes: Array(1...12)).encoded(), to: "c-ubyte")
    #expect(
      try folder.load("c-ubyte").table["image"]?.values
        == .images(ImageColumn(height: 1, width: 2, channels: 3, bytes: [1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12])))
    for sizes in [[2, 1, 2, 0], [0, 2, 2, 3], [1, 1, 1, 17]] {
      try folder.write(
        IDX(sizes: sizes, bytes: Array(repeating: 0, count: sizes.reduce(1, *))).encoded(), to: "z-ubyte")
      #expect { try folder.load("z-ubyte") } throws: { "\($0)".contains("up to 16 channels") }
    }
    try folder.write(IDX(sizes: [3], bytes: [1, 2, 3]).encoded(), to: "l-ubyte")
    #expect { try folder.load("l-ubyte") } throws: { "\($0)".contains("images have three axes") }
  }

  @Test("--table and --query are for databases")
  func sqlFlags() throws {
    let folder = try TemporaryFolder(["x.csv": "a\n1\n"])
    #expect { try folder.load("x.csv", table: "t") } throws: { "\($0)".contains("are for SQLite files") }
  }

  @Test(
    "a name without its folder and endings",
    arguments: [
      ("a/b/shop.csv.gz", "shop"), ("x.jsonl", "x"), ("plain", "plain"), ("/", "/"),
      ("sales.2024-01.csv", "sales.2024-01"), ("my.data.tsv.GZ", "my.data"), ("a.b/c.d", "c.d"), (".csv", ".csv"),
    ])
  func baseName(path: String, name: String) { #expect(DataLoader.baseName(path) == name) }

  @Test(
    "a file of another kind is called by its name, with what to do",
    arguments: [
      (
        [0x50, 0x4B, 3, 4] + Array("a.csv".utf8),
        "is a zip archive, which is not read. Unpack it first"
      ),
      (
        [0x50, 0x4B, 3, 4] + Array("xl/workbook.xml".utf8),
        "is a spreadsheet, which is not read. Save the sheet as CSV"
      ),
      (Array("BZh91AY".utf8), "is compressed by bzip2"),
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "is compressed by xz"),
      ([0x28, 0xB5, 0x2F, 0xFD, 0], "is compressed by zstd"),
      (Array("PAR1....".utf8), "pd.read_parquet(FILE).to_csv"),
      (Array("ARROW1\0\0".utf8), "is an Arrow file"), (Array("ORC\n".utf8), "is an ORC file"),
      ([0x89, 0x48, 0x44, 0x46], "is an HDF5 file"),
      ([0xD0, 0xCF, 0x11, 0xE0], "is an old Excel file"),
      ([0x80, 4, 0x95, 1], "is a pickle of Python"),
      ([0x93] + Array("NUMPY".utf8), "is a NumPy array"),
      (Array("%PDF-1.7".utf8), "is a PDF"),
      (Array("$FL2@(#)".utf8), "is an SPSS file"),
      (Array("<stata_dta><header>".utf8), "is a Stata file"),
      (Array("<!DOCTYPE html><p>".utf8), "is a web page"),
      (Array("<table border=\"1\">".utf8), "is a web page"),
      (Array("<?xml version=\"1.0\"?>".utf8), "is XML"),
      (Array("Obj\u{1}".utf8), "is an Avro file"),
      (Array("+1 1:0.5 3:2\n-1 2:1\n".utf8), "is a file of LIBSVM"),
      (Array("% by Weka\n@RELATION iris\n@DATA\n".utf8), "is an ARFF file"),
      (Array("5.1,3.5,a\n4.9,3.0,b\n".utf8), "If there is no header, say --set source.header=none"),
      (Array("x   y\n1   2\n3   4\n".utf8), "its 2 columns are separated by spaces"),
      (Array("Sales 2024\n\na,b\n1,2\n3,4\n".utf8), "is a title or a comment"),
      (Array("{\"data\": [{\"a\": 1}]}".utf8), "write each on a line: jq -c '.data[]' FILE."),
      (Array("{\"a\": {\"0\": 1}, \"b\": {\"0\": 2}}".utf8), "is a table by columns"),
      (
        Array("{\"0\": {\"a\": 1}, \"1\": {\"a\": 2}}".utf8),
        "is a table by the numbers of its rows"
      ),
      (Array("[[1, 2], [3, 4]]".utf8), "expected a list of objects"),
    ] as [([UInt8], String)])
  func otherKinds(bytes: [UInt8], sentence: String) throws {
    let folder = try TemporaryFolder()
    let isJSON = bytes.first == UInt8(ascii: "{") || bytes.first == UInt8(ascii: "[")
    let names = isJSON ? ["t.json", "t.jsonl"] : ["t.csv", "t.data"]
    for name in names {
      try folder.write(bytes, to: name)
      #expect { try folder.load(name) } throws: { "\($0)".contains(sentence) }
    }
  }

  @Test("a column of numbers with spaces below a name with spaces is one column if that is said")
  func oneColumn() throws {
    let folder = try TemporaryFolder(["t.csv": "unit price\n1 234\n5 678\n"])
    #expect { try folder.load("t.csv") } throws: {
      "\($0)".hasSuffix("If it is one column, say --set source.header=1.")
    }
    var loader = DataLoader(folder.path + "/t.csv")
    loader.reader.options.header = .line(1)
    #expect(try loader.load().table["unit price"]?.numbers.map(Array.init) == [1234, 5678])
  }

  @Test(
    "a name with spaces, words in a single column, and rows of single numbers are no columns of spaces"
  )
  func noSpaces() throws {
    for text in ["full name\nAnn Lee\nBo Li\n", "x\n1 234\n5 678\n", "a b,c\n1,2\n"] {
      #expect(throws: Never.self) { try TemporaryFolder(["t.csv": text]).load("t.csv") }
    }
  }
}
