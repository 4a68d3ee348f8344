// SPDX-License-Identifier: Apache-2.0
//
// Where bytes come from: a file or memory, gzipped or not.
//
// Readers ask for bytes piece by piece, so that a file never has to fit into memory. A gzipped file is
// recognized by its first two bytes, whatever its name is, and inflated on the way.
//
// Before    NearestName.swift     After    TextReader.swift

import Foundation

/// Bytes that can be read from the beginning, any number of times.
public enum ByteSource: Sendable {
  /// A file by its path.
  case file(String)
  /// Bytes in memory, and their name in messages.
  case memory([UInt8], name: String)

  /// Its name in messages: the last part of the path.
  public var name: String {
    switch self {
    case .file(let path): path.split(separator: "/").last.map(String.init) ?? path
    case .memory(_, let name): name
    }
  }

  /// Opens it for reading.
  ///
  /// - Throws: ``FormatError`` if there is no such file, if it is a folder, or if it may not be read.
  public func open() throws -> ByteReader { try ByteReader(self, inflates: true) }

  /// All of its bytes, inflated.
  ///
  /// - Parameter limit: The largest number of bytes.
  public func readAll(limit: Int = 1 << 32) throws -> [UInt8] {
    let reader = try open()
    var bytes: [UInt8] = []
    var chunk = Array(repeating: UInt8(0), count: 1 << 18)
    while true {
      let count = try chunk.withUnsafeMutableBytes { try reader.read(into: $0) }
      guard count > 0 else { return bytes }
      guard bytes.count + count <= limit else {
        throw FormatError(name, "is larger than the limit of \(limit) bytes.")
      }
      bytes.append(contentsOf: chunk[..<count])
    }
  }

  /// The SHA-256 of the bytes as they are, not inflated, in hexadecimal digits.
  public func sha256() throws -> String {
    let reader = try ByteReader(self, inflates: false)
    var hash = SHA256()
    var chunk = Array(repeating: UInt8(0), count: 1 << 18)
    while true {
      let count = try chunk.withUnsafeMutableBytes { try reader.read(into: $0) }
      guard count > 0 else { return hash.hexDigest() }
      hash.update(chunk[..<count])
    }
  }
}

/// Reads a source once, from its beginning to its end.
public final class ByteReader {
  /// The name of the source in messages.
  public let name: String
  private var handle: Handle
  private var inflater: GzipInflater?

  private enum Handle {
    case file(UnsafeMutablePointer<FILE>)
    case memory([UInt8], position: Int)
  }

  init(_ source: ByteSource, inflates: Bool) throws {
    name = source.name
    switch source {
    case .memory(let bytes, _):
      handle = .memory(bytes, position: 0)
    case .file(let path):
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw FormatError(path, "there is no such file.", isMissingInput: true)
      }
      guard !isFolder.boolValue else { throw FormatError(path, "is a folder, not a file.", isMissingInput: true) }
      // Opening one would wait for ever, unless somebody writes into it, and it cannot be read from its beginning again.
      var status = stat()
      guard stat(path, &status) != 0 || status.st_mode & S_IFMT != S_IFIFO else {
        throw FormatError(path, "is a pipe, which is read only as the data of a command. Use a file.")
      }
      guard let file = fopen(path, "rb") else {
        throw FormatError(path, "cannot be opened: \(String(cString: strerror(errno))).", isMissingInput: true)
      }
      handle = .file(file)
    }
    guard inflates else { return }
    var magic: [UInt8] = [0, 0]
    let count = try magic.withUnsafeMutableBytes { try readRaw(into: $0) }
    rewind()
    if count == 2, magic == [0x1F, 0x8B] { inflater = try GzipInflater(name: name) }
  }

  deinit {
    if case .file(let file) = handle { fclose(file) }
  }

  /// Fills a buffer with the next bytes; 0 at the end.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard let inflater else { return try readRaw(into: buffer) }
    return try inflater.read(into: buffer) { try self.readRaw(into: $0) }
  }

  private func readRaw(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    switch handle {
    case .memory(let bytes, let position):
      let count = min(buffer.count, bytes.count - position)
      bytes.withUnsafeBytes {
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<position + count]))
      }
      handle = .memory(bytes, position: position + count)
      return count
    case .file(let file):
      let count = fread(buffer.baseAddress, 1, buffer.count, file)
      if count < buffer.count, ferror(file) != 0 {
        throw FormatError(name, "reading failed: \(String(cString: strerror(errno))).")
      }
      return count
    }
  }

  private func rewind() {
    switch handle {
    case .memory(let bytes, _): handle = .memory(bytes, position: 0)
    case .file(let file): Foundation.rewind(file)
    }
  }
}
