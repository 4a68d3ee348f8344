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

package enum FolderExchange {
  /// Makes `path` a folder with exactly these files. A name may lead through folders: `kubernetes/service.yaml`.
  ///
  /// - Throws: ``FormatError`` where it cannot be written; what was there before is then untouched.
  package static func replace(_ path: String, with files: [(name: String, bytes: [UInt8])]) throws {
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
    for (name, bytes) in files {
      let file = temporary.appendingPathComponent(name)
      do { try manager.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true) } catch
      {
        throw FormatError(path, "cannot be written: \(name) finds no place in it.")
      }
      try write(bytes, to: file.path, shownAs: path)
    }
    for folder in Set(files.flatMap { folders(of: $0.name) }) {
      sync(folder: temporary.appendingPathComponent(folder).path)
    }

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

  /// The folders through which a name leads, and the one in which all stand: for `a/b/c` that is `a/b`, `a` and ``.
  private static func folders(of name: String) -> [String] {
    let parts = name.split(separator: "/").dropLast()
    return (0...parts.count).map { parts.prefix($0).joined(separator: "/") }
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
