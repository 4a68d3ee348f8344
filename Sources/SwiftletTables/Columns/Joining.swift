// SPDX-License-Identifier: Apache-2.0
//
// Joining: the rows of a training file and those of a test file as one table.
//
// Before    Table.swift     After    Reading/ReadingOptions.swift

extension Table {
  /// The rows of one table after those of another with the same columns.
  package static func joined(_ a: Table, _ b: Table) throws -> Table {
    guard a.columnNames == b.columnNames else {
      throw DataError("The training and the test file have different columns: \(a.columnNames) and \(b.columnNames).")
    }
    return try Table(try zip(a.columns, b.columns).map { try Column.joined($0, $1) })
  }
}

extension Column {
  /// The values of one column after those of another.
  fileprivate static func joined(_ x: Column, _ y: Column) throws -> Column {
    let isCanonical = x.isCanonical && y.isCanonical
    switch (x.values(asTextLike: y), y.values(asTextLike: x)) {
    case (.numbers(let p), .numbers(let q)):
      return Column(
        name: x.name, type: x.type, values: .numbers(.joined(p, q)), isCanonical: isCanonical, style: x.style)
    case (.images(let p), .images(let q)):
      guard let images = ImageColumn.joined(p, q) else { break }
      return Column(name: x.name, type: x.type, values: .images(images), isCanonical: isCanonical)
    case (.codes(let p, let names), .codes(let q, let others)):
      let all = sortedLabelsKeeping(names, others)
      let positions = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1, Int32($0)) })
      func renamed(_ codes: [Int32], _ names: [String]) -> [Int32] {
        codes.map { $0 < 0 ? -1 : positions[names[Int($0)]] ?? -1 }
      }
      return Column(
        name: x.name, type: commonType(x, y, categories: all),
        values: .codes(renamed(p, names) + renamed(q, others), categories: all), isCanonical: isCanonical)
    default: break
    }
    throw DataError(
      "The column \"\(x.name)\" is \(x.type.rawValue) in the training file and \(y.type.rawValue) in the test file.")
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
    // A part without any value has the type number, for want of evidence.
    return x.type == .text || y.type == .text ? .text : .category
  }

  /// The values, as codes where none is there and the other part of the column has codes.
  private func values(asTextLike other: Column) -> Values {
    guard case .codes = other.values, case .numbers = values, missingCount == count else { return values }
    return .codes(Array(repeating: -1, count: count), categories: [])
  }
}
