// SPDX-License-Identifier: Apache-2.0
//
// IDX: the format of the MNIST family, for images and their labels.
//
// Before    Settings/ShellWords.swift     After    Safetensors.swift
// Source    LeCun, Cortes, Burges, "The MNIST Database", part FILE FORMATS

/// An array of unsigned bytes with one to four axes.
public struct IDX: Sendable, Equatable {
  /// The size of each axis.
  public let sizes: [Int]
  /// The numbers in row-major order, each from 0 to 255.
  public let bytes: [UInt8]

  /// An array with as many bytes as the product of its sizes.
  public init(sizes: [Int], bytes: [UInt8]) {
    self.sizes = sizes
    self.bytes = bytes
  }

  /// Reads a file, gzipped or not.
  ///
  /// - Throws: ``FormatError`` if the header is not that of IDX, holds another type than unsigned
  ///   bytes, or announces more or fewer bytes than follow.
  public static func read(_ source: ByteSource) throws -> IDX {
    let reader = try source.open()
    let name = source.name
    func next(_ count: Int, _ what: String) throws -> [UInt8] {
      // Grown with the bytes that really come: a header can announce anything.
      var bytes: [UInt8] = []
      var chunk = Array(repeating: UInt8(0), count: min(count, 1 << 20))
      while bytes.count < count {
        let read = try chunk.withUnsafeMutableBytes {
          try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<min($0.count, count - bytes.count)]))
        }
        guard read > 0 else {
          throw FormatError(name, "ends after \(bytes.count) of \(count) bytes of its \(what): the file is truncated.")
        }
        bytes.append(contentsOf: chunk[..<read])
      }
      return bytes
    }
    let magic = try next(4, "header")  // two zeros, the type, the number of axes
    guard magic[0] == 0, magic[1] == 0 else {
      throw FormatError(name, "is not an IDX file: it does not begin with two zero bytes.")
    }
    guard magic[2] == 0x08 else {
      throw FormatError(name, "holds IDX type 0x\(String(magic[2], radix: 16)); only unsigned bytes, 0x8, are read.")
    }
    guard (1...4).contains(magic[3]) else {
      throw FormatError(name, "announces \(magic[3]) axes; an IDX file has from 1 to 4.")
    }
    let header = try next(4 * Int(magic[3]), "header")
    let sizes = stride(from: 0, to: header.count, by: 4).map { start in
      header[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }  // big-endian
    }
    var count = 1
    for size in sizes {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow, product <= 1 << 36 else {
        throw FormatError(name, "announces \(sizes) bytes, which is more than a file can hold.")
      }
      count = product
    }
    let bytes = try next(count, "data")
    var extra: [UInt8] = [0]
    guard try extra.withUnsafeMutableBytes({ try reader.read(into: $0) }) == 0 else {
      throw FormatError(name, "has more bytes than its header announces, \(sizes).")
    }
    return IDX(sizes: sizes, bytes: bytes)
  }

  /// The bytes of the file.
  public func encoded() -> [UInt8] {
    [0, 0, 0x08, UInt8(truncatingIfNeeded: sizes.count)]
      + sizes.flatMap { size in (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) } } + bytes
  }
}
