// SPDX-License-Identifier: Apache-2.0
//
// Building a column cell by cell, and finding its type on the way.
//
// A column is taken for numbers as long as every cell is one, so that a numeric file is never kept as
// text. A cell that is no number after many that were means that the first guess was wrong; the reader
// then goes through the file a second time and keeps that column as text from the beginning.
//
// Before    Table.swift     After    TableReader.swift

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

  /// Whether a cell is one of them. Spaces around it do not count, as they do not around a number.
  func contains(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
    var cell = cell[...]
    while let last = cell.last, last == 0x20 || last == 0x09 { cell = cell.dropLast() }
    while let first = cell.first, first == 0x20 || first == 0x09 { cell = cell.dropFirst() }
    return cell.count <= longest && bytes.contains { $0.count == cell.count && $0.elementsEqual(cell) }
  }
}

/// Collects the cells of one column.
struct ColumnBuilder {
  let name: String
  let override: ColumnType?
  private let missing: MissingSpellings
  private let numbers = NumbersBuilder()
  private var codes: [Int32] = []
  private var categories: [String] = []
  private var positions: [String: Int32] = [:]
  /// Rows before the first value: they are missing, of whatever type.
  private var leadingMissing = 0
  private var kind: Kind

  private enum Kind { case undecided, numbers, text }

  /// Numbers came first and text later: the column must be read again as text.
  private(set) var mustBeReadAgain = false

  init(name: String, override: ColumnType?, missing: MissingSpellings, asText: Bool) {
    (self.name, self.override, self.missing) = (name, override, missing)
    kind = asText || (override != nil && override != .number) ? .text : override == .number ? .numbers : .undecided
  }

  /// Adds the cells that a column has in a batch of records.
  ///
  /// - Returns: The first record whose cell the column cannot hold, with the reason.
  mutating func append(_ batch: CSVBatch, _ column: Int) -> (record: Int, error: CellError)? {
    var record = 0
    while true {
      if kind == .numbers, !missing.includesNumbers { record = numbers.append(batch, column, from: record) }
      guard record < batch.recordCount else { return nil }
      do throws(CellError) {
        try append(batch.field(record, column))
      } catch {
        return (record, error)
      }
      record += 1
    }
  }

  /// Adds one cell of a text file.
  ///
  /// - Throws: A message where the cell is no number though it must be one, or an infinite one.
  private mutating func append(_ cell: UnsafeBufferPointer<UInt8>) throws(CellError) {
    if missing.contains(cell) { return appendMissing() }
    switch kind {
    case .text:
      try append(category: text(cell))
    case .undecided, .numbers:
      if let number = parseWritten(cell) {
        guard number.value.isFinite else { throw CellError.notFinite(text(cell)) }
        begin(.numbers)
        numbers.append(number)
      } else if kind == .undecided {
        begin(.text)
        try append(category: text(cell))
      } else if override == .number {
        throw CellError.notANumber(text(cell))
      } else {
        mustBeReadAgain = true
        numbers.append(.nan)
      }
    }
  }

  /// Adds a value of JSON.
  mutating func append(_ value: JSONValue) throws(CellError) {
    switch value {
    case .null: appendMissing()
    case .number(let number) where kind != .text:
      guard number.isFinite else { throw CellError.notFinite(number.description) }  // SQLite has infinities
      begin(.numbers)
      numbers.append(
        WrittenNumber(
          value: number, places: 0, isShortestWhole: number == number.rounded() && number.magnitude < 0x1p53))
    case .string(let text) where missing.spellings.contains(text): appendMissing()
    default:
      let text = value.string ?? value.encoded()
      if kind == .numbers {
        guard override != .number else { throw CellError.notANumber(text) }
        mustBeReadAgain = true
        numbers.append(.nan)
      } else {
        begin(.text)
        try append(category: text)
      }
    }
  }

  mutating func appendMissing() {
    switch kind {
    case .undecided: leadingMissing += 1
    case .numbers: numbers.append(.nan)
    case .text: codes.append(-1)
    }
  }

  private mutating func begin(_ newKind: Kind) {
    guard kind == .undecided else { return }
    kind = newKind
    if newKind == .numbers { for _ in 0..<leadingMissing { numbers.append(.nan) } }
    if newKind == .text { codes = Array(repeating: -1, count: leadingMissing) }
  }

  private mutating func append(category: String) throws(CellError) {
    if let position = positions[category] { return codes.append(position) }
    if override == .boolean, !ColumnBuilder.areBooleans(categories + [category]) {
      throw CellError.notABoolean(category)
    }
    let position = Int32(categories.count)
    positions[category] = position
    categories.append(category)
    codes.append(position)
  }

  private func text(_ cell: UnsafeBufferPointer<UInt8>) -> String { String(decoding: cell, as: UTF8.self) }

  /// The column, with the type that its values have.
  func finish() -> Column {
    switch kind {
    case .undecided:
      return Column(
        name: name, type: .number, values: .numbers(Numbers(repeatElement(.nan, count: leadingMissing))))
    case .numbers:
      return Column(
        name: name, type: .number, values: .numbers(numbers.finish()), isCanonical: numbers.isCanonical)
    case .text:
      return finishText()
    }
  }

  /// Text is two truth values, categories, or text, by how many distinct values there are.
  private func finishText() -> Column {
    if let truth = truthSpellings, override == nil || override == .boolean {
      let order = categories.map { truth[1] == $0 ? Int32(1) : 0 }
      let values = codes.map { $0 < 0 ? -1 : order[Int($0)] }
      return Column(name: name, type: .boolean, values: .codes(values, categories: truth))
    }
    let isCategory = categories.count <= 20 || (categories.count <= 1000 && categories.count * 20 <= codes.count)
    let sorted = sortedLabels(categories)
    var order = Array(repeating: Int32(0), count: categories.count)
    for (position, label) in sorted.enumerated() { order[Int(positions[label] ?? 0)] = Int32(position) }
    return Column(
      name: name, type: override ?? (isCategory ? .category : .text),
      values: .codes(codes.map { $0 < 0 ? -1 : order[Int($0)] }, categories: sorted))
  }

  /// What false and true are spelled like, in lower case. 0 and 1 are numbers unless the type is given.
  private static let truthPairs = [["false", "true"], ["no", "yes"], ["f", "t"], ["n", "y"], ["0", "1"]]

  /// Whether at most one spelling of false and one of true, of the same pair, are among the values.
  private static func areBooleans(_ values: [String]) -> Bool {
    let lowered = values.map { $0.lowercased() }
    return Set(lowered).count == lowered.count
      && truthPairs.contains { pair in lowered.allSatisfy { pair.contains($0) } }
  }

  /// The spellings of false and true, where the values are those and no others.
  ///
  /// A column whose type is given may hold only one of the two: a few new rows are boolean all the same.
  private var truthSpellings: [String]? {
    let isGiven = override == .boolean
    guard isGiven || categories.count == 2, ColumnBuilder.areBooleans(categories) else { return nil }
    let pair = ColumnBuilder.truthPairs.first { pair in categories.allSatisfy { pair.contains($0.lowercased()) } }
    guard let pair, isGiven || pair != ["0", "1"] else { return nil }
    return pair.map { word in categories.first { $0.lowercased() == word } ?? word }
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

/// Labels in the order in which they are numbered: as numbers where all are numbers, else by code point.
package func sortedLabels(_ labels: [String]) -> [String] {
  let numbers = labels.map { label in
    var label = label
    return label.withUTF8 { parseNumber($0) }
  }
  let byText: (String, String) -> Bool = { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
  guard numbers.allSatisfy({ $0 != nil }) else { return labels.sorted(by: byText) }
  return zip(labels, numbers.map { $0 ?? 0 }).sorted { $0.1 == $1.1 ? byText($0.0, $1.0) : $0.1 < $1.1 }.map(\.0)
}
