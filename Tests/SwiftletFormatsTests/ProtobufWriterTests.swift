// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SwiftletFormats

/// The bytes are those of the examples in protobuf.dev, "Encoding", where it has one.
@Suite("Messages of Protocol Buffers")
struct ProtobufWriterTests {
  private func bytes(_ body: (inout ProtobufWriter) -> Void) -> [UInt8] {
    var writer = ProtobufWriter()
    body(&writer)
    return writer.bytes
  }

  @Test("write integers in groups of seven bits, the lowest first")
  func integers() {
    #expect(bytes { $0.write(1, unsigned: 150) } == [0x08, 0x96, 0x01])
    #expect(bytes { $0.write(1, unsigned: 0) } == [0x08, 0x00])
    #expect(bytes { $0.write(1, unsigned: 127) } == [0x08, 0x7F])
    #expect(bytes { $0.write(1, unsigned: 128) } == [0x08, 0x80, 0x01])
    #expect(bytes { $0.write(1, signed: -2) } == [0x08, 0xFE] + Array(repeating: 0xFF, count: 8) + [0x01])
    #expect(bytes { $0.write(1, unsigned: .max) } == [0x08] + Array(repeating: 0xFF, count: 9) + [0x01])
    #expect(bytes { $0.write(16, bool: true) } == [0x80, 0x01, 0x01])  // a field above 15 has a key of two bytes
  }

  @Test("write numbers of fixed width, the lowest byte first")
  func fixed() {
    #expect(bytes { $0.write(1, fixed32: 0x0102_0304) } == [0x0D, 4, 3, 2, 1])
    #expect(bytes { $0.write(1, fixed64: 0x0102_0304_0506_0708) } == [0x09, 8, 7, 6, 5, 4, 3, 2, 1])
    #expect(bytes { $0.write(2, float: 1) } == [0x15, 0, 0, 0x80, 0x3F])
    #expect(bytes { $0.write(2, double: 1) } == [0x11, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F])
  }

  @Test("write texts and messages after their length")
  func delimited() {
    #expect(bytes { $0.write(2, string: "testing") } == [0x12, 0x07] + Array("testing".utf8))
    #expect(bytes { $0.write(2, string: "é") } == [0x12, 0x02, 0xC3, 0xA9])
    #expect(bytes { $0.message(3) { $0.write(1, unsigned: 150) } } == [0x1A, 0x03, 0x08, 0x96, 0x01])
    #expect(bytes { $0.message(3) { _ in } } == [0x1A, 0x00])
    let long = bytes { $0.write(1, bytes: [UInt8](repeating: 7, count: 300)) }
    #expect(long.prefix(3) == [0x0A, 0xAC, 0x02] && long.count == 303)
  }
}
