// SPDX-License-Identifier: Apache-2.0
//
// ZipArchive: files within a file, as they are.
//
//     for each file   a local header, the name, the bytes
//     at the end      the directory: for each file its name, its size, its checksum, and where its local header is
//     the very end    where the directory is
//
// Files that are compressed are listed and not read: nothing here is larger than it is on disk. Sizes are those of the
// directory, and each range is checked against the bytes that there are.
//
// Before    Safetensors.swift     After    Pictures/Picture.swift
// Source    PKWARE, APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3

import CZlib

/// The files of a zip archive.
package struct ZipArchive {
  /// A file of the archive.
  package struct Entry: Equatable, Sendable {
    /// Its path.
    package let name: String
    /// Where its bytes are in the archive.
    package let range: Range<Int>
    /// Whether they are the file's own, neither compressed nor encrypted.
    let isPlain: Bool
    /// The CRC-32 of the file's bytes.
    let checksum: UInt32
  }

  /// What archives begin with.
  package static let magic: [UInt8] = [0x50, 0x4B, 0x03, 0x04]
  /// The largest number of files.
  package static let entryLimit = 1 << 16

  /// The files in the order of the directory.
  package let entries: [Entry]
  private let bytes: [UInt8]
  private let file: String

  /// Reads the directory.
  ///
  /// - Parameters:
  ///   - bytes: The archive.
  ///   - name: Its name in messages.
  /// - Throws: ``FormatError`` for bytes that are no archive, and for a range outside.
  package init(_ bytes: [UInt8], name: String) throws {
    self.bytes = bytes
    file = name
    entries = try ZipDirectory(bytes: bytes, file: name).entries()
  }

  /// The bytes of a file, whose checksum was compared.
  ///
  /// - Throws: ``FormatError`` if it is damaged, compressed or encrypted.
  package func contents(of entry: Entry) throws -> ArraySlice<UInt8> {
    guard entry.isPlain else {
      throw FormatError(
        file, "holds \(quoted(entry.name)) compressed or encrypted, and only files as they are can be read.")
    }
    let contents = bytes[entry.range]
    let sum = contents.withUnsafeBytes { crc32_z(0, $0.bindMemory(to: UInt8.self).baseAddress, $0.count) }
    guard UInt32(truncatingIfNeeded: sum) == entry.checksum else {
      throw FormatError(file, "is damaged: the checksum of \(quoted(entry.name)) is another. Copy the file again.")
    }
    return contents
  }
}

/// The end of an archive, where its files are listed.
private struct ZipDirectory {
  let bytes: [UInt8]
  let file: String

  private static let endLength = 22
  private static let headerLength = 46
  private static let localLength = 30
  /// In the place of a number that stands elsewhere, because it may need 64 bits.
  private static let elsewhere = 0xFFFF_FFFF

  private func wrong(_ message: String) -> FormatError { FormatError(file, "is not a whole zip archive: \(message)") }

  /// A little-endian number; nothing if it would end outside.
  private func number(_ width: Int, at place: Int, before end: Int? = nil) -> Int? {
    guard place >= 0, place <= (end ?? bytes.count) - width else { return nil }
    let value = (0..<width).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[place + $1]) }
    return Int(exactly: value)
  }

  func entries() throws -> [ZipArchive.Entry] {
    let (count, start) = try place()
    guard count <= ZipArchive.entryLimit else {
      throw wrong("it lists \(count) files, and \(ZipArchive.entryLimit) are allowed.")
    }
    var entries: [ZipArchive.Entry] = []
    var names: Set<String> = []
    var at = start
    for _ in 0..<count {
      guard number(4, at: at) == 0x0201_4B50, let nameLength = number(2, at: at + 28),
        let extraLength = number(2, at: at + 30), let commentLength = number(2, at: at + 32),
        case let extra = at + Self.headerLength + nameLength, extra + extraLength + commentLength <= bytes.count
      else { throw wrong("the list of its files ends early.") }
      let name = String(decoding: bytes[at + Self.headerLength..<extra], as: UTF8.self)
      guard names.insert(name).inserted else { throw wrong("two of its files are called \(quoted(name)).") }
      entries.append(try entry(named: name, at: at, extra..<extra + extraLength))
      at = extra + extraLength + commentLength
    }
    // Each byte belongs to one file, so that all of them together are no longer than the archive.
    let places = entries.map(\.range).filter { !$0.isEmpty }.sorted { $0.lowerBound < $1.lowerBound }
    guard zip(places, places.dropFirst()).allSatisfy({ $0.upperBound <= $1.lowerBound }) else {
      throw wrong("two of its files lie over one another.")
    }
    return entries
  }

  /// How many files there are, and where their list begins.
  private func place() throws -> (count: Int, start: Int) {
    // A comment of up to 65,535 bytes may follow.
    let first = max(0, bytes.count - Self.endLength - 0xFFFF)
    let last = bytes.count - Self.endLength
    guard last >= 0, let end = (first...last).last(where: { number(4, at: $0) == 0x0605_4B50 }),
      let count = number(2, at: end + 10), let start = number(4, at: end + 16)
    else { throw wrong("its end is missing.") }
    guard count == 0xFFFF || start == Self.elsewhere else { return (count, start) }
    // 64 bits: a record before this one says where the longer form is.
    guard number(4, at: end - 20) == 0x0706_4B50, let long = number(8, at: end - 12),
      number(4, at: long) == 0x0606_4B50, let count = number(8, at: long + 32), let start = number(8, at: long + 48)
    else { throw wrong("its end announces numbers of 64 bits, and they are missing.") }
    return (count, start)
  }

  private func entry(named name: String, at place: Int, _ extra: Range<Int>) throws -> ZipArchive.Entry {
    guard let flags = number(2, at: place + 8), let method = number(2, at: place + 10),
      let checksum = number(4, at: place + 16), let packed = number(4, at: place + 20),
      let size = number(4, at: place + 24), let header = number(4, at: place + 42)
    else { throw wrong("the list of its files ends early.") }
    let isPlain = flags & 1 == 0 && method == 0
    let long = try longer([size, packed, header], extra)
    // The signature first: behind it, the header is within the file, and no sum overflows.
    guard long[0] == long[1] || !isPlain, number(4, at: long[2]) == 0x0403_4B50,
      let nameLength = number(2, at: long[2] + 26),
      let extraLength = number(2, at: long[2] + 28)
    else { throw wrong("\(quoted(name)) is not where the list of files says.") }
    let start = long[2] + Self.localLength + nameLength + extraLength
    guard start <= bytes.count, long[1] <= bytes.count - start else {
      throw wrong("\(quoted(name)) would have \(long[1]) bytes, and the archive ends before.")
    }
    return ZipArchive.Entry(
      name: name, range: start..<start + long[1], isPlain: isPlain, checksum: UInt32(truncatingIfNeeded: checksum))
  }

  /// Numbers, some of which stand with 64 bits in a field of their own.
  private func longer(_ numbers: [Int], _ extra: Range<Int>) throws -> [Int] {
    guard numbers.contains(Self.elsewhere) else { return numbers }
    var at = extra.lowerBound
    while let kind = number(2, at: at, before: extra.upperBound),
      let length = number(2, at: at + 2, before: extra.upperBound)
    {
      at += 4  // the kind and the length
      guard kind == 1 else {
        at += length
        continue
      }
      let end = min(at + length, extra.upperBound)
      return try numbers.map { short in
        guard short == Self.elsewhere else { return short }
        guard let long = number(8, at: at, before: end) else { throw wrong("a number of 64 bits is cut off.") }
        at += 8
        return long
      }
    }
    throw wrong("a number of 64 bits is missing in the list of its files.")
  }
}
