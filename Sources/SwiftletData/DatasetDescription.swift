// SPDX-License-Identifier: Apache-2.0
//
// The description of a data set: `dataset.yaml`.
//
// Before    SwiftletTables     After    DataLoader.swift

import SwiftletFormats
import SwiftletTables

/// What a data set's folder says of itself.
public struct DatasetDescription: Sendable, Equatable {
  /// Where a part of the data lies: a table, or images with labels beside them.
  public enum Files: Sendable, Equatable {
    /// One file of rows.
    case table(String)
    /// A file of images and one of their labels, joined by row.
    case images(images: String, labels: String)
  }

  /// One column, or all whose names begin alike where the name ends in `*`.
  public struct ColumnDescription: Sendable, Equatable {
    /// The column's name, or its beginning and `*`.
    public let name: String
    /// The type that holds whatever the values suggest.
    public let type: ColumnType?
    /// The unit, such as `cm`.
    public let unit: String?
    /// What the column tells, in a sentence.
    public let meaning: String?
    /// The names of the labels 0, 1, 2, … of an IDX file, where they are given as a list.
    public let labelNames: [String]?

    func matches(_ column: String) -> Bool {
      name.hasSuffix("*") ? column.hasPrefix(name.dropLast()) : column == name
    }
  }

  /// A short name, good for a folder.
  public let name: String
  /// A name for people.
  public let title: String
  /// The task of its own target.
  public let task: Task?
  /// The columns that are to be predicted.
  public let targets: [String]
  /// The file of everything, or the files of the training and test rows.
  public let files: Files
  /// Files for test of their own, where there are any.
  public let testFiles: Files?
  /// What is known of the columns.
  public let columns: [ColumnDescription]
  /// The digests that the files should have.
  public let sha256: [(file: String, digest: String)]
  /// What to say where a file is not there.
  public let install: String?
  /// How a row of numbers is looked at as a picture.
  public let view: (width: Int, height: Int, maximum: Double)?
  /// Where the data come from.
  public let source: String?
  /// How to cite them.
  public let citation: String?
  /// Under which licence they are.
  public let licence: String?

  public static func == (a: Self, b: Self) -> Bool { a.name == b.name && a.files == b.files && a.columns == b.columns }

  private static let keys = [
    "name", "title", "task", "target", "files", "split", "columns", "rows", "sha256", "install", "view", "source",
    "citation", "licence", "changes", "generated", "serves",
  ]

  /// Reads `dataset.yaml`.
  ///
  /// - Throws: `FormatError` with the line of what is wrong; for an unknown key with the nearest known one.
  public init(_ document: YAMLDocument) throws {
    guard let members = document.value.members else {
      throw FormatError(document.name, "must be a mapping of keys to values.")
    }
    try Self.refuseUnknownKeys(in: members, Self.keys, under: "", document)
    for (path, keys) in Self.nestedKeys {
      let value = path.split(separator: ".").reduce(document.value as JSONValue?) { $0?[String($1)] }
      try Self.refuseUnknownKeys(in: value?.members ?? [], keys, under: path + ".", document)
    }
    func text(_ key: String) -> String? { document.value[key]?.string }
    func required(_ key: String) throws -> String {
      guard let value = text(key) else {
        throw document.error(at: key, "the key \"\(key)\" must be there and be text.")
      }
      return value
    }
    name = try required("name")
    title = text("title") ?? name
    task = try text("task").map { text in
      guard let task = Task(rawValue: text) else {
        throw document.error(at: "task", "the task is classification or regression, not \(quoted(text)).")
      }
      return task
    }
    targets =
      try document.value["target"].map { value in
        let list = value.array ?? [value]
        guard case let names = list.compactMap(\.string), names.count == list.count else {
          throw document.error(at: "target", "the target must be the name of a column, or a list of names.")
        }
        return names
      } ?? []
    guard let files = document.value["files"] else {
      throw document.error(at: "files", "the key \"files\" must say where the data are.")
    }
    if let train = files["train"] {
      self.files = try Self.files(train, "files.train", document)
      testFiles = try files["test"].map { try Self.files($0, "files.test", document) }
    } else {
      (self.files, testFiles) = (try Self.files(files, "files", document), nil)
    }
    columns = try (document.value["columns"]?.members ?? []).map { member in
      let path = "columns.\(member.name)"
      guard let described = member.value.members else {
        throw document.error(at: path, "a column is described by a mapping, such as {type: number, unit: cm}.")
      }
      try Self.refuseUnknownKeys(in: described, ["type", "unit", "meaning", "categories"], under: path + ".", document)
      let type = try member.value["type"]?.string.map { text in
        guard let type = ColumnType(rawValue: text) else {
          throw document.error(
            at: path + ".type",
            "the type \(quoted(text)) is none of \(ColumnType.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return type
      }
      let labelNames = member.value["categories"]?.array.map { $0.map { $0.string ?? $0.encoded() } }
      if let repeated = labelNames?.first(where: { name in labelNames?.count { $0 == name } != 1 }) {
        throw document.error(at: path, "the category \"\(repeated)\" stands twice.")
      }
      return ColumnDescription(
        name: member.name, type: type, unit: member.value["unit"]?.string, meaning: member.value["meaning"]?.string,
        labelNames: labelNames)
    }
    sha256 = try (document.value["sha256"]?.members ?? []).map { member in
      guard let digest = member.value.string, digest.count == 64, digest.allSatisfy(\.isHexDigit) else {
        throw document.error(at: "sha256.\(member.name)", "a SHA-256 is text of 64 hexadecimal digits, in quotes.")
      }
      return (member.name, digest)
    }
    install = text("install")
    view = try document.value["view"].map { view in
      guard let width = view["width"]?.integer, let height = view["height"]?.integer, width > 0, height > 0,
        width < 1 << 14,
        height < 1 << 14
      else { throw document.error(at: "view", "a view needs a width and a height, from 1 to 16383 pixels.") }
      return (width, height, view["max"]?.number ?? 255)
    }
    (source, citation, licence) = (text("source"), text("citation"), text("licence"))
  }

  /// The keys of the mappings below the first level, where they are known.
  private static let nestedKeys = [
    ("files", ["train", "test", "images", "labels"]), ("files.train", ["images", "labels"]),
    ("files.test", ["images", "labels"]), ("split", ["column", "rule"]), ("rows", ["train", "test"]),
    ("view", ["width", "height", "max"]),
  ]

  private static func refuseUnknownKeys(
    in members: [JSONValue.Member], _ keys: [String], under path: String, _ document: YAMLDocument
  ) throws {
    for member in members where !keys.contains(member.name) {
      throw document.error(
        at: path + member.name, "there is no key \"\(member.name)\".\(suggestion(for: member.name, in: keys))")
    }
  }

  private static func files(_ value: JSONValue, _ path: String, _ document: YAMLDocument) throws -> Files {
    if let file = value.string { return .table(file) }
    guard let images = value["images"]?.string, let labels = value["labels"]?.string else {
      throw document.error(at: path, "\"\(path)\" must be a file, or {images: FILE, labels: FILE}.")
    }
    return .images(images: images, labels: labels)
  }

  /// What is said of a column, or `nil`.
  public func column(_ name: String) -> ColumnDescription? {
    columns.first { $0.name == name } ?? columns.first { $0.matches(name) }
  }
}
