// SPDX-License-Identifier: Apache-2.0
//
// JSON: an object in each line, or all of them in a list.
//
// Before    PictureFolder.swift     After    CSVSource.swift

import SwiftletTables

enum JSONLinesSource: Source {
  static func holds(_ place: Place) throws -> Bool {
    try place.isNamed(".jsonl", ".ndjson", ".json") || place.kind == .json
  }

  static func table(_ place: Place) throws -> Table { try place.reader.readJSONLines(place.bytes) }

  static func forEachPart(
    _ place: Place, keeping names: [String], _ body: (TablePart) throws -> Void
  ) throws {
    try place.reader.forEachJSONPart(of: place.bytes, keeping: names, body)
  }
}
