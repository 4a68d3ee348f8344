// SPDX-License-Identifier: Apache-2.0
//
// Building a column cell by cell, and finding its type on the way.
//
// A column is taken for numbers as long as every cell is one, so that a numeric file is never kept as
// text. A word after many numbers means that the first guess was wrong; the reader then goes through the file a
// second time and keeps that column as text from the beginning. At the end, all of the text decides what it is.
//
// Before    WordInference.swift     After    Columns/Labels.swift

import SwiftletFormats

/// Collects the cells of one column.
struct ColumnBuilder {
  let name: String
  let override: ColumnType?
  /// The unit in which the places of cells count: `line` or `row`.
  private let placeNoun: String
  private let cells: CellReader
  private let numbers = NumbersBuilder()
  private var codes: [Int32] = []
  private var categories: [String] = []
  private var positions: [String: Int32] = [:]
  /// The place where each category occurs first.
  private var places: [Int] = []
  /// Whether texts were in quotes that mean something, as those of JSON do.
  private var areQuoted = false
  /// Number of cells with each spelling of nothing; the last is for cells that are not there.
  private var missingCounts: [Int]
  /// Rows before the first value: they are missing, of whatever type.
  private var leadingMissing = 0
  private var kind: Kind

  private enum Kind { case undecided, numbers, text }

  /// Numbers came first and text later: the column must be read again as text.
  private(set) var mustBeReadAgain = false

  init(name: String, override: ColumnType?, cells: CellReader, asText: Bool, placeNoun: String) {
    self.name = name
    self.override = override
    self.cells = cells
    self.placeNoun = placeNoun
    missingCounts = Array(repeating: 0, count: cells.options.missing.spellings.count + 1)
    switch override {
    case .number, .date: kind = .numbers
    case nil: kind = asText ? .text : .undecided
    default: kind = .text
    }
  }

  /// Whether no cell has a value.
  var isEmpty: Bool { kind == .undecided }

  private var expectation: CellExpectation {
    switch override {
    case .number: .number
    case .date: .date
    default: kind == .text ? .text : .anything
    }
  }

  /// Adds the cells that a column has in a batch of records.
  ///
  /// - Returns: The first record whose cell the column cannot hold, with the reason.
  mutating func append(_ batch: CSVBatch, _ column: Int) -> (record: Int, error: CellError)? {
    let isFast = override != .date && !cells.options.missing.includesNumbers && cells.readsPlainNumbers
    var record = 0
    while true {
      // Numbers in a row take the fast way; any other cell is read alone.
      if kind == .numbers, isFast { record = numbers.append(batch, column, from: record) }
      guard record < batch.recordCount else { return nil }
      do throws(CellError) {
        try append(try cells.read(batch.field(record, column), as: expectation), place: batch.line(of: record))
      } catch {
        return (record, error)
      }
      record += 1
    }
  }

  /// Adds a value of JSON.
  mutating func append(_ value: JSONValue, place: Int) throws(CellError) {
    if case .string = value { areQuoted = true }
    try append(try cells.read(value, as: expectation), place: place)
  }

  private mutating func append(_ cell: Cell, place: Int) throws(CellError) {
    switch cell {
    case .missing(let spelling):
      missingCounts[spelling < 0 ? missingCounts.count - 1 : spelling] += 1
      appendNothing()
    case .number(let number):
      begin(.numbers)
      numbers.append(number)
    case .word where kind == .numbers:
      mustBeReadAgain = true
      numbers.append(.nan)
    case .word(let word):
      begin(.text)
      try append(category: word, place: place)
    }
  }

  /// Adds a cell that is not there.
  mutating func appendMissing() {
    missingCounts[missingCounts.count - 1] += 1
    appendNothing()
  }

  private mutating func appendNothing() {
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

  private mutating func append(category: String, place: Int) throws(CellError) {
    if let position = positions[category] { return codes.append(position) }
    if override == .boolean, TruthWords.value(of: category) == nil { throw .notABoolean(category) }
    let position = Int32(categories.count)
    positions[category] = position
    categories.append(category)
    places.append(place)
    codes.append(position)
  }

  // MARK: The whole column

  /// The column, with the type that its values have.
  func finish() -> Column {
    switch kind {
    case .undecided:
      let values = Numbers(repeatElement(.nan, count: leadingMissing))
      return Column(name: name, type: .number, values: .numbers(values), evidence: evidence())
    case .numbers:
      return Column(
        name: name, type: override == .date ? .date : .number, values: .numbers(numbers.finish()),
        isCanonical: override != .date && numbers.isCanonical, evidence: evidence())
    case .text:
      return finishText()
    }
  }

  private func finishText() -> Column {
    var counts = Array(repeating: 0, count: categories.count)
    for code in codes where code >= 0 { counts[Int(code)] += 1 }
    if let known = cells.known { return words(named: categories.map { known.word(for: $0) }, doubt: nil) }
    if override == .boolean { return truth(counts) }
    guard override == nil else { return words(named: names(counts), doubt: nil) }
    let words = WordCounts(
      name: name, words: categories, counts: counts, places: places, placeNoun: placeNoun)
    switch WordInference(words, cells.options, areQuoted: areQuoted) {
    case .truth: return truth(counts)
    case .numbers(let values, let style):
      let note = style == NumberStyle() ? nil : example(words, values[0])
      return numberColumn(.number, values, style, note: note)
    case .dates(let seconds): return numberColumn(.date, seconds, NumberStyle(), note: nil)
    case .words(let doubt): return self.words(named: names(counts), doubt: doubt)
    }
  }

  private func example(_ words: WordCounts, _ value: Double) -> String {
    "\"\(name)\" holds numbers such as \(quoted(categories[0])), which is read as \(JSONValue.spelling(of: value))."
  }

  private func numberColumn(_ type: ColumnType, _ values: [Double], _ style: NumberStyle, note: String?) -> Column {
    let numbers = Numbers(codes.lazy.map { $0 < 0 ? .nan : values[Int($0)] })
    return Column(
      name: name, type: type, values: .numbers(numbers), isCanonical: false, style: style,
      evidence: evidence(note: note))
  }

  /// Truth values, spelled as most of them are.
  private func truth(_ counts: [Int]) -> Column {
    let spellings = TruthWords.spellings(among: categories, counts: counts)
    let values = categories.map { Int32(TruthWords.value(of: $0) ?? 0) }
    let note =
      categories.count > 2
      ? "\"\(name)\" spells two truth values in \(categories.count) ways, which are read as "
        + "\(quoted(spellings[0])) and \(quoted(spellings[1]))." : nil
    return Column(
      name: name, type: .boolean, values: .codes(codes.map { $0 < 0 ? -1 : values[Int($0)] }, categories: spellings),
      evidence: evidence(note: note))
  }

  /// The name of each category; categories with the same meaning share one.
  private func names(_ counts: [Int]) -> [String] {
    var best: [String: Int] = [:]
    let meanings = categories.map { meaning(of: $0, ignoringCase: cells.options.ignoresCase) }
    for (position, meaning) in meanings.enumerated() {
      guard let other = best[meaning] else {
        best[meaning] = position
        continue
      }
      let isBetter =
        (counts[position], -categories[position].utf8.count) > (counts[other], -categories[other].utf8.count)
      if isBetter { best[meaning] = position }
    }
    return meanings.enumerated().map { position, meaning in categories[best[meaning] ?? position] }
  }

  /// Words: categories, or text, by how many distinct ones there are.
  private func words(named names: [String], doubt: Doubt?) -> Column {
    let distinct = Array(Set(names))
    let isCategory = distinct.count <= 20 || (distinct.count <= 1000 && distinct.count * 20 <= codes.count)
    let sorted = sortedLabels(distinct)
    let order = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1, Int32($0)) })
    let newCodes = names.map { order[$0] ?? -1 }
    return Column(
      name: name, type: override ?? (isCategory ? .category : .text),
      values: .codes(codes.map { $0 < 0 ? -1 : newCodes[Int($0)] }, categories: sorted),
      evidence: evidence(doubt: doubt, warning: isCategory ? caseWarning(sorted) : nil))
  }

  /// A sentence about words that differ only in case.
  private func caseWarning(_ words: [String]) -> String? {
    var groups: [String: [String]] = [:]
    for word in words { groups[word.lowercased(), default: []].append(word) }
    guard let group = words.lazy.compactMap({ groups[$0.lowercased()] }).first(where: { $0.count > 1 }) else {
      return nil
    }
    let list = group.map { quoted($0) }.joined(separator: ", ")
    return "\(list) in \"\(name)\" differ only in upper and lower case and count as different. "
      + "\(setFlag("source.case", "ignore")) makes them one."
  }

  private func evidence(doubt: Doubt? = nil, note: String? = nil, warning: String? = nil) -> ColumnEvidence {
    var evidence = ColumnEvidence()
    evidence.warning = warning
    evidence.doubts = doubt
    evidence.note = note
    let seen = cells.options.missing.spellings.indices.filter { missingCounts[$0] > 0 }
    let order = seen.sorted { missingCounts[$0] > missingCounts[$1] }
    evidence.missing = order.map { (cells.options.missing.spellings[$0], missingCounts[$0]) }
    return evidence
  }
}
