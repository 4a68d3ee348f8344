// SPDX-License-Identifier: Apache-2.0
//
// Cell: one value of a column, as it was written.
//
// Whether a value comes from a file, a database or a request, for training, for a test or for an answer: it is read
// here, so that it means the same everywhere.
//
// Before    MissingSpellings.swift     After    TruthWords.swift

import SwiftletFormats

/// What stands in a cell.
enum Cell {
  /// Nothing.
  case missing
  /// A number, with what its spelling says of it.
  case number(WrittenNumber)
  /// Anything else.
  case word(String)
}

/// Reads the cells of one column.
struct CellReader {
  let missing: MissingSpellings
  /// The column's own words for false and true, where it has them: JSON's truth values stand for these.
  let truthWords: [String]?

  /// Reads a cell of a text file.
  ///
  /// - Parameter asText: Whether what looks like a number is a word in this column.
  /// - Throws: ``CellError`` for a number that is too large.
  func read(_ cell: UnsafeBufferPointer<UInt8>, asText: Bool) throws(CellError) -> Cell {
    if missing.contains(cell) { return .missing }
    guard !asText, let number = parseWritten(cell) else { return .word(String(decoding: cell, as: UTF8.self)) }
    guard number.value.isFinite else { throw .notFinite(String(decoding: cell, as: UTF8.self)) }
    return .number(number)
  }

  /// Reads a value of JSON, or of a database.
  ///
  /// - Throws: ``CellError`` for an infinite number, which SQLite has.
  func read(_ value: JSONValue, asText: Bool) throws(CellError) -> Cell {
    switch value {
    case .null: return .missing
    case .string(let text): return missing.contains(text) ? .missing : .word(text)
    case .bool(let bool): return .word(truthWords?[bool ? 1 : 0] ?? value.encoded())
    case .number(let number) where !asText:
      guard number.isFinite else { throw .notFinite(number.description) }
      let isWhole = number == number.rounded() && number.magnitude < 0x1p53
      return .number(WrittenNumber(value: number, places: 0, isShortestWhole: isWhole))
    default: return .word(value.encoded())
    }
  }
}

/// A cell that its column cannot hold.
enum CellError: Error {
  case notANumber(String)
  case notFinite(String)
  case notABoolean(String)

  var message: String {
    switch self {
    case .notANumber(let text): "expected a number, found \(quoted(text))."
    case .notFinite(let text): "the number \(quoted(text)) is too large."
    case .notABoolean(let text):
      "expected one spelling each of false and true, no and yes, f and t, n and y, or 0 and 1, found \(quoted(text))."
    }
  }
}
