// SPDX-License-Identifier: Apache-2.0
//
// Table: columns of data, each with a type, and with values that may be missing.
//
// Before    Columns/Column.swift     After    Columns/Joining.swift

import SwiftletFormats

/// Columns of one length.
public struct Table: Sendable, Equatable {
  /// The columns in their order.
  public let columns: [Column]
  /// N, the number of rows.
  public let rowCount: Int
  /// The position of the column with a name.
  private let positions: [String: Int]

  /// A table of columns that are equally long.
  public init(_ columns: [Column]) throws {
    let counts = Set(columns.map(\.count))
    guard counts.count <= 1 else {
      throw DataError("The columns of a table must be equally long, but they have \(counts.sorted()) rows.")
    }
    self.init(unchecked: columns, rowCount: counts.first ?? 0)
  }

  private init(unchecked columns: [Column], rowCount: Int) {
    self.columns = columns
    self.rowCount = rowCount
    positions = Dictionary(columns.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The names in their order.
  public var columnNames: [String] { columns.map(\.name) }
  /// The numbers of all rows.
  package var allRows: [Int32] { (0..<rowCount).map { Int32(truncatingIfNeeded: $0) } }

  /// The column with a name, or `nil`.
  public subscript(name: String) -> Column? { positions[name].map { columns[$0] } }

  /// The column with a name, or an error that suggests the nearest.
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
    let names = Set(names)
    return Table(unchecked: columns.filter { names.contains($0.name) }, rowCount: rowCount)
  }
}
