// SPDX-License-Identifier: Apache-2.0
//
// JSON Lines: an object in each line.
//
// Before    FolderSource.swift     After    CSVSource.swift

import SwiftletTables

enum JSONLinesSource: Source {
  // A line of JSON begins with a brace, and no line of column names does.
  static func holds(_ place: Place) -> Bool {
    place.isPipe ? (try? place.firstByte) == UInt8(ascii: "{") : place.isNamed(".jsonl", ".ndjson")
  }

  static func table(_ place: Place) throws -> Table { try place.reader.readJSONLines(place.bytes) }
}
