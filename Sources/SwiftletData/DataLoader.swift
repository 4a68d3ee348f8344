// SPDX-License-Identifier: Apache-2.0
//
// DataLoader: from a place to a table.
//
// A place is a folder with a dataset.yaml, a file, a database, a pipe, or standard input. The table of sources decides
// which.
//
// Before    Pipe.swift     After    Sources/Source.swift

import Foundation
import SwiftletFormats
import SwiftletTables

/// Reads data from wherever they are.
public struct DataLoader: DataSource {
  /// A folder, a file, a pipe, or `-` for standard input.
  public let path: String
  /// Types that columns have whatever their values suggest, and how their cells are written.
  public var reader = TableReader()
  /// For SQLite: the table, or the query, to read.
  public var sqlTable: String?
  /// One SELECT, instead of a table.
  public var sqlQuery: String?

  private let pipe: Pipe?

  /// A loader that reads nothing yet.
  public init(_ path: String) {
    self.path = path
    pipe = Pipe(path)
  }

  /// The description in a data set's folder, or `nil` if the place is not such a folder.
  public static func description(at path: String) throws -> DatasetDescription? {
    try FolderSource.description(at: path)
  }

  /// Reads the data with the loader's own types.
  ///
  /// - Throws: `FormatError` and `DataError`, with a sentence that says what to do.
  public func load() throws -> LoadedData { try load(reader) }

  /// Reads the data with another reader, such as that of a model.
  ///
  /// - Throws: `FormatError` and `DataError`, with a sentence that says what to do.
  public func load(_ reader: TableReader) throws -> LoadedData {
    let place = try Place(path, pipe: pipe, reader: reader, sqlTable: sqlTable, sqlQuery: sqlQuery)
    return try place.source.load(place)
  }

  /// Reads rows part by part, if the place allows it, for a caller that need not keep them.
  ///
  /// - Parameters:
  ///   - reader: Such as that of a model: only the columns that it gives a type are sure to be read.
  ///   - names: Columns that are carried through as they are written.
  ///   - body: Called with each part.
  /// - Throws: `FormatError` and `DataError`, with a sentence that says what to do.
  public func forEachPart(
    _ reader: TableReader, keeping names: [String] = [], _ body: (TablePart) throws -> Void
  ) throws {
    var reader = reader
    reader.allowsNoRows = true
    let place = try Place(path, pipe: pipe, reader: reader, sqlTable: sqlTable, sqlQuery: sqlQuery)
    try place.source.forEachPart(place, keeping: names, body)
  }

  /// Whether a table or a query can be chosen at a place: whether it is a database, or a folder that may hold one.
  public static func takesQueries(_ path: String) -> Bool {
    guard Pipe(path) == nil else { return false }
    let place = try? Place(path, pipe: nil, reader: TableReader(), sqlTable: nil, sqlQuery: nil)
    return (try? place?.source.takesQueries) ?? false
  }

  /// The column that names each row, to be kept beside the answers: where rows are files.
  public var rowNames: String? {
    let place = try? Place(path, pipe: pipe, reader: reader, sqlTable: sqlTable, sqlQuery: sqlQuery)
    return (try? place?.source is PictureSource.Type) == true ? PictureSource.fileColumn : nil
  }

  /// `data/shop.2024-01.csv.gz` is called `shop.2024-01`, and what comes through a pipe `input`.
  public static func baseName(_ path: String) -> String {
    guard Pipe(path) == nil else { return "input" }
    var last = path.split(separator: "/").last.map(String.init) ?? path
    if last == "." || last == ".." { last = URL(fileURLWithPath: path).standardized.lastPathComponent }
    let endings = [
      "csv", "tsv", "txt", "jsonl", "ndjson", "json", "sqlite", "sqlite3", "db", "idx", "gz", "png", "jpg", "jpeg",
    ]
    var parts = last.split(separator: ".", omittingEmptySubsequences: false)
    while parts.count > 1, let ending = parts.last?.lowercased(), endings.contains(ending) { parts.removeLast() }
    let name = parts.joined(separator: ".")
    return name.isEmpty ? last : name
  }
}
