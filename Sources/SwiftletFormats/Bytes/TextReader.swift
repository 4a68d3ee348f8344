// SPDX-License-Identifier: Apache-2.0
//
// TextReader: the bytes of a text file as UTF-8.
//
// Spreadsheets save text as UTF-16 too. It is recognized by its byte order mark, or by the zeros in every second byte of
// plain text, and becomes UTF-8 on the way; anything else passes unchanged.
//
// Before    ByteSource.swift     After    FileKind.swift
// Source    RFC 2781, section 3.2; The Unicode Standard, section 3.9

/// Reads a source once, as UTF-8.
final class TextReader {
  let name: String
  private let reader: ByteReader
  /// Bytes that are ready to be handed out.
  private var ready: [UInt8] = []
  private var position = 0
  private var hasBegun = false
  private var isUTF16 = false
  private var isBigEndian = false
  /// The first byte of a unit, and the first unit of a pair, that the last piece ended with.
  private var halfUnit: UInt8?
  private var highSurrogate: UInt16?

  init(_ source: ByteSource) throws {
    name = source.name
    reader = try source.open()
  }

  /// Fills a buffer with the next bytes; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    if !hasBegun { try begin() }
    while position == ready.count {
      guard isUTF16 else { return try reader.read(into: buffer) }
      var piece = Array(repeating: UInt8(0), count: 1 << 16)
      let count = try piece.withUnsafeMutableBytes { try reader.read(into: $0) }
      guard count > 0 else {
        guard halfUnit == nil, highSurrogate == nil else { throw FormatError(name, "is UTF-16 that ends too soon.") }
        return 0
      }
      ready.removeAll(keepingCapacity: true)
      position = 0
      for byte in piece[..<count] { try decode(byte) }
    }
    let count = min(buffer.count, ready.count - position)
    ready.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<position + count])) }
    position += count
    // Behind the first two bytes the rest follows at once, so that a reader sees a whole beginning.
    guard !isUTF16, count < buffer.count else { return count }
    return count + (try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...])))
  }

  /// Looks at the first two bytes.
  private func begin() throws {
    hasBegun = true
    var first: [UInt8] = []
    var piece: [UInt8] = [0, 0]
    while first.count < 2 {
      let count = try piece.withUnsafeMutableBytes {
        try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<(2 - first.count)]))
      }
      guard count > 0 else { break }
      first += piece[..<count]
    }
    let isMark = first == [0xFF, 0xFE] || first == [0xFE, 0xFF]
    guard first.count == 2, isMark || (first[0] == 0) != (first[1] == 0) else {
      ready = first
      return
    }
    isUTF16 = true
    isBigEndian = first == [0xFE, 0xFF] || first[0] == 0
    if !isMark { for byte in first { try decode(byte) } }
  }

  private func decode(_ byte: UInt8) throws {
    guard let first = halfUnit else {
      halfUnit = byte
      return
    }
    halfUnit = nil
    let unit = isBigEndian ? UInt16(first) << 8 | UInt16(byte) : UInt16(byte) << 8 | UInt16(first)
    if let high = highSurrogate {
      guard (0xDC00...0xDFFF).contains(unit) else { throw FormatError(name, "is not valid UTF-16.") }
      highSurrogate = nil
      append(0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(unit) - 0xDC00))
    } else if (0xD800...0xDBFF).contains(unit) {
      highSurrogate = unit
    } else {
      append(UInt32(unit))
    }
  }

  private func append(_ scalar: UInt32) {
    guard let scalar = Unicode.Scalar(scalar) else { return ready += [0xEF, 0xBF, 0xBD] }  // half of a pair
    ready += Array(scalar.utf8)
  }
}
