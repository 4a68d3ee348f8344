// SPDX-License-Identifier: Apache-2.0
//
// Names that can be a part of an address, and a folder.
//
// Before    ModelCard.swift     After    Version.swift

/// Whether a model can be served under a name: up to 128 letters, digits, points, hyphens and underscores, the first
/// of them a letter or a digit.
package func isServable(name: String) -> Bool {
  func isWord(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }
  guard let first = name.utf8.first, isWord(first), name.utf8.count <= 128 else { return false }
  return name.utf8.allSatisfy {
    isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
  }
}
