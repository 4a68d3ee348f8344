// SPDX-License-Identifier: Apache-2.0
//
// Building a column cell by cell, and finding its type on the way.
//
// A column is taken for numbers as long as every cell is one, so that a numeric file is never kept as
// text. A word after many numbers means that the first guess was wrong; the reader then goes through the file a
// second time and keeps that column as text from the beginning.
//
// Before    TruthWords.swift     After    Columns/Labels.swift

import SwiftletFormats

/// Collects the cells of one column.
struct ColumnBuilder {
  let name: String
  let override: ColumnType?
  private let cells: CellReader
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

  init(name: String, override: ColumnType?, cells: CellReader, asText: Bool) {
    self.name = name
    self.override = override
    self.cells = cells
    kind = asText || (override != nil && override != .number) ? .text : override == .number ? .numbers : .undecided
  }

  /// Adds the cells that a column has in a batch of records.
  ///
  /// - Returns: The first record whose cell the column cannot hold, with the reason.
  mutating func append(_ batch: CSVBatch, _ column: Int) -> (record: Int, error: CellError)? {
    var record = 0
    while true {
      // Numbers in a row take the fast way; any other cell is read alone.
      if kind == .numbers, !cells.missing.includesNumbers { record = numbers.append(batch, column, from: record) }
      guard record < batch.recordCount else { return nil }
      do throws(CellError) {
        try append(try cells.read(batch.field(record, column), asText: kind == .text))
      } catch {
        return (record, error)
      }
      record += 1
    }
  }

  /// Adds a value of JSON.
  mutating func append(_ value: JSONValue) throws(CellError) {
    try append(try cells.read(value, asText: kind == .text))
  }

  private mutating func append(_ cell: Cell) throws(CellError) {
    switch cell {
    case .missing: appendMissing()
    case .number(let number):
      begin(.numbers)
      numbers.append(number)
    case .word(let word) where kind == .numbers:
      guard override != .number else { throw .notANumber(word) }
      mustBeReadAgain = true
      numbers.append(.nan)
    case .word(let word):
      begin(.text)
      try append(category: word)
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
    if override == .boolean, !TruthWords.areTruthValues(categories + [category]) {
      throw CellError.notABoolean(category)
    }
    let position = Int32(categories.count)
    positions[category] = position
    categories.append(category)
    codes.append(position)
  }

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
    let isGiven = override == .boolean
    if override == nil || isGiven, let truth = TruthWords.spellings(among: categories, isGiven: isGiven) {
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
}
