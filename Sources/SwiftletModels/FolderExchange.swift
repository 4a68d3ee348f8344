// SPDX-License-Identifier: Apache-2.0
//
// Replacing a folder in one step.
//
// The new files are written to a folder beside the old one, forced onto the disk, and then the two folders
// change places in one step of the file system: whoever looks sees the whole old one or the whole new one,
// whatever fails.
//
// Before    BundleFiles.swift     After    Predictor.swift

import CFolderExchange
import Foundation
import SwiftletFormats

enum FolderExchange {
  /// Makes `path` a folder with exactly these files.
  static func replace(_ path: String, with files: [(name: String, bytes: [UInt8])]) throws {
    let manager = FileManager.default
    let folder = URL(fileURLWithPath: path).standardizedFileURL
    let parent = folder.deletingLastPathComponent()
    let temporary = parent.appendingPathComponent(
      ".\(folder.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).tmp")
    do {
      try manager.createDirectory(at: parent, withIntermediateDirectories: true)
      try? manager.removeItem(at: temporary)
      try manager.createDirectory(at: temporary, withIntermediateDirectories: false)
    } catch {
      throw FormatError(path, "cannot be written: the folder \(parent.path) does not allow it.")
    }
    defer { try? manager.removeItem(at: temporary) }
    for (name, bytes) in files { try write(bytes, to: temporary.appendingPathComponent(name).path, shownAs: path) }
    sync(folder: temporary.path)

    if manager.fileExists(atPath: folder.path) {
      let code = swiftlet_exchange_folders(temporary.path, folder.path)
      guard code == 0 else { throw FormatError(path, "cannot be replaced: \(String(cString: strerror(code))).") }
    } else {
      guard rename(temporary.path, folder.path) == 0 else {
        throw FormatError(path, "cannot be written: \(String(cString: strerror(errno))).")
      }
    }
    sync(folder: parent.path)
  }

  private static func write(_ bytes: [UInt8], to path: String, shownAs shown: String) throws {
    guard let file = fopen(path, "wb") else {
      throw FormatError(shown, "cannot be written: \(String(cString: strerror(errno))).")
    }
    let written = fwrite(bytes, 1, bytes.count, file)
    let isFlushed = fflush(file) == 0 && fsync(fileno(file)) == 0
    let reason = errno
    let isClosed = fclose(file) == 0
    guard written == bytes.count, isFlushed, isClosed else {
      throw FormatError(shown, "cannot be written: \(String(cString: strerror(reason))).")
    }
  }

  /// Forces a folder's entries onto the disk, where the file system knows how.
  private static func sync(folder path: String) {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)  // not every file system can, and the exchange is atomic without it
    close(descriptor)
  }
}
