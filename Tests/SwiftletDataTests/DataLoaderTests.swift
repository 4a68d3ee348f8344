// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import SwiftletData
import SwiftletFormats
import SwiftletTables
import Testing

private let datasets = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/Datasets/"

@Suite("Loading data")
struct DataLoaderTests {
  /// The folders; a page about all of them may stand beside them.
  private static let shipped = ((try? FileManager.default.contentsOfDirectory(atPath: datasets)) ?? []).filter {
    !$0.hasPrefix(".") && !$0.hasSuffix(".md")
  }.sorted()

  @Test("every data set that ships is described, whole and as its SHA-256 says", arguments: shipped)
  func shippedDatasets(name: String) throws {
    let description = try #require(try DataLoader.description(at: datasets + name))
    #expect(description.name == name)
    for described in description.sha256 {
      #expect(try ByteSource.file(datasets + name + "/" + described.file).sha256() == described.digest)
    }
    guard description.install == nil else { return }  // not shipped
    #expect(!description.sha256.isEmpty)
    let data = try DataLoader(datasets + name).load()
    for column in data.table.columnNames where column != "split" {
      #expect(description.column(column)?.meaning != nil, "\(name): \(column) is not described")
    }
    for target in description.targets { #expect(data.table[target] != nil) }
  }

  @Test("has all 26 data sets to check")
  func count() { #expect(DataLoaderTests.shipped.count == 26) }

  @Test("names the nearest key for one that is unknown, and its line")
  func unknownKey() throws {
    let document = try YAML.parse("name: x\nfiles: x.csv\ntarjet: y\n", name: "dataset.yaml")
    #expect { try DatasetDescription(document) } throws: {
      "\($0)" == "dataset.yaml, line 3: there is no key \"tarjet\". Did you mean \"target\"?"
    }
  }

  @Test("reads a table or a query of SQLite, and says which tables there are")
  func sqlite() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-\(UUID()).sqlite").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let queue = try DatabaseQueue(path: path)
    try queue.write { database in
      try database.execute(sql: "CREATE TABLE houses (size REAL, rooms INTEGER, town TEXT)")
      try database.execute(sql: "INSERT INTO houses VALUES (70.5, 3, 'Bern'), (NULL, 4, 'Basel'), (90, 5, NULL)")
      try database.execute(sql: "CREATE TABLE other (a INTEGER)")
    }
    try queue.close()
    func load(table: String? = nil, query: String? = nil) throws -> SwiftletTables.Table {
      var loader = DataLoader(path)
      loader.sqlTable = table
      loader.sqlQuery = query
      return try loader.load().table
    }
    let houses = try load(table: "houses")
    #expect(houses.columns.map(\.type) == [.number, .number, .category])
    #expect(houses.columns.map(\.missingCount) == [1, 0, 1])
    #expect(try load(query: "SELECT rooms * 2 AS r FROM houses WHERE rooms > 3").rowCount == 2)
    #expect { try load() } throws: { "\($0)".contains("choose with --table: houses, other") }
    #expect { try load(table: "house") } throws: { "\($0)".contains("Did you mean \"houses\"?") }
    #expect(throws: (any Error).self) { try load(query: "DELETE FROM houses") }
    #expect(throws: (any Error).self) { try load(query: "SELECT 1; DROP TABLE houses") }
    #expect(throws: (any Error).self) { try load(query: "SELEC") }
    #expect(try load(table: "houses").rowCount == 3)
  }
}
