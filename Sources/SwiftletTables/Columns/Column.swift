// SPDX-License-Identifier: Apache-2.0
//
// Column: named values of one type, some of which may be missing.
//
// `numbers`, `codes` and `images` are the values of a column of that type, and nil for any other.
//
// Before    ImageColumn.swift     After    Table.swift

import SwiftletFormats

/// What a column holds.
public enum ColumnType: String, Sendable, CaseIterable {
  /// Numbers, kept as Double until they are standardized: Float32 ruins a timestamp.
  case number
  /// Two spellings, of false and of true.
  case boolean
  /// A day, perhaps with a time, kept as seconds since the beginning of 1970.
  case date
  /// Text with few distinct values: at most 20, or at most 1,000 that come 20 times each on average.
  case category
  /// Text with more distinct values than that, which cannot be a feature.
  case text
  /// A picture in each row.
  case image

  /// Whether a value is one cell of a table.
  public var isCell: Bool { self != .image }
}

/// A named column.
public struct Column: Sendable, Equatable {
  /// The values of a column, by its type.
  public enum Values: Sendable, Equatable {
    /// NaN is missing.
    case numbers(Numbers)
    /// Positions in the list of categories; −1 is missing. Booleans are the two categories false and true.
    case codes([Int32], categories: [String])
    /// Pictures of one size.
    case images(ImageColumn)
  }

  /// The name in the header.
  public let name: String
  /// What it holds.
  public let type: ColumnType
  /// The values of all rows.
  public let values: Values
  /// For numbers: whether every one was written as a whole number in the shortest way, so that its spelling follows
  /// from its value.
  public let isCanonical: Bool
  /// For numbers: how they were written.
  public let style: NumberStyle
  /// Observations made while the column was read.
  public let evidence: ColumnEvidence

  /// A column of values that fit its type.
  public init(
    name: String, type: ColumnType, values: Values, isCanonical: Bool = true, style: NumberStyle = NumberStyle(),
    evidence: ColumnEvidence = ColumnEvidence()
  ) {
    self.name = name
    self.type = type
    self.values = values
    self.isCanonical = isCanonical
    self.style = style
    self.evidence = evidence
  }

  /// A column whose values are not read, so that it cannot be used. All of them count as missing.
  ///
  /// - Parameter reason: The beginning of a sentence; what can be done follows.
  package static func unread(_ name: String, count: Int, _ reason: String) -> Column {
    var evidence = ColumnEvidence()
    evidence.doubts = Doubt(reason, remedies: ": " + Doubt.leavingOut(name))
    return Column(
      name: name, type: .text, values: .codes(Array(repeating: -1, count: count), categories: []),
      evidence: evidence)
  }

  /// The numbers, if they are numbers.
  public var numbers: Numbers? { if case .numbers(let numbers) = values { numbers } else { nil } }
  /// The pictures, if they are pictures.
  public var images: ImageColumn? { if case .images(let images) = values { images } else { nil } }
  /// Positions in ``categories``, where the values are words; −1 is missing.
  public var codes: [Int32]? { if case .codes(let codes, _) = values { codes } else { nil } }
  /// The distinct words, where the values are words.
  public var categories: [String]? { if case .codes(_, let categories) = values { categories } else { nil } }

  /// The values as positions in a list of distinct words; numbers are spelled. `nil` for pictures.
  package var words: (codes: [Int32], words: [String])? {
    switch values {
    case .codes(let codes, let categories): return (codes, categories)
    case .numbers(let numbers):
      let distinct = Array(Set(numbers.lazy.filter { !$0.isNaN })).sorted()
      let order = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, Int32($0)) })
      return (numbers.map { order[$0] ?? -1 }, distinct.map { spelling(of: $0) })
    case .images: return nil
    }
  }

  /// A word that begins with a digit, if most words do: 2.6K, 10-20, 3 kg. Such words are quantities more often than
  /// names.
  package var writtenQuantity: String? {
    let words = categories ?? []
    let quantities = words.filter { word in
      let first = word.unicodeScalars.first { !" +-~<>=($€£¥#.".unicodeScalars.contains($0) }
      return first?.properties.numericType == .decimal
    }
    return quantities.count * 2 > words.count ? quantities.first : nil
  }

  /// A value as text: a number, or the date that it stands for.
  private func spelling(of value: Double) -> String {
    type == .date ? CalendarDate(seconds: value).text : JSONValue.spelling(of: value)
  }

  /// N, the number of rows.
  public var count: Int {
    switch values {
    case .numbers(let numbers): numbers.count
    case .codes(let codes, _): codes.count
    case .images(let images): images.count
    }
  }

  /// Number of rows without a value.
  public var missingCount: Int {
    switch values {
    case .numbers(let numbers): numbers.count { $0.isNaN }
    case .codes(let codes, _): codes.count { $0 < 0 }
    case .images: 0
    }
  }

  /// Whether a row has no value.
  public func isMissing(at row: Int) -> Bool {
    switch values {
    case .numbers(let numbers): numbers[row].isNaN
    case .codes(let codes, _): codes[row] < 0
    case .images: false
    }
  }

  /// One value as text, or `nil` if it is missing.
  public func text(at row: Int) -> String? {
    switch values {
    case .numbers(let numbers): numbers[row].isNaN ? nil : spelling(of: numbers[row])
    case .codes(let codes, let categories): codes[row] < 0 ? nil : categories[Int(codes[row])]
    case .images: nil
    }
  }

  /// One value as JSON, `null` where it is missing.
  package func json(at row: Int) -> JSONValue {
    if type != .date, let numbers { return numbers[row].isNaN ? .null : .number(numbers[row]) }
    return text(at: row).map { .string($0) } ?? .null
  }

  /// The values of some rows.
  public func selecting(_ rows: [Int32]) -> Column {
    let selected: Values =
      switch values {
      case .numbers(let numbers): .numbers(numbers.selecting(rows))
      case .codes(let codes, let categories): .codes(rows.map { codes[Int($0)] }, categories: categories)
      case .images(let images): .images(images.selecting(rows))
      }
    return Column(name: name, type: type, values: selected, isCanonical: isCanonical, style: style, evidence: evidence)
  }
}
