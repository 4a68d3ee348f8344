// SPDX-License-Identifier: Apache-2.0
//
// DataSource: where a run gets its data from.
//
// A run needs rows and their description: a file, a database and a program's own arrays are the same to it.
// It may need the rows twice, because a target that turns out to be a class is read again as text, so that its
// labels keep their spelling.
//
// Before    Pipeline/BareRows.swift     After    DatasetDescription.swift

/// Something that rows can be read from, more than once.
public protocol DataSource: Sendable {
  /// Reads the data.
  ///
  /// - Parameter reader: The types of columns that are not inferred, and the spellings of missing values.
  /// - Throws: `FormatError` and ``DataError``, with a sentence that says what to do.
  func load(_ reader: TableReader) throws -> LoadedData
}

/// A table, and its origin.
public struct LoadedData: DataSource {
  /// The name of the data: from their description, or from their file.
  public var name: String
  /// All rows, with the files for training before those for test.
  public var table: Table
  /// The description, if the place is a dataset folder.
  public var dataset: DatasetDescription?
  /// The columns to predict, if the place itself says so: the class of a picture is the name of its folder.
  public var targets: [String] = []
  /// The split of each row, if the data set has files of its own for training and test.
  public var fileSplits: [Split]?
  /// The SHA-256 of the files as they are, in hexadecimal digits; of several, that of their digests in order. Empty
  /// for rows that came from no file.
  public var sha256: String
  /// Warnings about the files, such as one that has changed since it was described.
  public var warnings: [String]

  /// Rows from anywhere.
  public init(
    name: String, table: Table, dataset: DatasetDescription? = nil, fileSplits: [Split]? = nil, sha256: String = "",
    warnings: [String] = []
  ) {
    self.name = name
    self.table = table
    self.dataset = dataset
    self.fileSplits = fileSplits
    self.sha256 = sha256
    self.warnings = warnings
  }

  /// The rows as they are: what is in memory has its types already.
  public func load(_ reader: TableReader) -> LoadedData { self }
}
