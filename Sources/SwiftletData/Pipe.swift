// SPDX-License-Identifier: Apache-2.0
//
// Pipe: data that can be read only once, but are needed several times: for their digest, for their rows, and again
// if the labels turn out to be categories.
//
// Before    SwiftletTables     After    DataLoader.swift

import Foundation
import SwiftletFormats
import Synchronization

/// Standard input, or a pipe such as that of `<(zcat shop.csv.gz)`.
final class Pipe: Sendable {
  private let path: String
  private let bytes = Mutex<[UInt8]?>(nil)

  /// - Returns: `nil` if the path is not that of a pipe.
  init?(_ path: String) {
    var status = stat()
    guard path == "-" || stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO else { return nil }
    self.path = path
  }

  /// Everything from the pipe, read at the first call.
  func source() throws -> ByteSource {
    let name = path == "-" ? "standard input" : path
    return try bytes.withLock { bytes in
      if let bytes { return .memory(bytes, name: name) }
      guard let handle = path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path) else {
        throw FormatError(path, "cannot be opened: \(String(cString: strerror(errno))).", isMissingInput: true)
      }
      // It may be closed, or a folder.
      guard let data = try? handle.readToEnd() ?? Data() else {
        throw FormatError(name, "cannot be read: \(String(cString: strerror(errno))).", isMissingInput: true)
      }
      let all = Array(data)
      bytes = all
      return .memory(all, name: name)
    }
  }
}
