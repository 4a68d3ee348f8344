// SPDX-License-Identifier: Apache-2.0
//
// Cell: one value of a column, as it was written.
//
// Values from files, databases and requests, for training, tests and answers, are all read here, so that they mean the
// same everywhere.
//
// Before    MissingSpellings.swift     After    TruthWords.swift

import SwiftletFormats

/// The contents of a cell.
enum Cell {
  /// No value: the position of its spelling, or −1.
  case missing(Int)
  /// A number, with its spelling.
  case number(WrittenNumber)
  /// Anything else, without the spaces around it.
  case word(String)
}

/// The expected contents of a cell.
enum CellExpectation {
  /// A number if it reads as one, else a word.
  case anything
  /// A number, in whatever form.
  case number
  /// A date, which becomes a number of seconds.
  case date
  /// A word, even if it looks like a number.
  case text
}

/// Reads the cells of one column.
struct CellReader {
  let options: ReadingOptions
  /// What a model knows of the column; `nil` in training.
  var known: KnownColumn?

  /// Whether a number that looks plain is one: not if 1.234 may be more than a thousand.
  var readsPlainNumbers: Bool { options.allowsPlainNumbers && known?.style.form.thousands != .point }

  /// Reads a cell of a text file.
  ///
  /// - Throws: ``CellError`` for a cell that is not what it must be, and for a number that is too large.
  func read(_ cell: UnsafeBufferPointer<UInt8>, as expectation: CellExpectation) throws(CellError) -> Cell {
    if let spelling = options.missing.position(of: cell) { return .missing(spelling) }
    if expectation == .anything || expectation == .number, readsPlainNumbers, let number = parseWritten(cell) {
      guard number.value.isFinite else { throw .notFinite(String(decoding: cell, as: UTF8.self)) }
      return .number(number)
    }
    return try read(String(decoding: cell, as: UTF8.self).trimmingAllSpaces(), as: expectation)
  }

  /// Reads a value of JSON, or of a database.
  ///
  /// - Throws: ``CellError`` for a cell that is not what it must be, and for an infinite number, which SQLite has.
  func read(_ value: JSONValue, as expectation: CellExpectation) throws(CellError) -> Cell {
    switch value {
    case .null: return .missing(-1)
    case .string(let text):
      let text = text.trimmingAllSpaces()
      if let spelling = options.missing.position(of: text) { return .missing(spelling) }
      if expectation == .anything, !hasLeadingZero(text), let number = plainNumber(text) { return .number(number) }
      return try read(text, as: expectation)
    case .bool(let bool) where expectation == .number:
      guard known?.isZeroOrOne ?? false else { throw .notANumber(value.encoded()) }
      return .number(WrittenNumber(value: bool ? 1 : 0, places: 0, isShortestWhole: true))
    case .number(let number) where expectation == .anything || expectation == .number:
      guard number.isFinite else { throw .notFinite(number.description) }
      let isWhole = number == number.rounded() && number.magnitude < 0x1p53
      return .number(WrittenNumber(value: number, places: 0, isShortestWhole: isWhole))
    default: return try read(value.encoded(), as: expectation)
    }
  }

  /// Reads a text without spaces around it that is not missing.
  private func read(_ text: String, as expectation: CellExpectation) throws(CellError) -> Cell {
    switch expectation {
    case .anything, .text: return .word(text)
    case .number: return .number(WrittenNumber(value: try number(text), places: 0, isShortestWhole: false))
    case .date:
      guard let date = CalendarDate(text) else { throw .notADate(text) }
      return .number(WrittenNumber(value: date.seconds, places: 0, isShortestWhole: false))
    }
  }

  /// The number that a text must be.
  private func number(_ text: String) throws(CellError) -> Double {
    guard let number = NumberWithUnit(text) else {
      if known?.isZeroOrOne ?? false, let truth = TruthWords.value(of: text) { return Double(truth) }
      throw .notANumber(text)
    }
    if let style = known?.style {
      guard number.unit != "%" || style.isPercent else { throw .otherUnit(text) }
      if let value = style.form.value(of: number) { return value }
    }
    let values = options.values(of: number)
    guard let value = values.first else { throw .notANumber(text) }
    guard values.count == 1 else { throw .ambiguous(text, values[0], values[1]) }
    return value
  }

  private func plainNumber(_ text: String) -> WrittenNumber? {
    guard readsPlainNumbers else { return nil }
    var text = text
    return text.withUTF8 { parseWritten($0) }.flatMap { $0.value.isFinite ? $0 : nil }
  }
}

/// Whether a text is digits with a zero before them, as only a name has: 01067.
func hasLeadingZero(_ text: String) -> Bool {
  let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
  guard digits.first == UInt8(ascii: "0"), let second = digits.dropFirst().first else { return false }
  return second &- 48 < 10
}

/// A cell that its column cannot hold.
enum CellError: Error, Equatable {
  case notANumber(String)
  case notFinite(String)
  case notABoolean(String)
  case notADate(String)
  case otherUnit(String)
  case ambiguous(String, Double, Double)

  var message: String {
    switch self {
    case .notANumber(let text): "expected a number, found \(quoted(text))."
    case .notFinite(let text): "the number \(quoted(text)) is too large."
    case .notABoolean(let text):
      "expected true or false, yes or no, t or f, y or n, or 1 or 0, found \(quoted(text))."
    case .notADate(let text): "expected a date such as 2024-03-31 or 2024-03-31 18:30, found \(quoted(text))."
    case .otherUnit(let text): "the numbers of this column had no percent sign in training, found \(quoted(text))."
    case .ambiguous(let text, let a, let b):
      "\(quoted(text)) can be \(JSONValue.spelling(of: a)) or \(JSONValue.spelling(of: b)); write it without a sign between thousands."
    }
  }
}
