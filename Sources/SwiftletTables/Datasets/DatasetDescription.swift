// SPDX-License-Identifier: Apache-2.0
//
// The description of a data set: `dataset.yaml`.
//
// Before    DataSource.swift     After    PictureView.swift

import SwiftletFormats

/// The description in a data set's folder.
public struct DatasetDescription: Sendable, Equatable {
  /// Where a part of the data lies: a table, or images with labels beside them.
  public enum Files: Sendable, Equatable {
    /// One file of rows.
    case table(String)
    /// A file of images and one of their labels, joined by row.
    case images(images: String, labels: String)
  }

  /// One column, or all whose names begin alike if the name ends in `*`.
  public struct ColumnDescription: Sendable, Equatable {
    /// The column's name, or its beginning and `*`.
    public let name: String
    /// Its type, which then is not inferred.
    public let type: ColumnType?
    /// The unit, such as `cm`.
    public let unit: String?
    /// What the column means, in a sentence.
    public let meaning: String?
    /// The names of the labels 0, 1, 2, … of an IDX file, if they are given as a list.
    public let labelNames: [String]?

    /// Whether the name stands for the beginning of several.
    package var isPrefix: Bool { name.hasSuffix("*") }

    func matches(_ column: String) -> Bool { isPrefix ? column.hasPrefix(name.dropLast()) : column == name }
  }

  /// A file and the SHA-256 that it should have.
  public struct FileDigest: Sendable, Equatable {
    /// The file's name in the folder.
    public let file: String
    /// 64 hexadecimal digits.
    public let digest: String

    /// A file with its digest.
    public init(file: String, digest: String) {
      self.file = file
      self.digest = digest
    }
  }

  /// A short name, good for a folder.
  public let name: String
  /// A title for people.
  public let title: String
  /// The task of its own target, by the word of a recipe.
  public let task: String?
  /// The columns to be predicted.
  public let targets: [String]
  /// The file of everything, or the files of the training rows.
  public let files: Files
  /// Files of test rows, if there are any.
  public let testFiles: Files?
  /// The descriptions of columns.
  public let columns: [ColumnDescription]
  /// The digests that the files should have.
  public let sha256: [FileDigest]
  /// How to get a file that is missing.
  public let install: String?
  /// How to draw a row of numbers as a picture.
  public let view: PictureView?
  /// Where the data come from.
  public let source: String?
  /// How to cite them.
  public let citation: String?
  /// The license that they are under.
  public let licence: String?

  private let document: YAMLDocument

  /// Reads `dataset.yaml`.
  ///
  /// - Throws: `FormatError` with the line of the mistake; for an unknown key with the nearest known one.
  public init(_ document: YAMLDocument) throws {
    self.document = document
    let reader = try DescriptionReader(document)
    name = try reader.requiredText("name")
    title = reader.text("title") ?? name
    task = try reader.task()
    targets = try reader.targets()
    files = try reader.files()
    testFiles = try reader.testFiles()
    columns = try reader.columns()
    sha256 = try reader.digests()
    install = reader.text("install")
    view = try reader.view()
    source = reader.text("source")
    citation = reader.text("citation")
    licence = reader.text("licence")
  }

  /// An error about the value of a key, with its line.
  package func error(at key: String, _ message: String) -> FormatError { document.error(at: key, message) }

  /// The description of a column, or `nil`.
  public func column(_ name: String) -> ColumnDescription? {
    columns.first { $0.name == name } ?? columns.first { $0.matches(name) }
  }
}
