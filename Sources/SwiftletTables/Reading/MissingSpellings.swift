// SPDX-License-Identifier: Apache-2.0
//
// MissingSpellings: the texts that mean "there is no value".
//
// Before    KnownColumn.swift     After    Cell.swift

import SwiftletFormats

/// Spellings that mean "there is no value".
public struct MissingSpellings: Sendable, Equatable {
  /// The default: the spellings of pandas, and the question mark.
  public static let standard = MissingSpellings([
    "", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?", "n/a", "#N/A", "#NA", "<NA>", "-NaN", "-nan",
    "#N/A N/A", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN",
  ])
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

  /// These spellings and more.
  public func adding(_ more: [String]) -> MissingSpellings {
    let new = more.filter { !spellings.contains($0) }
    return new.isEmpty ? self : MissingSpellings(spellings + new)
  }

  /// These spellings without some.
  public func removing(_ others: [String]) -> MissingSpellings {
    let left = spellings.filter { !others.contains($0) }
    return left.count == spellings.count ? self : MissingSpellings(left)
  }

  /// Which of them a cell of a text file is. Spaces around it do not count, as they do not around a number.
  func position(of cell: UnsafeBufferPointer<UInt8>) -> Int? {
    var start = 0
    var end = cell.count
    // A no-break space, as web pages have it, is C2 A0.
    while start < end {
      if cell[start] == 0x20 || cell[start] == 0x09 {
        start += 1
      } else if cell[start] == 0xC2, start + 1 < end, cell[start + 1] == 0xA0 {
        start += 2
      } else {
        break
      }
    }
    while end > start {
      if cell[end - 1] == 0x20 || cell[end - 1] == 0x09 {
        end -= 1
      } else if cell[end - 1] == 0xA0, end - 1 > start, cell[end - 2] == 0xC2 {
        end -= 2
      } else {
        break
      }
    }
    guard end - start <= longest else { return nil }
    let trimmed = cell[start..<end]
    return bytes.firstIndex { $0.count == trimmed.count && $0.elementsEqual(trimmed) }
  }

  /// Which of them a text without spaces around it is.
  func position(of text: String) -> Int? { spellings.firstIndex(of: text) }
}
