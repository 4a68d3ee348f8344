// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SwiftletFormats

@Suite struct ProtobufReaderTests {
  /// The fields of some bytes, as texts.
  private func fields(_ bytes: [UInt8]) throws -> [String] {
    try bytes.withUnsafeBytes { bytes in
      var reader = try ProtobufReader(bytes)
      var found: [String] = []
      while let field = try reader.next() {
        switch field.payload {
        case .varint(let value): found.append("\(field.number): \(value)")
        case .fixed32(let bits): found.append("\(field.number): \(Float(bitPattern: bits))")
        case .fixed64(let bits): found.append("\(field.number): \(Double(bitPattern: bits))")
        case .bytes(let bytes): found.append("\(field.number): \(String(decoding: bytes, as: UTF8.self))")
        }
      }
      return found
    }
  }

  @Test func `the examples of the encoding's own page`() throws {
    // Field 1, varint: 150 is 0x96 0x01, the lower seven bits first.
    #expect(try fields([0x08, 0x96, 0x01]) == ["1: 150"])
    #expect(try fields([0x12, 0x07] + Array("testing".utf8)) == ["2: testing"])
    // -2 as int64 takes ten bytes.
    let minusTwo: [UInt8] = [0x08, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]
    #expect(try fields(minusTwo) == ["1: \(UInt64(bitPattern: -2))"])
    // 1.5 is 0x3FC00000 in 32 bits and 0x3FF8000000000000 in 64.
    #expect(try fields([0x0D, 0, 0, 0xC0, 0x3F]) == ["1: 1.5"])
    #expect(try fields([0x09, 0, 0, 0, 0, 0, 0, 0xF8, 0x3F]) == ["1: 1.5"])
    #expect(try fields([]) == [])
  }

  @Test(
    arguments: [
      ([0x08], "it ends within a number"),
      ([0x08, 0x80], "it ends within a number"),
      ([0x08] + Array(repeating: 0xFF, count: 10), "a number has more than ten bytes"),
      ([0x12, 0x07, 0x61], "a field announces 7 bytes and 1 are left"),
      (
        [0x12] + Array(repeating: 0xFF, count: 9) + [0x01],
        "a field announces 18446744073709551615 bytes and 0 are left"
      ),
      ([0x0D, 0, 0, 0], "it ends within a field"),
      ([0x09, 0, 0, 0, 0], "it ends within a field"),
      ([0x00, 0x01], "a field has no valid number"),
      ([0x0B], "a field has the wire type 3"),
      ([0x0F], "a field has the wire type 7"),
    ] as [([UInt8], String)])
  func `damaged bytes are refused with a reason`(bytes: [UInt8], reason: String) {
    #expect(throws: ProtobufError(message: reason)) { try fields(bytes) }
  }

  @Test func `messages within messages end at sixteen`() throws {
    struct Nested: ProtobufMessage {
      var depth = 0
      mutating func take(_ field: ProtobufField) throws {
        let inner: Nested = try field.message()
        depth = inner.depth + 1
      }
    }
    func nested(_ depth: Int) throws -> Int {
      let bytes = (0..<depth).reduce([UInt8]()) { inner, _ in [0x0A, UInt8(inner.count)] + inner }
      return try bytes.withUnsafeBytes { try Nested(reading: ProtobufReader($0)) }.depth
    }
    #expect(try nested(16) == 16)
    #expect(throws: ProtobufError.self) { try nested(17) }
  }
}
