// SPDX-License-Identifier: Apache-2.0
//
// MissingSpellings: the texts that mean "there is no value".
//
// Before    Columns/Joining.swift     After    Cell.swift

import SwiftletFormats

/// Spellings that mean "there is no value".
public struct MissingSpellings: Sendable, Equatable {
  /// The spellings that are missing where nothing else is said.
  public static let standard = MissingSpellings(["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?"])
  /// The texts, exactly as they are written.
  public let spellings: [String]
  private let bytes: [[UInt8]]
  private let longest: Int
  /// Whether one reads as a number, such as -999, and must be looked for among the numbers too.
  let includesNumbers: Bool

  /// Spellings of your own.
  public init(_ spellings: [String]) {
    self.spellings = spellings
    bytes = spellings.map { Array($0.utf8) }
    longest = bytes.map(\.count).max() ?? 0
    includesNumbers = bytes.contains { $0.withUnsafeBufferPointer { parseNumber($0) } != nil }
  }

  /// Whether a cell of a text file is one of them. Spaces around it do not count, as they do not around a number.
  func contains(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
    var cell = cell[...]
    while let last = cell.last, last == 0x20 || last == 0x09 { cell = cell.dropLast() }
    while let first = cell.first, first == 0x20 || first == 0x09 { cell = cell.dropFirst() }
    return cell.count <= longest && bytes.contains { $0.count == cell.count && $0.elementsEqual(cell) }
  }

  /// Whether a text of JSON or of a database is one of them.
  func contains(_ text: String) -> Bool { spellings.contains(text) }
}
