// SPDX-License-Identifier: Apache-2.0
//
// A dataset folder: a dataset.yaml, and the files that it names.
//
// Before    Source.swift     After    PictureSource.swift

import Foundation
import SwiftletFormats
import SwiftletTables

enum FolderSource: Source {
  static func holds(_ place: Place) throws -> Bool { isFolder(place.path) }

  static func table(_ place: Place) throws -> Table { try load(place).table }

  static let takesQueries = true  // its file may be a database

  /// The description in a folder, or `nil` if the place is not a folder with one.
  static func description(at path: String) throws -> DatasetDescription? {
    guard isFolder(path) else { return nil }
    let file = path + "/dataset.yaml"
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    return try DatasetDescription(try YAML.read(.file(file)))
  }

  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  static func load(_ place: Place) throws -> LoadedData {
    guard let dataset = try description(at: place.path) else { throw FormatError(place.path, "is not a folder.") }
    let folder = DatasetFolder(place, dataset)
    let first = try folder.part(dataset.files)
    let test = try dataset.testFiles.map { try folder.part($0) }
    let files = first.files + (test?.files ?? [])
    let digests = files.map(\.digest)
    let digest =
      digests.count == 1
      ? digests[0] : try ByteSource.memory(Array(digests.joined(separator: "\n").utf8), name: "").sha256()
    var loaded = LoadedData(
      name: dataset.name, table: first.table, dataset: dataset, sha256: digest, warnings: folder.warnings(files))
    if let test {
      loaded.table = try Table.joined(first.table, test.table)
      loaded.fileSplits =
        Array(repeating: .train, count: first.table.rowCount) + Array(repeating: .test, count: test.table.rowCount)
    }
    return loaded
  }
}

extension FolderSource {
  /// Tables are read part by part, the training file before that of the test; pictures are there all at once.
  static func forEachPart(
    _ place: Place, keeping names: [String], _ body: (TablePart) throws -> Void
  ) throws {
    guard let dataset = try description(at: place.path) else {
      throw FormatError(place.path, "is not a folder.")
    }
    let folder = DatasetFolder(place, dataset)
    let files = try ([dataset.files] + (dataset.testFiles.map { [$0] } ?? [])).map {
      try folder.tablePlace($0)
    }
    guard !files.contains(where: { $0 == nil }) else {
      return try body(TableReader.part(of: load(place).table, keeping: names))
    }
    for case let file? in files { try file.source.forEachPart(file, keeping: names, body) }
  }
}

/// The files of a data set.
private struct DatasetFolder {
  private var place: Place
  private let dataset: DatasetDescription

  /// Files that are read together.
  struct Part {
    let table: Table
    let files: [DatasetDescription.FileDigest]
  }

  init(_ place: Place, _ dataset: DatasetDescription) {
    self.place = place
    self.dataset = dataset
    // What the description says of a column holds, unless the caller says otherwise.
    for column in dataset.columns where !column.isPrefix && column.type?.isCell == true {
      self.place.reader.types[column.name] = place.reader.types[column.name] ?? column.type
    }
  }

  func part(_ files: DatasetDescription.Files) throws -> Part {
    switch files {
    case .table(let file):
      let place = try self.place(of: file)
      return Part(table: try place.source.table(place), files: [try digest(of: file)])
    case .images(let imageFile, let labelFile):
      let labelPlace = try place(of: labelFile)
      let images = try IDXSource.images(place(of: imageFile))
      let labels =
        try IDXSource.holds(labelPlace)
        ? [try IDXSource.labels(labelPlace, of: dataset)] : try labelPlace.source.table(labelPlace).columns
      guard labels.allSatisfy({ $0.count == images.count }) else {
        throw FormatError(labelFile, "has \(labels.first?.count ?? 0) labels for \(images.count) images.")
      }
      return Part(table: try Table([images] + labels), files: [try digest(of: imageFile), try digest(of: labelFile)])
    }
  }

  /// The file of a table; `nil` where there are pictures.
  func tablePlace(_ files: DatasetDescription.Files) throws -> Place? {
    guard case .table(let file) = files else { return nil }
    return try place(of: file)
  }

  private func place(of file: String) throws -> Place {
    let full = file.hasPrefix("/") ? file : place.path + "/" + file
    guard FileManager.default.fileExists(atPath: full) else {
      let remedy = dataset.install.map { " Install it: \($0)" } ?? ""
      throw FormatError(full, "there is no such file.\(remedy)", isMissingInput: true)
    }
    // A folder that named itself would be read forever.
    guard !FolderSource.isFolder(full) else { throw FormatError(full, "is a folder, and a file is needed.") }
    return Place(full, in: place)
  }

  private func digest(of file: String) throws -> DatasetDescription.FileDigest {
    .init(file: file, digest: try place(of: file).bytes.sha256())
  }

  /// A warning for each file that differs from its description.
  func warnings(_ files: [DatasetDescription.FileDigest]) -> [String] {
    files.compactMap { found in
      guard let described = dataset.sha256.first(where: { $0.file == found.file }), described.digest != found.digest
      else { return nil }
      return "\(found.file) is not the file that dataset.yaml describes: its SHA-256 differs. "
        + "One of the two has changed."
    }
  }
}
