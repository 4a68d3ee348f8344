// SPDX-License-Identifier: Apache-2.0
//
// Eight digits at once.
//
// Eight characters fit into one 64-bit word, and three multiplications make a number of them: each step
// adds neighbors, first digits to pairs, then pairs to fours, then fours to the eight. A cell of a table is
// seldom longer, so that most numbers are read without a loop.
//
// Before    CSVBatch.swift     After    NumberParsing.swift
// Source    Lemire, "Quickly parsing eight digits" (2018); for the test of digits, Warren, "Hacker's Delight", 6-1

/// Characters of a number, the first in the lowest byte, each made the value of its digit.
struct DigitWord {
  /// A character that is not a digit has the value 10 or more.
  var bytes: UInt64

  /// Eight characters.
  ///
  /// - Parameter start: Eight bytes can be read from there on.
  @inline(__always) init(eightAt start: UnsafePointer<UInt8>) {
    bytes = UInt64(littleEndian: UnsafeRawPointer(start).loadUnaligned(as: UInt64.self)) ^ 0x3030_3030_3030_3030
  }

  @inline(__always) var beginsWithMinus: Bool { bytes & 0xFF == 0x2D ^ 0x30 }
  @inline(__always) var beginsWithZero: Bool { bytes & 0xFF == 0 }

  /// Drops the first character; the last of the others is a zero then.
  @inline(__always) mutating func dropFirst() { bytes >>= 8 }

  /// Keeps the first characters, from 1 to 8, with zeros before them.
  @inline(__always) mutating func keepFirst(_ count: Int) { bytes <<= UInt64(truncatingIfNeeded: 64 &- 8 &* count) }

  /// The top bit of every byte that is not a digit.
  @inline(__always) var odd: UInt64 {
    // 0…9 stay below 0x80 when 0x76 is added, 10…127 do not, and the others have the bit already.
    ((bytes &+ 0x7676_7676_7676_7676) | bytes) & 0x8080_8080_8080_8080
  }

  /// Takes a decimal point out.
  ///
  /// - Parameter odd: ``odd``, not zero.
  /// - Returns: The number of digits behind it, or `nil` if there is another character among the digits.
  @inline(__always) mutating func removePoint(_ odd: UInt64) -> Int? {
    let position = UInt64(truncatingIfNeeded: odd.trailingZeroBitCount & ~7)  // of the lowest odd byte, in bits
    guard odd & (odd &- 1) == 0, (bytes >> position) & 0xFF == 0x2E ^ 0x30 else { return nil }
    let before = bytes & ((1 << position) &- 1)
    bytes = bytes & ~((0xFF << position) | ((1 << position) &- 1)) | before << 8
    return 7 - Int(truncatingIfNeeded: position >> 3)
  }

  /// The number that the eight digits represent.
  @inline(__always) var value: UInt64 {
    let pairs = bytes &* 10 &+ (bytes >> 8)  // in every second byte
    let fours = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
    let others = ((pairs >> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
    return (fours &+ others) >> 32
  }
}
