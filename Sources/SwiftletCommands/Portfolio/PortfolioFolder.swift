// SPDX-License-Identifier: Apache-2.0
//
// PortfolioFolder: where a portfolio is written, and what of it may be written again.
//
// The first time it appears in one step. Later its files are yours: `--force` replaces a file only if it is as it was
// written, by the SHA-256 that `.swiftlet-new.json` keeps. The list is written before the files with old and new
// digests, and after them with the new ones, so a run that is cut off has lost no file and forgets none.
//
// Before    Workshop.swift     After    Refreshing.swift

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletTables

/// A folder that holds a portfolio, or will.
struct PortfolioFolder {
  static let list = ".swiftlet-new.json"
  private let path: String
  /// The folder, wherever the program works later.
  let place: String
  /// The name of the folder, as one that a model can be served by.
  let modelName: String
  /// Whether there is a portfolio already.
  private let exists: Bool

  /// A portfolio that is there, so that some of its files are written again.
  ///
  /// - Throws: `DataError` if it is not a portfolio.
  init(existing path: String) throws {
    self.path = path
    let place = URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    self.place = place
    exists = FileManager.default.fileExists(atPath: place + "/" + Self.list)
    guard exists else { throw DataError("\(path) is not a portfolio: it has no \(Self.list).") }
    let models = (try? FileManager.default.contentsOfDirectory(atPath: place + "/models")) ?? []
    let names = models.filter { FileManager.default.fileExists(atPath: place + "/models/\($0)/model.json") }
    guard names.count == 1 else {
      throw DataError("\(path)/models has \(names.count) models, and a portfolio is about one.")
    }
    modelName = names[0]
  }

  /// Checks the place, before any work.
  ///
  /// - Throws: ``OutputError`` if it cannot be written, or if something is there that must stay.
  init(_ path: String, isForced: Bool) throws {
    self.path = path
    let url = URL(fileURLWithPath: path).standardizedFileURL
    place = url.resolvingSymlinksInPath().path
    let words = url.lastPathComponent.map {
      $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "-"
    }
    modelName = String(String(words).drop { !($0.isLetter || $0.isNumber) }.prefix(100))
    guard isServable(name: modelName) else {
      throw OutputError(
        message: "\(quoted(path)) has no letter or digit that a model could be called by. Choose another name.")
    }
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    guard manager.fileExists(atPath: place, isDirectory: &isFolder) else {
      exists = false
      try OutputFolder.portfolio([]).check(path, isForced: false)
      return
    }
    exists = manager.fileExists(atPath: place + "/" + Self.list)
    if exists {
      guard isForced else {
        throw OutputError(
          message: "\(path) is a portfolio already. --force writes it anew, but for the files that you have changed.")
      }
      try refuseTrained()
      guard manager.isWritableFile(atPath: place) else {
        throw OutputError(message: "\(path) cannot be written: the folder does not allow it.")
      }
    } else {
      let entries = isFolder.boolValue ? (try? manager.contentsOfDirectory(atPath: place)) ?? ["."] : ["."]
      guard entries.isEmpty else {
        throw OutputError(
          message: "\(path) exists already and is not a portfolio, so it stays as it is. Choose another name.")
      }
      try OutputFolder.portfolio([]).check(path, isForced: true)
    }
  }

  /// Writes the files.
  ///
  /// - Returns: The names of those that were left as they are, because they have been changed.
  func write(_ files: [PortfolioFile], isWhole: Bool = true) throws -> [String] {
    let digests = try files.map { ($0.name, try ByteSource.memory($0.bytes, name: $0.name).sha256()) }
    guard exists else {
      let all = files + [listFile(digests.map { ($0, [$1]) })]
      try OutputFolder.portfolio(all.map(\.name)).write(all.map { ($0.name, $0.bytes) }, to: place)
      return []
    }
    return try replace(files, Dictionary(digests, uniquingKeysWith: { $1 }), isWhole: isWhole)
  }

  /// Refuses a model or a recipe that is not as it was written: a report on another model would not belong to it.
  private func refuseTrained() throws {
    let old = try digests()
    for name in old.keys.sorted() where name.hasPrefix("models/") || name == "recipe.yaml" {
      guard try !isOwn(name, old) else { continue }
      throw OutputError(
        message: "\(path)/\(name) is not as it was written, so the model is yours now. "
          + shellCommand(["swiftlet", "new", path, "--refresh"])
          + " writes the figures, the report and the page for it."
      )
    }
  }

  /// Whether a file is as it was written, or is not there.
  private func isOwn(_ name: String, _ old: [String: [String]]) throws -> Bool {
    let file = place + "/" + name
    guard FileManager.default.fileExists(atPath: file) else { return true }
    return try (old[name] ?? []).contains(ByteSource.file(file).sha256())
  }

  private func replace(_ files: [PortfolioFile], _ new: [String: String], isWhole: Bool) throws -> [String] {
    let old = try digests()
    let own = try files.filter { try isOwn($0.name, old) }
    let kept = files.map(\.name).filter { name in !own.contains { $0.name == name } }
    let gone = try old.keys.filter { try isWhole && new[$0] == nil && isOwn($0, old) }
    let names = Set(own.map(\.name)).union(gone)
    // A file that was kept keeps the digest that it was written with: put back, it is ours again.
    let before = old.merging(own.map { ($0.name, [new[$0.name] ?? ""]) }) { $0 + $1 }
    let after = old.filter { !names.contains($0.key) }
      .merging(own.map { ($0.name, [new[$0.name] ?? ""]) }) { $1 }
    try put(listFile(before.map { ($0, $1) }))
    let staged = try own.map { try stage($0) }
    for (temporary, file) in staged {
      guard rename(temporary, file) == 0 else { throw OutputError(message: "\(file) cannot be replaced.") }
    }
    for name in gone { try? FileManager.default.removeItem(atPath: place + "/" + name) }
    try put(listFile(after.map { ($0, $1) }))
    return kept
  }

  /// Writes a file beside the one that it will replace, so that a full disk is met before any is replaced.
  private func stage(_ file: PortfolioFile) throws -> (temporary: String, file: String) {
    let whole = URL(fileURLWithPath: place + "/" + file.name)
    let temporary = whole.deletingLastPathComponent().path + "/.\(whole.lastPathComponent).new"
    do {
      try FileManager.default.createDirectory(
        at: whole.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.bytes).write(to: URL(fileURLWithPath: temporary))
    } catch {
      try? FileManager.default.removeItem(atPath: temporary)
      throw OutputError(message: "\(path) cannot be written: there is no room for \(file.name) in it.")
    }
    return (temporary, whole.path)
  }

  private func put(_ file: PortfolioFile) throws {
    let (temporary, whole) = try stage(file)
    guard rename(temporary, whole) == 0 else { throw OutputError(message: "\(whole) cannot be replaced.") }
  }

  /// The digests of the files that were written, by their names.
  private func digests() throws -> [String: [String]] {
    let file = place + "/" + Self.list
    let json = try JSONValue.parse(try ByteSource.file(file).readAll(limit: 16 << 20)[...], name: file)
    // The list is a file like any other: a name that leads out of the folder is not ours.
    let members = (json["files"]?.members ?? []).filter { member in
      !member.name.hasPrefix("/") && !member.name.split(separator: "/").contains("..")
    }
    return Dictionary(
      members.map { ($0.name, ($0.value.array ?? []).compactMap(\.string)) }, uniquingKeysWith: { $1 })
  }

  private func listFile(_ digests: [(name: String, values: [String])]) -> PortfolioFile {
    let files = digests.sorted { $0.name < $1.name }.map { JSONValue.Member($0.name, JSONValue($0.values)) }
    let list: JSONValue = ["written_by": .string("swiftlet new"), "files": .object(files)]
    return PortfolioFile(Self.list, list.encoded(pretty: true) + "\n")
  }
}

extension OutputFolder {
  /// A portfolio with these files.
  fileprivate static func portfolio(_ names: [String]) -> OutputFolder {
    OutputFolder(noun: "portfolio", marks: [PortfolioFolder.list], names: names)
  }
}
