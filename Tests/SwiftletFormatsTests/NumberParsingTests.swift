// SPDX-License-Identifier: Apache-2.0

import SwiftletTensors
import Testing

@testable import SwiftletFormats

/// Parses text with eight more bytes behind it, as the fast path wants.
private func short(_ text: String, behind: String = ",7777777") -> WrittenNumber? {
  let bytes = Array((text + behind).utf8)
  return bytes.withUnsafeBufferPointer { parseShort(UnsafeBufferPointer(rebasing: $0[..<text.utf8.count])) }
}

private func written(_ text: String) -> WrittenNumber? {
  Array(text.utf8).withUnsafeBufferPointer { parseWritten($0) }
}

@Suite("From digits to numbers")
struct NumberParsingTests {
  @Test("eight digits become their number", arguments: UInt64(0)..<200)
  func eightDigits(seed: UInt64) {
    var generator = Generator(seed: seed)
    let number = generator.below(100_000_000)
    let digits = "\(number)"
    let text = String(repeating: "0", count: 8 - digits.count) + digits
    let word = Array(text.utf8).withUnsafeBufferPointer { $0.baseAddress.map { DigitWord(eightAt: $0) } }
    #expect(word?.odd == 0)
    #expect(word?.value == UInt64(number))
  }

  @Test("every byte that is no digit is noticed, wherever it stands")
  func noDigits() {
    for byte in UInt8.min...UInt8.max {
      for position in 0..<8 {
        var bytes = Array("01234567".utf8)
        bytes[position] = byte
        let word = bytes.withUnsafeBufferPointer { $0.baseAddress.map { DigitWord(eightAt: $0) } }
        let isDigit = (48...57).contains(byte)
        #expect(word?.odd == (isDigit ? 0 : 0x80 << UInt64(8 * position)))
      }
    }
  }

  @Test("the fast path reads what the other path reads, or leaves it alone", arguments: UInt64(0)..<2000)
  func twin(seed: UInt64) {
    var generator = Generator(seed: seed)
    let alphabet = Array("0123456789012345678900..-+e x")
    let text = String((0..<generator.below(11)).map { _ in alphabet[generator.below(alphabet.count)] })
    guard let fast = short(text) else { return }
    let obvious = written(text)
    #expect(fast == obvious)
    #expect(fast.value.sign == obvious?.value.sign)
  }

  @Test("the fast path takes short numbers, by hand")
  func shortNumbers() {
    #expect(short("0") == WrittenNumber(value: 0, places: 0, isShortestWhole: true))
    #expect(short("007") == WrittenNumber(value: 7, places: 0, isShortestWhole: false))
    #expect(short("-12") == WrittenNumber(value: -12, places: 0, isShortestWhole: true))
    #expect(short("12345678") == WrittenNumber(value: 12_345_678, places: 0, isShortestWhole: true))
    #expect(short("0.4980") == WrittenNumber(value: 0.498, places: 4, isShortestWhole: false))
    #expect(short(".5") == WrittenNumber(value: 0.5, places: 1, isShortestWhole: false))
    #expect(short("5.") == WrittenNumber(value: 5, places: 0, isShortestWhole: false))
    for other in ["", "-", ".", "-.", "1.2.3", "1e3", " 1", "+1", "123456789", "NA", "--1", "1-1"] {
      #expect(short(other) == nil)
    }
  }

  @Test("numbers written to the last digit are rounded as the C library rounds", arguments: UInt64(0)..<500)
  func lastDigit(seed: UInt64) throws {
    var generator = Generator(seed: seed)
    // 16 to 19 digits; and the spelling of a random Double, and of what lies next to the middle of two.
    let digits = (0..<16 + generator.below(4)).map { _ in "\(generator.below(10))" }.joined()
    let point = generator.below(digits.count)
    let texts = [
      "0." + digits, "0.0000" + digits, digits.prefix(point) + "." + digits.dropFirst(point),
      "\(generator.uniform())", "\(generator.uniform() * 1000)", digits + "e-27",
      "9007199254740993.0", "9007199254740995.0", "0.5000000000000000277", "4503599627370497.500",
    ]
    for text in texts { #expect(written(String(text))?.value == Double(text)) }
  }

  @Test("a quotient exactly between two numbers goes to the even one")
  func ties() {
    // 2⁵³ + 1 and 2⁵³ + 3 lie between numbers that a Double holds.
    #expect(quotient(9_007_199_254_740_993, tenToThe: 0) == 9_007_199_254_740_992)
    #expect(quotient(9_007_199_254_740_995, tenToThe: 0) == 9_007_199_254_740_996)
    #expect(quotient(5, tenToThe: 1) == 0.5)
    #expect(quotient(0, tenToThe: 7) == 0)
    #expect(quotient(.max, tenToThe: 27) == 1.8446744073709551615e-8)
  }

  @Test("the fast scan finds what the scan by bytes finds, or the same fault", arguments: UInt64(0)..<300)
  func scanTwin(seed: UInt64) {
    var generator = Generator(seed: seed)
    let pieces = [
      "a", "70", " ", ",", ",", ",", "\n", "\n", "\r\n", "\t", "é", "\"", "\"\"", "\r", "\0", "0.123456789",
    ]
    // Most texts are plain; the later pieces come seldom.
    let kinds = 8 + generator.below(pieces.count - 7)
    let text = (0..<20 + generator.below(300)).map { _ in pieces[generator.below(kinds)] }.joined()
    for chunkSize in [16, 64, 100, 1 << 20] {
      #expect(scan(text, fast: true, chunkSize: chunkSize) == scan(text, fast: false, chunkSize: 1 << 20))
    }
  }

  /// The records with their lines, one by one, and the message of the error that ended it.
  private func scan(_ text: String, fast: Bool, chunkSize: Int) -> [String] {
    var found: [String] = []
    do {
      let scanner = try CSVScanner(.memory(Array(text.utf8), name: "t.csv"), chunkSize: chunkSize)
      scanner.usesFastPath = fast
      while let batch = try scanner.nextBatch(fieldCount: nil) {
        found.append("\(batch.line(of: 0)): " + (0..<batch.fieldCount).map { batch.text(0, $0) }.joined(separator: "|"))
      }
    } catch {
      found.append("\(error)")
    }
    return found
  }
}
