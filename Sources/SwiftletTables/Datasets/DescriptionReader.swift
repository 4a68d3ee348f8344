// SPDX-License-Identifier: Apache-2.0
//
// Reading dataset.yaml, key by key, with the line of every mistake.
//
// Before    PictureView.swift     After    Encoders/EmbeddingEncoder.swift

import SwiftletFormats

/// Reads the keys of a description.
struct DescriptionReader {
  private let document: YAMLDocument

  /// The keys of every mapping whose keys are known.
  private static let keys = [
    (
      "",
      [
        "name", "title", "task", "target", "files", "split", "columns", "rows", "sha256", "install", "view", "source",
        "citation", "licence", "changes", "generated", "serves",
      ]
    ),
    ("files", ["train", "test", "images", "labels"]), ("files.train", ["images", "labels"]),
    ("files.test", ["images", "labels"]), ("split", ["column", "rule"]), ("rows", ["train", "test"]),
    ("view", ["width", "height", "max"]),
  ]

  /// A reader of a document that holds known keys only.
  init(_ document: YAMLDocument) throws {
    guard document.value.members != nil else {
      throw FormatError(document.name, "must be a mapping of keys to values.")
    }
    self.document = document
    for (path, keys) in Self.keys {
      let value = path.split(separator: ".").reduce(document.value as JSONValue?) { $0?[String($1)] }
      try refuseUnknownKeys(in: value?.members ?? [], keys, under: path)
    }
  }

  func text(_ key: String) -> String? { document.value[key]?.string }

  func requiredText(_ key: String) throws -> String {
    guard let value = text(key) else {
      throw document.error(at: key, "the key \"\(key)\" is required, and must be text.")
    }
    return value
  }

  /// The word of a task. Which tasks there are is not known here.
  func task() throws -> String? {
    guard document.value["task"] == nil || text("task") != nil else {
      throw document.error(at: "task", "the task must be a word, such as classification.")
    }
    return text("task")
  }

  func targets() throws -> [String] {
    guard let value = document.value["target"] else { return [] }
    let list = value.array ?? [value]
    let names = list.compactMap(\.string)
    guard names.count == list.count else {
      throw document.error(at: "target", "the target must be the name of a column, or a list of names.")
    }
    return names
  }

  func files() throws -> DatasetDescription.Files {
    guard let files = document.value["files"] else {
      throw document.error(at: "files", "the key \"files\" must say where the data are.")
    }
    return try files["train"].map { try self.files($0, "files.train") } ?? self.files(files, "files")
  }

  func testFiles() throws -> DatasetDescription.Files? {
    guard let files = document.value["files"], files["train"] != nil else { return nil }
    return try files["test"].map { try self.files($0, "files.test") }
  }

  private func files(_ value: JSONValue, _ path: String) throws -> DatasetDescription.Files {
    if let file = value.string { return .table(file) }
    guard let images = value["images"]?.string, let labels = value["labels"]?.string else {
      throw document.error(at: path, "\"\(path)\" must be a file, or {images: FILE, labels: FILE}.")
    }
    return .images(images: images, labels: labels)
  }

  func columns() throws -> [DatasetDescription.ColumnDescription] {
    try (document.value["columns"]?.members ?? []).map { try column($0.name, $0.value) }
  }

  private func column(_ name: String, _ value: JSONValue) throws -> DatasetDescription.ColumnDescription {
    let path = "columns.\(name)"
    guard let described = value.members else {
      throw document.error(at: path, "a column is described by a mapping, such as {type: number, unit: cm}.")
    }
    try refuseUnknownKeys(in: described, ["type", "unit", "meaning", "categories"], under: path)
    let type = try value["type"]?.string.map { text in
      guard let type = ColumnType(rawValue: text) else {
        throw document.error(
          at: path + ".type",
          "the type \(quoted(text)) is not one of \(ColumnType.allCases.map(\.rawValue).joined(separator: ", ")).")
      }
      return type
    }
    let labelNames = value["categories"]?.array.map { $0.map { $0.string ?? $0.encoded() } }
    if let repeated = labelNames?.first(where: { name in labelNames?.count { $0 == name } != 1 }) {
      throw document.error(at: path, "the category \"\(repeated)\" appears twice.")
    }
    return .init(
      name: name, type: type, unit: value["unit"]?.string, meaning: value["meaning"]?.string, labelNames: labelNames)
  }

  func digests() throws -> [DatasetDescription.FileDigest] {
    try (document.value["sha256"]?.members ?? []).map { member in
      guard let digest = member.value.string, digest.count == 64, digest.allSatisfy(\.isHexDigit) else {
        throw document.error(at: "sha256.\(member.name)", "a SHA-256 is text of 64 hexadecimal digits, in quotes.")
      }
      return .init(file: member.name, digest: digest)
    }
  }

  func view() throws -> PictureView? {
    guard let view = document.value["view"] else { return nil }
    let sizes = 1..<1 << 14
    guard let width = view["width"]?.integer, let height = view["height"]?.integer, sizes.contains(width),
      sizes.contains(height)
    else { throw document.error(at: "view", "a view needs a width and a height, from 1 to 16383 pixels.") }
    return PictureView(width: width, height: height, maximum: view["max"]?.number ?? 255)
  }

  private func refuseUnknownKeys(in members: [JSONValue.Member], _ keys: [String], under path: String) throws {
    for member in members where !keys.contains(member.name) {
      throw document.error(
        at: path.isEmpty ? member.name : "\(path).\(member.name)",
        "there is no key \"\(member.name)\".\(suggestion(for: member.name, in: keys))")
    }
  }
}
