// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletTensors
import Testing

@testable import SwiftletFormats

@Suite("Numbers in JSON")
struct JSONNumberTests {
  private func read(_ text: String) throws -> Double {
    try Array(text.utf8).withUnsafeBufferPointer { bytes in
      var scanner = JSONScanner(bytes)
      let number = try scanner.number()
      #expect(scanner.position == bytes.count, "\(text)")
      return number
    }
  }

  @Test("every road to a number ends at the Double that the standard library reads")
  func agreesWithStandardLibrary() throws {
    var generator = Generator(seed: 3)
    for _ in 0..<20_000 {
      // From one digit to twenty-one, the point anywhere, with and without an exponent.
      let digits = (0..<Int.random(in: 1...21, using: &generator)).map { _ in Int.random(in: 0...9, using: &generator) }
      let point = Int.random(in: 0...digits.count, using: &generator)
      let whole = digits[..<point].drop { $0 == 0 }.map(String.init).joined()
      let part = digits[point...].map(String.init).joined()
      var text = (Bool.random(using: &generator) ? "-" : "") + (whole.isEmpty ? "0" : whole)
      if !part.isEmpty { text += "." + part }
      if Bool.random(using: &generator) { text += "e\(Int.random(in: -30...30, using: &generator))" }
      #expect(try read(text).bitPattern == Double(text)?.bitPattern, "\(text)")
    }
  }

  @Test("what Python writes for a Double comes back as that Double")
  func shortestText() throws {
    var generator = Generator(seed: 4)
    for _ in 0..<20_000 {
      let number = Double.random(in: -1...1, using: &generator) * (Bool.random(using: &generator) ? 1 : 1000)
      #expect(try read("\(number)") == number)
      #expect(try read("\(Float(number))") == Double("\(Float(number))"))
    }
    for byte in 0...255 { #expect(try read("\(Double(byte) / 255)") == Double(byte) / 255) }
  }

  @Test("a quotient beside the middle of two Doubles is not taken for the middle")
  func roundsOnce() throws {
    // 1 + 2⁻⁵³ is the middle between 1 and the next Double; a tie goes to the even one, which is 1.
    #expect(quotient(1 << 53 + 1, 1 << 53) == 1)
    #expect(quotient(1 << 63 + 1 << 10 + 1, 1 << 63) == 1 + .ulpOfOne)
    #expect(quotient(1 << 63 + 1 << 10 - 1, 1 << 63) == 1)
    #expect(quotient(.max, 1) == 0x1p64)
    #expect(quotient(1, .max) == 0x1p-64)
    #expect(quotient(1, 3) == 1.0 / 3)
  }

  @Test("decimals are digits up to 10¹⁵, and a power of ten from there on; advice is rounded to few digits")
  func forPeople() {
    #expect(decimals(1234.5678, 2) == "1234.57" && decimals(-0.5, 0) == "-0" && decimals(.nan, 2).contains("nan"))
    #expect(decimals(9.99e14, 1) == "999000000000000.0")
    #expect(decimals(1e15, 2) == "1.00e+15" && decimals(-1e30, 4) == "-1.0000e+30")
    #expect(rounded(0.029998301999999998, toDigits: 2) == 0.03 && rounded(1e-5, toDigits: 2) == 1e-5)
    #expect(rounded(0, toDigits: 2) == 0 && rounded(123, toDigits: 2) == 120)
  }
}
