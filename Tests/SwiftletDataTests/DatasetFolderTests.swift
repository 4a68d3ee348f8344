// SPDX-License-Identifier: Apache-2.0

import SwiftletData
import SwiftletFormats
import SwiftletTables
import Testing

@Suite("Dataset folders")
struct DatasetFolderTests {
  private let pictures = IDX(sizes: [2, 1, 2], bytes: [1, 2, 3, 4]).encoded()

  @Test(
    "an unknown key at any depth is refused with its line and the nearest known one",
    arguments: [
      ("titel: x", "titel", "title"), ("columns:\n  a: {tpye: number}", "tpye", "type"),
      ("split: {colum: split}", "colum", "column"), ("view: {width: 2, heigth: 2}", "heigth", "height"),
      ("rows: {trian: 3, test: 4}", "trian", "train"),
    ])
  func unknownKeys(yaml: String, key: String, nearest: String) throws {
    let line = yaml.contains("\n") ? 4 : 3
    #expect { try DatasetDescription(try YAML.parse("name: d\nfiles: x.csv\n" + yaml, name: "dataset.yaml")) } throws: {
      "\($0)" == "dataset.yaml, line \(line): there is no key \"\(key)\". Did you mean \"\(nearest)\"?"
    }
  }

  @Test("the least that a folder needs is three lines, as the page of the data sets shows")
  func least() throws {
    let yaml = """
      name: houses
      target: price
      files: houses.csv
      """
    let folder = try TemporaryFolder(["dataset.yaml": yaml, "houses.csv": "rooms,price\n2,100\n3,150\n"])
    let loaded = try folder.load()
    #expect(loaded.name == "houses" && loaded.dataset?.targets == ["price"] && loaded.table.rowCount == 2)
  }

  @Test("a file that was changed since it was described is read, with a warning")
  func changedFile() throws {
    let text = "a,b\n1,2\n"
    let digest = try ByteSource.memory(Array(text.utf8), name: "x.csv").sha256()
    let yaml = "name: d\nfiles: x.csv\nsha256: {x.csv: \"\(digest)\"}\n"
    #expect(try TemporaryFolder(["dataset.yaml": yaml, "x.csv": text]).load().warnings.isEmpty)
    let changed = try TemporaryFolder(["dataset.yaml": yaml, "x.csv": text + "3,4\n"]).load()
    #expect(changed.table.rowCount == 2 && changed.warnings.count == 1)
    #expect(changed.warnings.first?.hasPrefix("x.csv is not the file that dataset.yaml describes") == true)
  }

  @Test(
    "a value of the wrong kind is a sentence, never passed over",
    arguments: [
      ("- 1", "must be a mapping"), ("files: x.csv", "\"name\" is required"),
      ("name: d", "must say where the data are"),
      ("name: 5\nfiles: x", "\"name\" is required, and must be text"),
      ("name: d\nfiles: {train: x.csv, tets: y.csv}", "there is no key \"tets\""),
      ("name: d\nfiles: {images: a}", "must be a file, or {images: FILE, labels: FILE}"),
      ("name: d\nfiles: x\ntarget: 5", "the target must be the name of a column"),
      ("name: d\nfiles: x\ntarget: [a, 5]", "the target must be the name of a column"),
      ("name: d\nfiles: x\ntask: 5", "the task must be a word"),
      ("name: d\nfiles: x\ncolumns: {a: number}", "a column is described by a mapping"),
      ("name: d\nfiles: x\ncolumns: {a: {type: integer}}", "the type \"integer\" is not one of number, boolean"),
      ("name: d\nfiles: x\nsha256: {x: 12}", "64 hexadecimal digits"),
      ("name: d\nfiles: x\nview: {width: 0, height: 3}", "a view needs a width and a height"),
    ])
  func wrongKinds(yaml: String, message: String) throws {
    let folder = try TemporaryFolder(["dataset.yaml": yaml])
    #expect { try folder.load() } throws: { "\($0)".contains("dataset.yaml") && "\($0)".contains(message) }
  }

  @Test("a missing file says how to install it")
  func install() throws {
    let folder = try TemporaryFolder(["dataset.yaml": "name: d\nfiles: x.csv\ninstall: apt-get install x\n"])
    #expect { try folder.load() } throws: {
      "\($0)".hasSuffix("x.csv: there is no such file. Install it: apt-get install x")
        && ($0 as? FormatError)?.isMissingInput == true
    }
    #expect { try TemporaryFolder().load() } throws: { "\($0)".contains("a folder without a dataset.yaml") }
  }

  @Test("a training and a test file become one table with the split of the files")
  func trainAndTest() throws {
    let folder = try TemporaryFolder([
      "dataset.yaml": "name: d\nfiles: {train: a.csv, test: b.csv}\n", "a.csv": "x,ok\n1,no\n2,yes\n",
      "b.csv": "x,ok\n3,yes\n",
    ])
    let data = try folder.load()
    #expect(data.fileSplits == [.train, .train, .test])
    #expect(data.table["x"]?.values == .numbers([1, 2, 3]))
    #expect(data.table["ok"]?.type == .boolean)
    #expect(data.name == "d" && data.sha256.count == 64)
  }

  @Test("labels are IDX or CSV by their own name, whatever their folder is called")
  func labelFiles() throws {
    let yaml = "name: d\ntarget: y\nfiles: {images: i-ubyte, labels: LABELS}\n"
    let csv = try TemporaryFolder(
      ["dataset.yaml": yaml.replacing("LABELS", with: "l.csv"), "l.csv": "y\n0.5\n1\n"], named: "my-ubyte")
    try csv.write(pictures, to: "i-ubyte")
    #expect(try csv.load().table["y"]?.values == .numbers([0.5, 1]))
    for file in ["l.idx", "l.ubyte", "l-idx1-ubyte"] {
      let idx = try TemporaryFolder(["dataset.yaml": yaml.replacing("LABELS", with: file)])
      try idx.write(pictures, to: "i-ubyte")
      try idx.write(IDX(sizes: [2], bytes: [7, 3]).encoded(), to: file)
      let table = try idx.load().table
      #expect(table["y"]?.values == .numbers([7, 3]))
      #expect(table["image"]?.values == .images(ImageColumn(height: 1, width: 2, bytes: [1, 2, 3, 4])))
    }
  }

  @Test(
    "labels that do not fit the pictures are refused",
    arguments: [
      ([UInt8]([0, 1, 0]), "[a, b]", "has 3 labels for 2 images"), ([0, 2], "[a, b]", "holds the label 2"),
    ])
  func labelRefusals(labels: [UInt8], names: String, message: String) throws {
    let folder = try TemporaryFolder([
      "dataset.yaml": "name: d\ntarget: y\ncolumns: {y: {categories: \(names)}}\n"
        + "files: {images: i-ubyte, labels: l-ubyte}\n"
    ])
    try folder.write(pictures, to: "i-ubyte")
    try folder.write(IDX(sizes: [labels.count], bytes: labels).encoded(), to: "l-ubyte")
    #expect { try folder.load() } throws: { "\($0)".contains(message) }
  }

  @Test("a folder that names itself, or another, is a sentence and not a loop")
  func folderInFolder() throws {
    let folder = try TemporaryFolder(["dataset.yaml": "name: d\nfiles: .\n"])
    #expect { try folder.load() } throws: { "\($0)".hasSuffix("is a folder, and a file is needed.") }
  }

  @Test("two descriptions are equal where all that they say is")
  func equality() throws {
    func description(_ yaml: String) throws -> DatasetDescription {
      try DatasetDescription(try YAML.parse("name: d\nfiles: x.csv\n" + yaml, name: "dataset.yaml"))
    }
    #expect(try description("title: a") == description("title: a"))
    for other in ["title: b", "target: y", "task: regression", "view: {width: 2, height: 2}", "install: x"] {
      #expect(try description("title: a") != description(other))
    }
  }

  @Test("what the description says of a column's type holds, and a flag holds more")
  func types() throws {
    let folder = try TemporaryFolder([
      "dataset.yaml": "name: d\nfiles: x.csv\ncolumns: {a: {type: category}}\n", "x.csv": "a,b\n1,1\n2,2\n",
    ])
    #expect(try folder.load().table.columns.map(\.type) == [.category, .number])
    var loader = DataLoader(folder.path)
    loader.reader.types = ["a": .number, "b": .category]
    #expect(try loader.load().table.columns.map(\.type) == [.number, .category])
  }
}
