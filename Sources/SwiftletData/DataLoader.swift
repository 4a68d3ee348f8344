// SPDX-License-Identifier: Apache-2.0
//
// DataLoader: from a place to a table.
//
// A place is a folder with a dataset.yaml, a file of delimited text or JSON Lines, a database of SQLite, or
// standard input.
//
// Before    Pipe.swift     After    SQLiteReader.swift

import Foundation
import SwiftletFormats
import SwiftletTables

/// A table and what is known of where it came from.
public struct LoadedData: Sendable {
  /// What the data are called: as their description says, or as their file.
  public let name: String
  /// All rows, with the files for training before those for test.
  public var table: Table
  /// The description, where the place is a dataset folder.
  public let dataset: DatasetDescription?
  /// The part of each row, where the data set has files of its own for training and test.
  public let fileSplits: [Split]?
  /// The SHA-256 of the files as they are; of several, that of their digests in order.
  public let sha256: String
  /// What should be known of the files, such as that one is not the file that its description is of.
  public var warnings: [String] = []
}

/// Reads data from wherever they are.
public struct DataLoader: Sendable {
  /// A folder, a file, a pipe, or `-` for standard input.
  public let path: String
  /// Types that columns have whatever their values suggest.
  public var types: [String: ColumnType] = [:]
  /// How missing values are written.
  public var missing: MissingSpellings = .standard
  /// For SQLite: the table, or the query, to read.
  public var sqlTable: String?
  /// One SELECT, in the place of a table.
  public var sqlQuery: String?

  private let pipe: Pipe?

  /// A loader that reads nothing yet.
  public init(_ path: String) { (self.path, pipe) = (path, Pipe(path)) }

  /// The description in a data set's folder, or `nil` where the place is no such folder.
  public static func description(at path: String) throws -> DatasetDescription? {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else { return nil }
    let file = path + "/dataset.yaml"
    guard FileManager.default.fileExists(atPath: file) else {
      throw FormatError(
        path, "is a folder without a dataset.yaml, which would say what its data are.", isMissingInput: true)
    }
    return try DatasetDescription(try YAML.read(.file(file)))
  }

  /// Reads the data.
  ///
  /// - Throws: `FormatError` and `DataError`, with a sentence that says what to do.
  public func load() throws -> LoadedData {
    if let dataset = try DataLoader.description(at: path) { return try load(dataset) }
    if let pipe { return try load(pipe.source()) }
    let source = ByteSource.file(path)
    let sha256 = try source.sha256()
    return LoadedData(
      name: DataLoader.baseName(path), table: try table(path), dataset: nil, fileSplits: nil, sha256: sha256)
  }

  /// Reads what has no name that tells its kind.
  private func load(_ source: ByteSource) throws -> LoadedData {
    let reader = try source.open()
    var beginning = Array(repeating: UInt8(0), count: 1 << 12)
    let count = try beginning.withUnsafeMutableBytes { try reader.read(into: $0) }
    // A line of JSON begins with a brace, and no line of column names does.
    let first = beginning[..<count].first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
    let table = try first == UInt8(ascii: "{") ? self.reader.readJSONLines(source) : self.reader.readCSV(source)
    return LoadedData(name: "input", table: table, dataset: nil, fileSplits: nil, sha256: try source.sha256())
  }

  /// `data/shop.csv.gz` is called `shop`, and what comes through a pipe `input`.
  public static func baseName(_ path: String) -> String {
    guard Pipe(path) == nil else { return "input" }
    let last = path.split(separator: "/").last.map(String.init) ?? path
    return last.split(separator: ".").first.map(String.init) ?? last
  }

  private var reader: TableReader { TableReader(types: types, missing: missing) }

  private func table(_ path: String) throws -> Table {
    let name = path.lowercased().hasSuffix(".gz") ? String(path.lowercased().dropLast(3)) : path.lowercased()
    if [".sqlite", ".sqlite3", ".db"].contains(where: name.hasSuffix) {
      return try SQLiteReader(path: path, reader: reader).read(table: sqlTable, query: sqlQuery)
    }
    guard sqlTable == nil, sqlQuery == nil else {
      throw DataError("--table and --query are for SQLite files (.sqlite, .db), and \(path) is none.")
    }
    if [".jsonl", ".ndjson"].contains(where: name.hasSuffix) { return try reader.readJSONLines(.file(path)) }
    if DataLoader.isIDX(path) { return try Table([try images(path)]) }
    return try reader.readCSV(.file(path))
  }

  /// Whether the name of a file, not that of its folder, says that it is IDX.
  private static func isIDX(_ path: String) -> Bool {
    let name = path.lowercased().hasSuffix(".gz") ? path.lowercased().dropLast(3) : path.lowercased()[...]
    return name.hasSuffix("ubyte") || name.hasSuffix(".idx")
  }

  private func load(_ dataset: DatasetDescription) throws -> LoadedData {
    var loader = self
    // What the description says of a column holds, unless the caller says otherwise.
    let described = Dictionary(
      uniqueKeysWithValues: dataset.columns.filter { !$0.name.hasSuffix("*") && $0.type != .image }.compactMap {
        column in column.type.map { (column.name, $0) }
      })
    loader.types = described.merging(types) { _, own in own }
    let parts = [dataset.files] + (dataset.testFiles.map { [$0] } ?? [])
    var tables: [Table] = []
    var files: [(file: String, digest: String)] = []
    for part in parts {
      let (table, partFiles) = try loader.load(part, of: dataset)
      tables.append(table)
      files += partFiles
    }
    let digests = files.map(\.digest)
    let warnings = files.compactMap { file, digest -> String? in
      guard let told = dataset.sha256.first(where: { $0.file == file }), told.digest != digest else { return nil }
      return
        "\(file) is not the file that dataset.yaml describes: its SHA-256 is another. Somebody has changed one of them."
    }
    let digest =
      digests.count == 1
      ? digests[0] : try ByteSource.memory(Array(digests.joined(separator: "\n").utf8), name: "").sha256()
    guard tables.count == 2 else {
      return LoadedData(
        name: dataset.name, table: tables[0], dataset: dataset, fileSplits: nil, sha256: digest, warnings: warnings)
    }
    let splits =
      Array(repeating: Split.train, count: tables[0].rowCount) + Array(repeating: .test, count: tables[1].rowCount)
    return LoadedData(
      name: dataset.name, table: try Table.joined(tables[0], tables[1]), dataset: dataset, fileSplits: splits,
      sha256: digest, warnings: warnings)
  }

  private func load(_ files: DatasetDescription.Files, of dataset: DatasetDescription) throws -> (
    Table, files: [(file: String, digest: String)]
  ) {
    func resolved(_ file: String) throws -> String {
      let full = file.hasPrefix("/") ? file : path + "/" + file
      guard FileManager.default.fileExists(atPath: full) else {
        let remedy = dataset.install.map { " Install it: \($0)" } ?? ""
        throw FormatError(full, "there is no such file.\(remedy)", isMissingInput: true)
      }
      return full
    }
    switch files {
    case .table(let file):
      let full = try resolved(file)
      return (try table(full), [(file, try ByteSource.file(full).sha256())])
    case .images(let imageFile, let labelFile):
      let (imagePath, labelPath) = (try resolved(imageFile), try resolved(labelFile))
      let images = try images(imagePath)
      let labels = DataLoader.isIDX(labelPath) ? try labelColumn(labelPath, dataset) : try table(labelPath).columns
      guard labels.allSatisfy({ $0.count == images.count }) else {
        throw FormatError(labelFile, "has \(labels.first?.count ?? 0) labels for \(images.count) images.")
      }
      return (
        try Table([images] + labels),
        [
          (imageFile, try ByteSource.file(imagePath).sha256()), (labelFile, try ByteSource.file(labelPath).sha256()),
        ]
      )
    }
  }

  private func images(_ path: String) throws -> Column {
    let idx = try IDX.read(.file(path))
    guard idx.sizes.count == 3, idx.sizes[1] > 0, idx.sizes[2] > 0, idx.sizes[0] > 0 else {
      throw FormatError(
        ByteSource.file(path).name, "holds an array of \(idx.sizes); images have three axes: number, height and width.")
    }
    return Column(
      name: "image", type: .image,
      values: .images(ImageColumn(height: idx.sizes[1], width: idx.sizes[2], bytes: idx.bytes)))
  }

  private func labelColumn(_ path: String, _ dataset: DatasetDescription) throws -> [Column] {
    let idx = try IDX.read(.file(path))
    let name = dataset.targets.first ?? "label"
    guard idx.sizes.count == 1 else {
      throw FormatError(ByteSource.file(path).name, "holds an array of \(idx.sizes); labels have one axis.")
    }
    guard let names = dataset.column(name)?.labelNames else {
      return [Column(name: name, type: .number, values: .numbers(Numbers(idx.bytes.lazy.map { Double($0) })))]
    }
    if let wrong = idx.bytes.first(where: { Int($0) >= names.count }) {
      throw FormatError(ByteSource.file(path).name, "holds the label \(wrong), and dataset.yaml names \(names.count).")
    }
    return [Column(name: name, type: .category, values: .codes(idx.bytes.map { Int32($0) }, categories: names))]
  }
}
