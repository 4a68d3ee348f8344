// SPDX-License-Identifier: Apache-2.0
//
// The forms in which `swiftlet export` writes a model. Adding one is its file and a name in this list.
//
// Before    ExportCommand.swift     After    PageFormat.swift

import ArgumentParser
import SwiftletModels

/// A form in which a model can be written as one file.
protocol ExportFormat {
  /// Its name for `--format`.
  static var name: String { get }
  /// The ending of its files, which is the name unless it says otherwise.
  static var ending: String { get }
  /// What it is, for the help.
  static var about: String { get }
  /// What to do with the file, if that needs a word.
  static var hint: String? { get }
  /// Writes the file.
  ///
  /// - Throws: `FormatError` for a model that the form cannot hold, and `OutputError` for a file that cannot hold the form.
  static func write(_ model: ModelBundle, to file: OutputFile) throws
}

extension ExportFormat {
  static var ending: String { name }
}

enum ExportFormats {
  static let all: [any ExportFormat.Type] = [PageFormat.self, ONNXFormat.self, CoreMLFormat.self, PMMLFormat.self]

  /// The names, for a sentence.
  static var names: String { all.map { $0.name }.joined(separator: ", ") }

  /// The form of that name, or the one that the file's ending names.
  static func format(named name: String?, for path: String?) throws -> any ExportFormat.Type {
    if let name {
      guard let format = all.first(where: { $0.name == name }) else {
        throw ValidationError("There is no form \"\(name)\". The forms are: \(names).")
      }
      return format
    }
    guard let path, let format = all.first(where: { path.hasSuffix("." + $0.ending) }) else {
      let endings = all.map { "." + $0.ending }.joined(separator: ", ")
      throw ValidationError("Which form? Give --format (\(names)), or an --output that ends with \(endings).")
    }
    return format
  }
}
