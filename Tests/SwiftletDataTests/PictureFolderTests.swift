// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletTables
import SwiftletTestSupport
import Testing

@Suite("Folders of pictures")
struct PictureFolderTests {
  /// A PNG of one brightness.
  private static func png(_ value: UInt8, width: Int = 2, height: Int = 2, channels: Int = 1) -> [UInt8] {
    let bytes = Array(repeating: value, count: width * height * channels)
    return Picture(width: width, height: height, channels: channels, bytes: bytes).png()
  }

  private static func folder(_ files: KeyValuePairs<String, [UInt8]>) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (name, bytes) in files {
      let inner = (folder.path + "/" + name).split(separator: "/").dropLast().joined(separator: "/")
      try FileManager.default.createDirectory(atPath: "/" + inner, withIntermediateDirectories: true)
      try folder.write(bytes, to: name)
    }
    return folder
  }

  private static func refusal(_ files: KeyValuePairs<String, [UInt8]>) -> String {
    do {
      _ = try folder(files).load()
      return "read"
    } catch { return "\(error)" }
  }

  @Test("a folder by class has a label for each picture, in an order of names alone")
  func classes() throws {
    let folder = try Self.folder([
      "stop/b.png": Self.png(1), "stop/a.png": Self.png(2), "go/z.png": Self.png(3), ".cache/x.png": [1],
      "go/.hidden": [1], "README.md": [1],
    ])
    let data = try folder.load()
    #expect(data.targets == ["label"])
    #expect(data.fileSplits == nil)
    #expect((0..<3).map { data.table["label"]?.text(at: $0) } == ["go", "stop", "stop"])
    #expect(data.table["image"]?.images?.bytes == [3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1])
    let digest = data.sha256
    try folder.write(Self.png(4), to: "go/z.png")
    #expect(try folder.load().sha256 != digest)
  }

  @Test("folders called train and test decide the split; a class of trains is a class")
  func parts() throws {
    let split = try Self.folder([
      "test/a/1.png": Self.png(1), "train/a/1.png": Self.png(2), "train/b/1.png": Self.png(3),
      "validation/b/7.png": Self.png(4),
    ]).load()
    #expect(split.fileSplits == [.train, .train, .validation, .test])
    #expect((0..<4).map { split.table["label"]?.text(at: $0) } == ["a", "b", "b", "a"])
    let vehicles = try Self.folder(["train/1.png": Self.png(1), "car/1.png": Self.png(2)]).load()
    #expect(vehicles.fileSplits == nil)
    #expect(vehicles.table["label"]?.categories == ["car", "train"])
  }

  @Test("parts have their usual names, and what is not read is named")
  func unused() throws {
    let named = try Self.folder([
      "training/a/1.png": Self.png(1), "training/b/1.png": Self.png(2), "val/a/1.png": Self.png(3),
      "testing/b/1.png": Self.png(4),
    ]).load()
    #expect(named.fileSplits == [.train, .train, .validation, .test] && named.warnings.isEmpty)
    let beside = try Self.folder([
      "train/a/1.png": Self.png(1), "train/b/1.png": Self.png(2), "train/3.JPG": Self.png(2), "holdout/a/1.png": [1],
      "4.png": [1], "README.md": [1], "test/5.jpeg": [1],
    ]).load()
    #expect(beside.table.rowCount == 2)
    #expect(
      beside.warnings.count == 1
        && beside.warnings[0].hasPrefix("Not read: \"train/3.JPG\", \"test/5.jpeg\", \"holdout\", \"4.png\". "))
    let classes = try Self.folder(["a/1.png": Self.png(1), "b/1.png": Self.png(2), "c.png": [1], "b.md": [1]]).load()
    #expect(classes.warnings.count == 1 && classes.warnings[0].hasPrefix("Not read: \"c.png\". "))
  }

  @Test("a pipe among the pictures is refused, and not waited for", .endsWhenStuck)
  func pipe() throws {
    let folder = try Self.folder(["a/1.png": Self.png(1), "b/1.png": Self.png(2)])
    #expect(mkfifo(folder.path + "/b/2.png", 0o600) == 0)
    #expect { try folder.load() } throws: { "\($0)".contains("is a pipe, which is read only as the data") }
  }

  @Test("what its name says is a picture is no table", arguments: ["", "GIF89a", "a,b\r1,2\r"])
  func notPictures(text: String) throws {
    let folder = try TemporaryFolder(["x.png": text, "y.dat": "GIF89a"])
    #expect { try folder.load("x.png") } throws: {
      "\($0)" == "x.png is not a picture: it begins neither as a PNG nor as a JPEG does."
    }
    #expect { try folder.load("y.dat") } throws: {
      "\($0)".contains("is a GIF, which is not read. Save the picture as")
    }
  }

  @Test("color and gray together are color; a setting decides otherwise")
  func colors() throws {
    let files: KeyValuePairs = ["a/1.png": Self.png(9), "b/1.png": Self.png(7, channels: 3)]
    let folder = try Self.folder(files)
    #expect(try folder.load().table["image"]?.images?.channels == 3)
    var loader = DataLoader(folder.path)
    loader.reader.options.pictures.channels = 1
    #expect(try loader.load().table["image"]?.images?.bytes == [9, 9, 9, 9, 7, 7, 7, 7])
  }

  @Test("pictures of differing sizes need a setting, and get that size")
  func sizes() throws {
    let files: KeyValuePairs = ["a/1.png": Self.png(9), "b/2.png": Self.png(7, width: 4, height: 6)]
    #expect(
      Self.refusal(files)
        == "The pictures differ in size: \"a/1.png\" has 2 by 2 pixels, and \"b/2.png\" 4 by 6. Name a size that all of "
        + "them get: --set source.image_size=64, or \"[48, 64]\" for height and width.")
    let folder = try Self.folder(files)
    var loader = DataLoader(folder.path)
    loader.reader.options.pictures.size = PictureReading.Size(height: 1, width: 2)
    #expect(try loader.load().table["image"]?.images?.bytes == [9, 9, 7, 7])
  }

  @Test("one picture, and a folder without classes, are rows without a label")
  func rows() throws {
    let folder = try Self.folder(["b.png": Self.png(1), "a.png": Self.png(2)])
    #expect(try folder.load().table.columnNames == ["image"])
    #expect(try folder.load("a.png").table["image"]?.images?.bytes == [2, 2, 2, 2])
    let loader = DataLoader(folder.path)
    #expect(loader.rowNames == "file")
    #expect(DataLoader(folder.path + "/a.png").rowNames == "file")
    var names: [JSONValue] = []
    try loader.forEachPart(TableReader(), keeping: ["file"]) { names += $0.kept[0] }
    #expect(names == ["a.png", "b.png"])
  }

  @Test("what is wrong with a folder is said with the file's name")
  func refusals() throws {
    #expect(
      Self.refusal([:]).hasSuffix(
        "is a folder without a dataset.yaml, which would describe its data, and without pictures."))
    #expect(
      Self.refusal(["a/1.png": Self.png(1), "a/2.png": Array("not a picture".utf8)])
        == "a/2.png is not a picture: it begins neither as a PNG nor as a JPEG does.")
    #expect(Self.refusal(["a/1.png": Self.png(1), "a/2.png": []]).hasPrefix("a/2.png is not a picture"))
    #expect(
      Self.refusal(["a/1.png": Self.png(1), "a/2.png": Self.png(1).dropLast(30)]).hasPrefix("a/2.png: is a damaged PNG")
    )
    #expect(Self.refusal(["a/b/c/1.png": Self.png(1)]).contains("has the folder \"a/b\" in that of a class"))
    let empty = try Self.folder(["a/1.png": Self.png(1)])
    try FileManager.default.createDirectory(atPath: empty.path + "/b", withIntermediateDirectories: true)
    #expect { try empty.load() } throws: {
      "\($0)".contains("has no pictures of the class \"b\": its folder is empty.")
    }
  }

  @Test("names beyond ASCII are read, and those that are not UTF-8 or look alike are refused")
  func names() throws {
    let folder = try Self.folder(["übung/日本 1.png": Self.png(1), "a\nb/2.png": Self.png(2)])
    #expect(try folder.load().table["label"]?.categories == ["a\nb", "übung"])
    let twins = try Self.folder(["\u{E9}/1.png": Self.png(1), "e\u{301}/1.png": Self.png(2)])
    #expect { try twins.load() } throws: { "\($0)".contains("twice, written with different characters") }
    let descriptor = open(Array((folder.path + "/übung/").utf8CString.dropLast()) + [-1, 0], O_CREAT | O_WRONLY, 0o600)
    try #require(descriptor >= 0)
    close(descriptor)
    #expect { try folder.load() } throws: { "\($0)".contains("whose name is not UTF-8. Rename it.") }
  }
}
