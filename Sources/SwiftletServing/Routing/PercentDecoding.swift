// SPDX-License-Identifier: Apache-2.0
//
// Percent signs in paths.
//
// Before    RouteTable.swift     After    Routes.swift
// Source    RFC 3986, section 2.1

import SwiftletFormats

/// The text of a part of a path, percent signs decoded once; `nil` for a broken sequence, for control characters
/// and for what is not UTF-8.
func percentDecoded(_ text: Substring) -> String? {
  guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 < 0x20 || $0 == 0x7F }) else { return String(text) }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(text.utf8.count)
  var rest = text.utf8[...]
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "%") else {
      bytes.append(byte)
      continue
    }
    guard let high = rest.popFirst().flatMap(hexadecimalDigit), let low = rest.popFirst().flatMap(hexadecimalDigit)
    else { return nil }
    bytes.append(high << 4 | low)
  }
  guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
  return String(validating: bytes, as: UTF8.self)
}
