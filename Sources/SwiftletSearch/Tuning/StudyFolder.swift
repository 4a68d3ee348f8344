// SPDX-License-Identifier: Apache-2.0
//
// StudyFolder: a study on disk, a file for each trial.
//
// A file is written beside its place and renamed, so it is there as a whole or not at all, and a study that was killed
// goes on where it was. What the study is of, the recipe, the data and what is varied, stands in study.json: another
// study in the same folder is refused.
//
// Before    Trial.swift     After    Study.swift

import Foundation
import SwiftletFormats
import SwiftletTables

/// The folder of a study.
public struct StudyFolder: Sendable {
  /// Where it is.
  public let path: String

  /// Opens a folder, or makes it.
  ///
  /// - Parameters:
  ///   - path: Where it is.
  ///   - identity: What the study is of.
  /// - Throws: `DataError` if the folder is of another study; `FormatError` if it cannot be read or written.
  public init(_ path: String, of identity: JSONValue) throws {
    self.path = path
    let file = path + "/study.json"
    if FileManager.default.fileExists(atPath: file) {
      let found = try JSONValue.parse(ByteSource.file(file).readAll()[...], name: file)
      guard found == identity else {
        let differing = (identity.members ?? []).first { found[$0.name] != $0.value }?.name ?? "it"
        throw DataError(
          "\(path) is a study of something else: its \(differing) \(differing.hasSuffix("s") ? "differ" : "differs"). "
            + "Name another --output, or remove the folder to begin anew.")
      }
      return
    }
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw StudyFolder.outputError(path, "cannot be made: \(error.localizedDescription)")
    }
    try write(identity, to: file)
  }

  /// What is known of a trial: its file, or nothing.
  func read(_ trial: Trial) throws -> Trial {
    let file = file(of: trial)
    guard FileManager.default.fileExists(atPath: file) else { return trial }
    var known = trial
    let json: JSONValue
    do { json = try JSONValue.parse(ByteSource.file(file).readAll()[...], name: file) } catch var error as FormatError {
      error.message += " Remove it to repeat the trial."
      throw error
    }
    guard known.read(json) else {
      throw FormatError(file, "is not of trial \(trial.index) of this study. Remove it to repeat the trial.")
    }
    return known
  }

  /// Writes the file of a trial.
  func write(_ trial: Trial) throws { try write(trial.json, to: file(of: trial)) }

  private func file(of trial: Trial) -> String { path + "/trial-\(trial.index).json" }

  private func write(_ json: JSONValue, to file: String) throws {
    let temporary = file + ".\(UUID()).tmp"
    defer { unlink(temporary) }  // gone after the renaming
    do {
      try Data((json.encoded() + "\n").utf8).write(to: URL(fileURLWithPath: temporary))
    } catch {
      throw StudyFolder.outputError(file, "cannot be written: \(error.localizedDescription)")
    }
    guard rename(temporary, file) == 0 else {
      throw StudyFolder.outputError(file, "cannot be written: \(String(cString: strerror(errno))).")
    }
  }

  private static func outputError(_ file: String, _ message: String) -> FormatError {
    var error = FormatError(file, message)
    error.isAboutOutput = true
    return error
  }
}
