// SPDX-License-Identifier: Apache-2.0
//
// Pictures: a folder with a folder for each class, a folder of pictures, or one picture.
//
//     photos/stop/17.png               the class of a picture is the name of its folder
//     photos/train/stop/17.png         with photos/test/…, photos/validation/… or photos/val/… these decide the split
//     photos/17.png                    no classes: pictures to be answered for
//
// Before    FolderSource.swift     After    PictureFolder.swift

import Foundation
import SwiftletFormats
import SwiftletTables

enum PictureSource: Source {
  /// The column with the place of each picture in the folder, for those who keep it.
  static let fileColumn = "file"
  private static let classColumn = "label"

  static func holds(_ place: Place) throws -> Bool {
    FolderSource.isFolder(place.path)
      ? !FileManager.default.fileExists(atPath: place.path + "/dataset.yaml")
      : try place.isNamedAsPicture || place.kind == .picture
  }

  static func table(_ place: Place) throws -> Table { try load(place).table }

  static func load(_ place: Place) throws -> LoadedData {
    guard FolderSource.isFolder(place.path) else {
      let stack = try PictureStack([PictureFile(picture: place)], place.reader.options.pictures)
      let table = try Table([stack.column])
      return LoadedData(name: DataLoader.baseName(place.path), table: table, sha256: try place.bytes.sha256())
    }
    let folder = try PictureFolder(place.path)
    let stack = try PictureStack(folder.files, place.reader.options.pictures)
    let hasClasses = folder.files.allSatisfy { $0.label != nil }
    let digests = try folder.files.map { "\($0.name) \(try $0.bytes.sha256())" }.joined(separator: "\n")
    var loaded = LoadedData(
      name: DataLoader.baseName(place.path),
      table: try Table([stack.column] + (hasClasses ? [classes(of: folder.files)] : [])),
      sha256: try ByteSource.memory(Array(digests.utf8), name: "").sha256())
    if hasClasses { loaded.targets = [classColumn] }
    loaded.warnings += [folder.warning].compactMap { $0 }
    let splits = folder.files.compactMap(\.split)
    if splits.count == folder.files.count { loaded.fileSplits = splits }
    return loaded
  }

  /// Pictures are decoded and dropped in parts of so many.
  private static let partSize = 256

  static func forEachPart(_ place: Place, keeping names: [String], _ body: (TablePart) throws -> Void) throws {
    let files =
      FolderSource.isFolder(place.path) ? try PictureFolder(place.path).files : [PictureFile(picture: place)]
    let hasClasses = files.allSatisfy { $0.label != nil }
    for start in stride(from: 0, to: files.count, by: partSize) {
      let part = Array(files[start..<min(start + partSize, files.count)])
      let stack = try PictureStack(part, place.reader.options.pictures)
      let columns = [stack.column, fileNames(part)] + (hasClasses ? [classes(of: part)] : [])
      try body(TableReader.part(of: try Table(columns), keeping: names))
    }
  }

  private static func classes(of files: [PictureFile]) -> Column {
    let labels = sortedLabels(Array(Set(files.compactMap(\.label))))
    let positions = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, Int32($0)) })
    let codes = files.map { file in file.label.flatMap { positions[$0] } ?? -1 }
    return Column(name: classColumn, type: .category, values: .codes(codes, categories: labels))
  }

  private static func fileNames(_ files: [PictureFile]) -> Column {
    let codes = files.indices.map { Int32($0) }
    return Column(name: fileColumn, type: .text, values: .codes(codes, categories: files.map(\.name)))
  }
}

/// Pictures of one size, decoded.
private struct PictureStack {
  let column: Column

  /// - Throws: `FormatError` with the name of a file that is not a picture, is damaged or too large; `DataError` if the
  ///   files differ in size and no size is given.
  init(_ files: [PictureFile], _ reading: PictureReading) throws {
    var pictures: [Picture] = []
    for file in files {
      let picture = try Picture.decode(try file.bytes.readAll(limit: 1 << 28), name: file.name)
      pictures.append(reading.adapted(picture))
      let first = pictures[0]
      guard let last = pictures.last, last.width == first.width, last.height == first.height else {
        throw DataError(
          "The pictures differ in size: \(quoted(files[0].name)) has \(first.width) by \(first.height) pixels, and "
            + "\(quoted(file.name)) \(picture.width) by \(picture.height). Name a size that all of them get: "
            + "--set source.image_size=64, or \"[48, 64]\" for height and width.")
      }
    }
    guard let first = pictures.first else { throw DataError("There are no pictures.") }
    let channels = pictures.map(\.channels).max() ?? 1
    let bytes = pictures.flatMap { $0.converted(channels: channels).planes }
    let images = ImageColumn(height: first.height, width: first.width, channels: channels, bytes: bytes)
    column = Column(name: "image", type: .image, values: .images(images))
  }
}
