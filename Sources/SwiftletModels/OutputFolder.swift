// SPDX-License-Identifier: Apache-2.0
//
// OutputFolder: a folder that is written as a whole, and what may be replaced by it.
//
// A folder is replaced only if it is empty or holds nothing but files that we wrote ourselves: `--force` must never
// delete a thesis. Whether the place can be written is tried before any work is done.
//
// Before    BundleFiles.swift     After    FolderExchange.swift

import Foundation
import SwiftletFormats

/// A kind of folder that we write: a model, a package, a data set.
package struct OutputFolder: Sendable {
  private let noun: String
  private let marks: [String]
  private let names: Set<String>

  /// - Parameters:
  ///   - noun: What such a folder is, as in "it is not a model".
  ///   - marks: The files and folders that identify it: all of them must be there.
  ///   - names: The names of all files in such a folder; the folders that lead to them do not count.
  package init(noun: String, marks: [String], names: [String]) {
    self.noun = noun
    self.marks = marks
    // macOS leaves its own file in every folder that was opened.
    self.names = Set(names.map(OutputFolder.lastPart) + [".DS_Store"])
  }

  /// A model bundle.
  package static let model = OutputFolder(
    noun: "model", marks: ["model.json", "model.safetensors"],
    names: ["model.json", "model.safetensors", "history.csv", "README.md"])

  /// The state of a training, from which another process can resume it.
  package static let checkpoint = OutputFolder(
    noun: "checkpoint", marks: ["checkpoint.json"], names: ["checkpoint.json", "state.safetensors"])

  /// Checks whether the folder can be written, without writing it.
  ///
  /// - Parameter isForced: Whether what is there may be replaced, if it is of this kind.
  /// - Throws: `FormatError` if something else is there, or if the file system does not allow it.
  package func check(_ path: String, isForced: Bool) throws {
    let place = try FolderExchange.place(path)
    if FileManager.default.fileExists(atPath: place) {
      guard isForced else {
        throw FormatError(path, "exists already. Use --force to replace it, or --output for another place.")
      }
      try refuseForeign(place, shownAs: path)
    }
    try FolderExchange.tryReplacing(place, shownAs: path)
  }

  /// Writes the folder; it replaces one of its kind or an empty one.
  ///
  /// - Throws: `FormatError` if it cannot be written; what was there before is then untouched.
  package func write(_ files: [(name: String, bytes: [UInt8])], to path: String) throws {
    let place = try FolderExchange.place(path)
    if FileManager.default.fileExists(atPath: place) { try refuseForeign(place, shownAs: path) }
    try FolderExchange.replace(place, with: files, shownAs: path)
  }

  /// Removes the folder, if it is of this kind and holds nothing else.
  package func remove(_ path: String) {
    guard let place = try? FolderExchange.place(path), (try? refuseForeign(place, shownAs: path)) != nil else { return }
    try? FileManager.default.removeItem(atPath: place)
  }

  /// Refuses to replace what we did not write.
  private func refuseForeign(_ place: String, shownAs path: String) throws {
    let manager = FileManager.default
    guard let entries = try? manager.contentsOfDirectory(atPath: place) else {
      throw FormatError(path, "is not a folder that can be read, so it is not replaced. Choose another place.")
    }
    guard !(manager.currentDirectoryPath + "/").hasPrefix(place == "/" ? place : place + "/") else {
      throw FormatError(path, "is the folder you are in, so it is not replaced. Choose another place.")
    }
    if entries.isEmpty { return }
    guard marks.allSatisfy(entries.contains) else {
      throw FormatError(path, "is not a \(noun), so it is not replaced. Choose another place.")
    }
    guard let foreign = foreignFile(in: place) else { return }
    throw FormatError(
      path, "holds \(foreign), which is not part of a \(noun), so it is not replaced. Choose another place.")
  }

  private func foreignFile(in place: String) -> String? {
    guard let walk = FileManager.default.enumerator(atPath: place) else { return nil }
    for case let name as String in walk {
      let isFolder = walk.fileAttributes?[.type] as? FileAttributeType == .typeDirectory
      if !isFolder && !names.contains(OutputFolder.lastPart(name)) { return name }
    }
    return nil
  }

  private static func lastPart(_ name: String) -> String { name.split(separator: "/").last.map(String.init) ?? name }
}
