// SPDX-License-Identifier: Apache-2.0
//
// GraphDescription: what a graph does not say of itself, and people want to know.
//
// A graph knows tensors; the names of columns and labels are often lost when it is written. They can stand in the
// metadata of the file, as in Swiftlet's own exports, or in a model.json beside it, which wins:
//
//     {"columns": ["length", "width"], "labels": ["no", "yes"], "target": "ripe", "threshold": 0.5}
//
// Before    GraphFile.swift     After    GraphInput.swift

import Foundation
import SwiftletFormats

/// Names that a graph goes by.
struct GraphDescription: Sendable {
  /// The names of the columns, in the order of the graph's inputs; empty if they are not known.
  var columns: [String] = []
  /// The names of the classes in their order; empty if they are not known.
  var labels: [String] = []
  /// The names of the columns that are predicted; empty if they are not known.
  var targets: [String] = []
  /// The least probability at which the second of two labels is answered.
  var threshold = 0.5

  /// The names in the metadata of a file.
  init(_ metadata: [EntryMessage]) {
    for entry in metadata {
      let list = (try? JSONValue.parse(Array(entry.value.utf8)[...], name: entry.key))?.strings
      switch entry.key {
      case "columns": columns = list ?? columns
      case "labels": labels = list ?? labels
      case "targets": targets = list ?? targets
      case "threshold": threshold = Double(entry.value).flatMap { (0...1).contains($0) ? $0 : nil } ?? threshold
      default: break
      }
    }
  }

  /// Adds the names in a model.json.
  ///
  /// - Throws: `FormatError` for a key that is not known, or a value that cannot be.
  mutating func read(_ file: String) throws {
    let json = try JSONValue.parse(ByteSource.file(file).readAll(limit: 1 << 24)[...], name: file)
    guard let members = json.members else { throw FormatError(file, "is not an object.") }
    for member in members {
      let list = member.value.strings
      switch member.name {
      case "columns": columns = try list ?? fault(member.name, expected: "a list of names", in: file)
      case "labels": labels = try list ?? fault(member.name, expected: "a list of names", in: file)
      case "target":
        targets =
          try member.value.string.map { [$0] } ?? list ?? fault(member.name, expected: "a name, or a list", in: file)
      case "threshold":
        guard let number = member.value.number, (0...1).contains(number) else {
          return try fault(member.name, expected: "a number from 0 to 1", in: file)
        }
        threshold = number
      default:
        throw FormatError(
          file, "has the key \(quoted(member.name)); beside a graph, columns, labels, target and threshold are read.")
      }
    }
  }

  private func fault<Value>(_ key: String, expected: String, in file: String) throws -> Value {
    throw FormatError(file, "\(quoted(key)) should be \(expected).")
  }
}
