// SPDX-License-Identifier: Apache-2.0
//
// Replacing a folder in one step.
//
// The new files are written to a folder beside the old one, forced onto the disk, and then the two folders
// change places in one step of the file system: a reader sees the whole old one or the whole new one,
// whatever fails.
//
// Before    OutputFolder.swift     After    Predictor.swift

import CFolderExchange
import Foundation
import SwiftletFormats

enum FolderExchange {
  /// The place that a path means: a symbolic link stays, and what it points to is replaced.
  ///
  /// - Throws: ``FormatError`` for a link that leads nowhere.
  static func place(_ path: String) throws -> String {
    guard !path.isEmpty else { throw FormatError("the output", "has no name.") }
    if let real = realpath(path, nil) {
      defer { free(real) }
      return String(cString: real)
    }
    if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) {
      throw FormatError(path, "cannot be written: it is a link to \(target), which does not exist.")
    }
    return URL(fileURLWithPath: path).standardizedFileURL.path
  }

  /// Makes `place` a folder with exactly these files. A name may lead through folders: `kubernetes/service.yaml`.
  ///
  /// - Parameter force: Forces what was written through a descriptor onto the disk; 0, or −1 with errno.
  /// - Throws: ``FormatError`` if it cannot be written; what was there before is then untouched.
  static func replace(
    _ place: String, with files: [(name: String, bytes: [UInt8])], shownAs path: String,
    forcing force: (Int32) -> Int32 = fsync
  ) throws {
    let manager = FileManager.default
    let temporary = try makeFolder(beside: place, "tmp", shownAs: path)
    defer { try? manager.removeItem(atPath: temporary) }
    for (name, bytes) in files {
      let file = URL(fileURLWithPath: temporary + "/" + name)
      do {
        try manager.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      } catch {
        throw FormatError(path, "cannot be written: there is no room for \(name) in it.")
      }
      try write(bytes, to: file.path, shownAs: path, forcing: force)
    }
    for folder in Set(files.flatMap { folders(of: $0.name) }) { sync(folder: temporary + "/" + folder, force) }

    if manager.fileExists(atPath: place) {
      try exchange(temporary, place, shownAs: path)
    } else if rename(temporary, place) != 0 {
      throw FormatError(path, "cannot be written: \(String(cString: strerror(errno))).")
    }
    sync(folder: parent(of: place), force)
  }

  /// Tries with empty folders what `replace` will do, and leaves everything as it was.
  static func tryReplacing(_ place: String, shownAs path: String) throws {
    let missing = missingFolders(above: place)
    defer { for folder in missing { rmdir(folder) } }
    let temporary = try makeFolder(beside: place, "tmp", shownAs: path)
    defer { rmdir(temporary) }
    guard FileManager.default.fileExists(atPath: place) else { return }
    let other = try makeFolder(beside: place, "try", shownAs: path)
    defer { rmdir(other) }
    try exchange(temporary, other, shownAs: path)
  }

  private static func exchange(_ a: String, _ b: String, shownAs path: String) throws {
    let code = swiftlet_exchange_folders(a, b)
    guard code == 0 else { throw FormatError(path, "cannot be replaced: \(String(cString: strerror(code))).") }
  }

  private static func parent(of place: String) -> String {
    URL(fileURLWithPath: place).deletingLastPathComponent().path
  }

  /// An empty folder in which the new one is built up.
  private static func makeFolder(beside place: String, _ suffix: String, shownAs path: String) throws -> String {
    let parent = parent(of: place)
    let name = URL(fileURLWithPath: place).lastPathComponent
    let folder = parent + "/.\(name).\(ProcessInfo.processInfo.processIdentifier).\(suffix)"
    do {
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
      try? FileManager.default.removeItem(atPath: folder)
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    } catch {
      throw FormatError(path, "cannot be written: the folder \(parent) does not allow it.")
    }
    return folder
  }

  /// The folders that must be made before `place` can be, the innermost first.
  private static func missingFolders(above place: String) -> [String] {
    var missing: [String] = []
    var folder = parent(of: place)
    while folder != "/", !FileManager.default.fileExists(atPath: folder) {
      missing.append(folder)
      folder = parent(of: folder)
    }
    return missing
  }

  /// The folders through which a name leads, and the one that holds them all: for `a/b/c` these are `a/b`, `a` and ``.
  private static func folders(of name: String) -> [String] {
    let parts = name.split(separator: "/").dropLast()
    return (0...parts.count).map { parts.prefix($0).joined(separator: "/") }
  }

  private static func write(
    _ bytes: [UInt8], to path: String, shownAs shown: String, forcing force: (Int32) -> Int32
  ) throws {
    guard let file = fopen(path, "wb") else {
      throw FormatError(shown, "cannot be written: \(String(cString: strerror(errno))).")
    }
    let written = fwrite(bytes, 1, bytes.count, file)
    let isFlushed = fflush(file) == 0 && force(fileno(file)) == 0
    let reason = errno
    let isClosed = fclose(file) == 0
    guard written == bytes.count, isFlushed, isClosed else {
      throw FormatError(shown, "cannot be written: \(String(cString: strerror(reason))).")
    }
  }

  /// Forces a folder's entries onto the disk, if the file system can.
  private static func sync(folder path: String, _ force: (Int32) -> Int32) {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { return }
    _ = force(descriptor)  // not every file system can, and the exchange is atomic without it
    close(descriptor)
  }
}
