// SPDX-License-Identifier: Apache-2.0
//
// Table: columns of data, each with a type, and with values that may be missing.
//
// Before    Columns/NumbersBuilder.swift     After    Reading/ColumnBuilder.swift

import SwiftletFormats

/// What a column holds.
public enum ColumnType: String, Sendable, CaseIterable {
  /// Numbers, kept as Double until they are standardized: Float32 ruins a timestamp.
  case number
  /// Two spellings, of false and of true.
  case boolean
  /// Text with few distinct values: at most 20, or at most 1,000 that come 20 times each on average.
  case category
  /// Text with more distinct values than that, which is no feature.
  case text
  /// A picture in each row.
  case image
}

/// Pictures of one size, as bytes from 0 to 255: a quarter of the memory that Float32 takes.
public struct ImageColumn: Sendable, Equatable {
  /// H, in pixels.
  public let height: Int
  /// W, in pixels.
  public let width: Int
  /// N · height · width bytes, row-major.
  public let bytes: [UInt8]

  /// Pictures of one size, one after the other.
  public init(height: Int, width: Int, bytes: [UInt8]) {
    (self.height, self.width, self.bytes) = (height, width, bytes)
  }

  /// H · W.
  public var pixelCount: Int { height * width }
  /// N, the number of pictures.
  public var count: Int { pixelCount == 0 ? 0 : bytes.count / pixelCount }
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
  /// For numbers: whether every one was written as a whole number in the shortest way, so that the
  /// number tells its spelling.
  public let isCanonical: Bool

  /// A column of values that fit its type.
  public init(name: String, type: ColumnType, values: Values, isCanonical: Bool = true) {
    (self.name, self.type, self.values, self.isCanonical) = (name, type, values, isCanonical)
  }

  /// The numbers, where they are numbers.
  public var numbers: Numbers? { if case .numbers(let numbers) = values { numbers } else { nil } }
  /// The pictures, where they are pictures.
  public var images: ImageColumn? { if case .images(let images) = values { images } else { nil } }
  /// Positions in ``categories``, where the values are words; −1 is missing.
  public var codes: [Int32]? { if case .codes(let codes, _) = values { codes } else { nil } }
  /// The distinct words, where the values are words.
  public var categories: [String]? { if case .codes(_, let categories) = values { categories } else { nil } }

  /// N, the number of rows.
  public var count: Int {
    switch values {
    case .numbers(let numbers): numbers.count
    case .codes(let codes, _): codes.count
    case .images(let images): images.count
    }
  }

  /// How many rows have no value here.
  public var missingCount: Int {
    switch values {
    case .numbers(let numbers): numbers.count { $0.isNaN }
    case .codes(let codes, _): codes.count { $0 < 0 }
    case .images: 0
    }
  }

  /// Whether a row has no value here.
  public func isMissing(at row: Int) -> Bool {
    switch values {
    case .numbers(let numbers): numbers[row].isNaN
    case .codes(let codes, _): codes[row] < 0
    case .images: false
    }
  }

  /// One value as text, or `nil` where it is missing.
  public func text(at row: Int) -> String? {
    switch values {
    case .numbers(let numbers): numbers[row].isNaN ? nil : JSONValue.spelling(of: numbers[row])
    case .codes(let codes, let categories): codes[row] < 0 ? nil : categories[Int(codes[row])]
    case .images: nil
    }
  }

  /// One value as JSON, `null` where it is missing.
  package func json(at row: Int) -> JSONValue {
    if let numbers { return numbers[row].isNaN ? .null : .number(numbers[row]) }
    return text(at: row).map { .string($0) } ?? .null
  }

  /// The values of some rows.
  public func selecting(_ rows: [Int32]) -> Column {
    let selected: Values =
      switch values {
      case .numbers(let numbers): .numbers(numbers.selecting(rows))
      case .codes(let codes, let categories): .codes(rows.map { codes[Int($0)] }, categories: categories)
      case .images(let images):
        .images(
          ImageColumn(
            height: images.height, width: images.width,
            bytes: Array(unsafeUninitializedCapacity: rows.count * images.pixelCount) { target, count in
              for row in rows {
                let start = Int(row) * images.pixelCount
                count = target[count...].initialize(fromContentsOf: images.bytes[start..<start + images.pixelCount])
              }
            }))
      }
    return Column(name: name, type: type, values: selected, isCanonical: isCanonical)
  }
}

/// Columns of one length.
public struct Table: Sendable, Equatable {
  /// The columns in their order.
  public private(set) var columns: [Column]
  /// N, the number of rows.
  public let rowCount: Int

  /// A table of columns that are equally long.
  public init(_ columns: [Column]) throws {
    let counts = Set(columns.map(\.count))
    guard counts.count <= 1 else {
      throw DataError("The columns of a table must be equally long, but they have \(counts.sorted()) rows.")
    }
    (self.columns, rowCount) = (columns, counts.first ?? 0)
  }

  private init(unchecked columns: [Column], rowCount: Int) { (self.columns, self.rowCount) = (columns, rowCount) }

  /// The names in their order.
  public var columnNames: [String] { columns.map(\.name) }
  /// The numbers of all rows.
  package var allRows: [Int32] { (0..<rowCount).map { Int32(truncatingIfNeeded: $0) } }

  /// The column of a name, or `nil`.
  public subscript(name: String) -> Column? { columns.first { $0.name == name } }

  /// The column of a name, or an error that suggests the nearest.
  public func column(_ name: String, for purpose: String) throws -> Column {
    guard let column = self[name] else {
      throw DataError("There is no column \"\(name)\" for \(purpose).\(suggestion(for: name, in: columnNames))")
    }
    return column
  }

  /// Some rows, in the given order.
  public func selecting(rows: [Int32]) -> Table {
    Table(unchecked: columns.map { $0.selecting(rows) }, rowCount: rows.count)
  }

  /// Some columns.
  public func selecting(columns names: [String]) -> Table {
    Table(unchecked: columns.filter { names.contains($0.name) }, rowCount: rowCount)
  }
}

extension Table {
  /// The rows of one table after those of another with the same columns.
  package static func joined(_ a: Table, _ b: Table) throws -> Table {
    guard a.columnNames == b.columnNames else {
      throw DataError("The training and the test file have different columns: \(a.columnNames) and \(b.columnNames).")
    }
    return try Table(
      try zip(a.columns, b.columns).map { x, y in
        let values: Column.Values
        var type = x.type
        switch (x.values(asTextLike: y), y.values(asTextLike: x)) {
        case (.numbers(let p), .numbers(let q)): values = .numbers(.joined(p, q))
        case (.images(let p), .images(let q)) where p.height == q.height && p.width == q.width:
          values = .images(ImageColumn(height: p.height, width: p.width, bytes: p.bytes + q.bytes))
        case (.codes(let p, let names), .codes(let q, let others)):
          let all = sortedLabelsKeeping(names, others)
          let positions = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1, Int32($0)) })
          func renamed(_ codes: [Int32], _ names: [String]) -> [Int32] {
            codes.map { $0 < 0 ? -1 : positions[names[Int($0)]] ?? -1 }
          }
          values = .codes(renamed(p, names) + renamed(q, others), categories: all)
          type = commonType(x, y, categories: all)
        default:
          throw DataError(
            "The column \"\(x.name)\" is \(x.type.rawValue) in the training file and \(y.type.rawValue) in the test file."
          )
        }
        return Column(name: x.name, type: type, values: values, isCanonical: x.isCanonical && y.isCanonical)
      })
  }

  /// The categories of both. An order that holds for both stays: booleans are false before true.
  private static func sortedLabelsKeeping(_ a: [String], _ b: [String]) -> [String] {
    if Set(b).isSubset(of: a) { return a }
    return Set(a).isSubset(of: b) ? b : sortedLabels(Array(Set(a + b)))
  }

  /// The type of a column whose parts were each taken for booleans, categories or text.
  private static func commonType(_ x: Column, _ y: Column, categories: [String]) -> ColumnType {
    if let boolean = [x, y].first(where: { $0.type == .boolean }) {
      guard case .codes(_, categories) = boolean.values else { return .category }
      return .boolean
    }
    // A part without any value is number, for want of a better guess.
    return x.type == .text || y.type == .text ? .text : .category
  }
}

extension Column {
  /// The values, as codes where none is there and the other part of the column has codes.
  fileprivate func values(asTextLike other: Column) -> Values {
    guard case .codes = other.values, case .numbers = values, missingCount == count else { return values }
    return .codes(Array(repeating: -1, count: count), categories: [])
  }
}
