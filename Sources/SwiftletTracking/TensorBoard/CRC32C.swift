// SPDX-License-Identifier: Apache-2.0
//
// CRC-32C: a check sum that notices bytes that were damaged on their way.
//
// It is the remainder of the bytes, read as one long polynomial over the field of two elements, after a division by the
// polynomial of Castagnoli. A table has the remainder of each byte, so a byte costs one look-up.
//
// Before    Runs/RebuildingRuns.swift     After    EventRecord.swift
// Source    RFC 3720, appendix B.4; TFRecord, "Masked CRC-32C"

/// The check sum of Castagnoli.
enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { rest, _ in rest >> 1 ^ (rest & 1 == 1 ? 0x82F6_3B78 : 0) }
  }

  /// The check sum of some bytes.
  static func sum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(UInt32.max) { rest, byte in table[Int(UInt8(truncatingIfNeeded: rest) ^ byte)] ^ rest >> 8 }
  }

  /// The check sum as it stands beside its bytes in a file of records: turned and shifted, since the sum of bytes that
  /// hold their own sum tells little.
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let sum = sum(bytes)
    return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
  }
}
