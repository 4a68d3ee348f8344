// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletTables
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

  @Test("a pipe is read once, and tells as much as the file", .timeLimit(.minutes(1)))
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
}
