// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import Testing

/// Archives by hand, byte by byte.
@Suite("Zip archives")
struct ZipArchiveTests {
  private func little(_ value: UInt64, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
  }

  /// A file `a` with the bytes of "123456789", whose CRC-32 is 0xCBF43926, as RFC 3309's list of checksums says.
  ///
  /// - Parameter isLong: Whether the sizes and the place of the directory stand with 64 bits.
  private func archive(isLong: Bool = false, checksum: UInt64 = 0xCBF4_3926, size: UInt64 = 9) -> [UInt8] {
    let elsewhere: UInt64 = 0xFFFF_FFFF
    let sums = little(checksum, 4)
    let local = little(0x0403_4B50, 4) + little(0, 22) + little(1, 2) + little(0, 2) + [0x61] + Array("123456789".utf8)
    let short = isLong ? elsewhere : size
    let extra = isLong ? little(1, 2) + little(24, 2) + little(size, 8) + little(size, 8) + little(0, 8) : []
    var directory = little(0x0201_4B50, 4) + little(0, 12) + sums + little(short, 4) + little(short, 4)
    directory += little(1, 2) + little(UInt64(extra.count), 2) + little(0, 10) + little(isLong ? elsewhere : 0, 4)
    directory += [0x61] + extra
    let start = UInt64(local.count)
    var end: [UInt8] = []
    if isLong {
      end += little(0x0606_4B50, 4) + little(44, 8) + little(0, 20) + little(1, 8) + little(UInt64(directory.count), 8)
      end += little(start, 8)
      end += little(0x0706_4B50, 4) + little(0, 4) + little(start + UInt64(directory.count), 8) + little(1, 4)
    }
    end += little(0x0605_4B50, 4) + little(0, 4) + little(1, 2) + little(isLong ? 0xFFFF : 1, 2)
    end += little(UInt64(directory.count), 4) + little(isLong ? elsewhere : start, 4) + little(0, 2)
    return local + directory + end
  }

  @Test("a file is found by either form of the directory", arguments: [false, true])
  func contents(isLong: Bool) throws {
    let read = try ZipArchive(archive(isLong: isLong), name: "t")
    #expect(read.entries.map(\.name) == ["a"])
    #expect(try Array(read.contents(of: read.entries[0])) == Array("123456789".utf8))
  }

  @Test("another checksum, and a size that is not there, are refused")
  func lies() throws {
    let read = try ZipArchive(archive(checksum: 1), name: "t")
    let error = #expect(throws: FormatError.self) { try read.contents(of: read.entries[0]) }
    #expect(error?.message.contains("the checksum of \"a\" is another") == true)
    for size in [200, 1 << 40, UInt64.max] as [UInt64] {
      #expect(throws: FormatError.self) { try ZipArchive(archive(isLong: true, size: size), name: "t") }
    }
  }

  @Test("files that lie over one another are refused: a small archive cannot be read as a large one")
  func overlap() {
    let one = archive()
    let local = Array(one[..<40])
    let listed = Array(one[40..<87])
    var end = Array(one[87...])
    end.replaceSubrange(10..<12, with: little(2, 2))
    let twice = local + listed + listed.dropLast() + [0x62] + end
    let error = #expect(throws: FormatError.self) { try ZipArchive(twice, name: "t") }
    #expect(error?.message.contains("two of its files lie over one another") == true)
  }

  @Test("every truncation is refused, and changed bytes never stop the process", arguments: [false, true])
  func damage(isLong: Bool) {
    let bytes = archive(isLong: isLong)
    for length in bytes.indices {
      #expect(throws: FormatError.self) { try ZipArchive(Array(bytes[..<length]), name: "t") }
    }
    for position in bytes.indices {
      for value in UInt8.min...UInt8.max {
        var damaged = bytes
        damaged[position] = value
        guard let read = try? ZipArchive(damaged, name: "t") else { continue }
        for entry in read.entries { _ = try? read.contents(of: entry) }
      }
    }
  }
}
