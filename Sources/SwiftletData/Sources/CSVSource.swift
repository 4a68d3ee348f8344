// SPDX-License-Identifier: Apache-2.0
//
// CSV: delimited text, whatever its name is.
//
// Before    JSONLinesSource.swift     After    IDXSource.swift

import SwiftletTables

enum CSVSource: Source {
  static func holds(_ place: Place) throws -> Bool { true }
  static func table(_ place: Place) throws -> Table { try place.reader.readCSV(place.bytes) }

  static func forEachPart(_ place: Place, keeping names: [String], _ body: (TablePart) throws -> Void) throws {
    try place.reader.forEachCSVPart(of: place.bytes, keeping: names, body)
  }
}
