// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import Testing

@testable import SwiftletInterchange

@Suite struct ProtobufTests {
  @Test func `a repeated number is alone or packed`() throws {
    let tensor: (([UInt8]) throws -> TensorMessage) = { bytes in
      try bytes.withUnsafeBytes { try TensorMessage(reading: ProtobufReader($0)) }
    }
    #expect(try tensor([0x08, 2, 0x08, 3]).sizes == [2, 3])
    #expect(try tensor([0x0A, 3, 2, 0x96, 0x01]).sizes == [2, 150])
    #expect(try tensor([0x22, 4, 0, 0, 0xC0, 0x3F, 0x25, 0, 0, 0xC0, 0xBF]).floats == [1.5, -1.5])
    #expect(throws: ProtobufError(message: "field 4 should hold numbers of 32 bits")) {
      try tensor([0x22, 3, 0, 0, 0])
    }
    #expect(throws: ProtobufError(message: "field 2 should hold a whole number")) { try tensor([0x12, 0]) }
  }

  @Test func `numbers of 16 bits are rounded to the nearest, and to the even one between two`() {
    // By hand: between 2048 and 2050 halves have no number; 65504 is the largest, 2^-24 the smallest.
    #expect(ElementType.float16.rounded(2049) == 2048)
    #expect(ElementType.float16.rounded(2051) == 2052)
    #expect(ElementType.float16.rounded(65519) == 65504)
    #expect(ElementType.float16.rounded(65520) == .infinity)
    #expect(ElementType.float16.rounded(-0x1p-24) == -0x1p-24)
    #expect(ElementType.float16.rounded(0x1p-26) == 0)
    #expect(ElementType.float16.rounded(1 / 3) == 0.33325195)
    #expect(ElementType.bfloat16.rounded(257) == 256)
    #expect(ElementType.bfloat16.rounded(259) == 260)
    #expect(ElementType.bfloat16.rounded(.nan).isNaN)
  }
}
