// SPDX-License-Identifier: Apache-2.0
//
// A folder with files that a test has written, gone when the test is over.

import Foundation
import SwiftletData
import SwiftletTables

final class TemporaryFolder {
  let path: String

  /// - Parameter name: Part of the folder's name, which must not matter to what is in it.
  init(_ files: [String: String] = [:], named name: String = "swiftlet") throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("\(name)-\(UUID())").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (file, text) in files { try write(Array(text.utf8), to: file) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ bytes: [UInt8], to file: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + file))
  }

  func load(_ file: String? = nil, table: String? = nil, query: String? = nil) throws -> LoadedData {
    var loader = DataLoader(file.map { path + "/" + $0 } ?? path)
    loader.sqlTable = table
    loader.sqlQuery = query
    return try loader.load()
  }
}
