// SPDX-License-Identifier: Apache-2.0
//
// npy: one array, as NumPy saves it.
//
//     \x93NUMPY  version  header length  {'descr': '\(type)', 'fortran_order': False, 'shape': (2, 4), }  numbers
//
// Arrays of Python objects are refused: reading them would run code from the file.
//
// Before    Pictures/Resizing.swift     After    Protobuf/ProtobufWriter.swift
// Source    NumPy, numpy/lib/format.py, "Format Version 1.0"

/// An array of numbers and its shape.
package struct NPY: Sendable, Equatable {
  package let shape: [Int]
  /// In row-major order.
  package let numbers: [Double]

  /// Reads an array.
  ///
  /// - Parameter limit: The largest number of numbers that it may hold.
  /// - Throws: ``FormatError`` for anything but an array of numbers in row-major order.
  package static func decode(_ bytes: [UInt8], name: String, limit: Int) throws -> NPY {
    func wrong(_ message: String) -> FormatError { FormatError(name, message) }
    guard bytes.count >= 10, bytes.starts(with: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]) else {
      throw wrong("is not an npy array: it does not begin with \\x93NUMPY.")
    }
    let isLong = bytes[6] >= 2  // version 1 has a length of two bytes, later ones of four
    let start = isLong ? 12 : 10  // magic, version, length
    guard bytes.count >= start else { throw wrong("ends in its header.") }
    let length = (8..<start).reversed().reduce(0) { $0 << 8 | Int(bytes[$1]) }
    guard length <= bytes.count - start else { throw wrong("ends in its header.") }
    let header = String(decoding: bytes[start..<start + length], as: UTF8.self)
    guard let descriptor = quotedValue("descr", in: header) else { throw wrong("does not say what its numbers are.") }
    guard header.contains("'fortran_order': False") else {
      throw wrong("is in column-major order; save numpy.ascontiguousarray(array).")
    }
    guard let shape = shape(in: header) else { throw wrong("does not say its shape.") }
    var count = 1
    for size in shape {
      let (product, overflows) = count.multipliedReportingOverflow(by: size)
      guard !overflows, product <= limit else { throw wrong("holds more than \(limit) numbers.") }
      count = product
    }
    let block = bytes[(start + length)...]
    guard let numbers = read(descriptor, block, count) else {
      throw wrong(
        "has \(block.count) bytes of \(quoted(descriptor)) for the shape \(shape); little-endian f4, f8 and whole numbers are read."
      )
    }
    return NPY(shape: shape, numbers: numbers)
  }

  /// The bytes of an array of 32-bit numbers.
  package static func encode(_ numbers: [Float], shape: [Int]) -> [UInt8] {
    var bytes = header("<f4", shape)
    for number in numbers { withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes += Array($0) } }
    return bytes
  }

  /// The bytes of an array of 64-bit numbers.
  package static func encode(doubles numbers: [Double], shape: [Int]) -> [UInt8] {
    var bytes = header("<f8", shape)
    for number in numbers { withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes += Array($0) } }
    return bytes
  }

  /// The bytes before the numbers.
  private static func header(_ type: String, _ shape: [Int]) -> [UInt8] {
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }"
    // Spaces and a line end, so that the numbers begin at a multiple of 64 bytes.
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    let length = UInt16(clamping: header.utf8.count)
    var bytes: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, UInt8(length & 0xFF), UInt8(length >> 8)]
    bytes += Array(header.utf8)
    return bytes
  }

  private static func quotedValue(_ key: String, in header: String) -> String? {
    let parts = header.split(separator: "'", omittingEmptySubsequences: false)
    guard let position = parts.firstIndex(of: key[...]), position + 2 < parts.count else { return nil }
    return String(parts[position + 2])
  }

  private static func shape(in header: String) -> [Int]? {
    guard let open = header.firstIndex(of: "("), let close = header[open...].firstIndex(of: ")") else { return nil }
    let sizes = header[header.index(after: open)..<close].split(separator: ",").map { $0.filter { $0 != " " } }
      .filter { !$0.isEmpty }
    let numbers = sizes.compactMap { Int($0) }
    return numbers.count == sizes.count && numbers.allSatisfy { $0 >= 0 } && numbers.count <= 16 ? numbers : nil
  }

  private static func read(_ descriptor: String, _ block: ArraySlice<UInt8>, _ count: Int) -> [Double]? {
    switch descriptor {
    case "<f4": values(block, count, UInt32.self) { Double(Float(bitPattern: $0)) }
    case "<f8": values(block, count, UInt64.self) { Double(bitPattern: $0) }
    case "|u1": values(block, count, UInt8.self) { Double($0) }
    case "|i1": values(block, count, Int8.self) { Double($0) }
    case "<u2": values(block, count, UInt16.self) { Double($0) }
    case "<i2": values(block, count, Int16.self) { Double($0) }
    case "<u4": values(block, count, UInt32.self) { Double($0) }
    case "<i4": values(block, count, Int32.self) { Double($0) }
    case "<u8": values(block, count, UInt64.self) { Double($0) }
    case "<i8": values(block, count, Int64.self) { Double($0) }
    default: nil
    }
  }

  private static func values<Bits: FixedWidthInteger>(
    _ block: ArraySlice<UInt8>, _ count: Int, _: Bits.Type, _ value: (Bits) -> Double
  ) -> [Double]? {
    let (size, overflows) = count.multipliedReportingOverflow(by: Bits.bitWidth / 8)
    guard !overflows, block.count == size else { return nil }
    return block.withUnsafeBytes { bytes in
      // In bounds: the block holds exactly count values.
      (0..<count).map {
        value(Bits(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * Bits.bitWidth / 8, as: Bits.self)))
      }
    }
  }
}
