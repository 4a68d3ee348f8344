// SPDX-License-Identifier: Apache-2.0
//
// ColumnParts: the rows by what stands in one column.
//
// Words are parts as they are, and so are a few distinct numbers. More numbers are cut into quarters, at values that occur.
// What is missing is a part of its own.
//
// Shapes    N rows, G parts
// Before    Temperature.swift     After    WelchTest.swift

import SwiftletTables

/// The parts that a column divides rows into.
struct ColumnParts: Sendable {
  /// The column's name.
  let column: String
  /// The G parts in words, such as `age ≤ 26` or `sex = female`.
  let names: [String]
  /// The part of each of the N rows; −1 for one in a part that is too small.
  let codes: [Int]
  /// The number of rows of each part.
  let counts: [Int]

  /// No more distinct numbers are parts of their own.
  private static let mostNumbers = 6

  /// `nil` for a column that has no parts, such as pictures.
  ///
  /// - Parameters:
  ///   - column: The values.
  ///   - rows: Which rows of the column.
  ///   - leastCount: A part with fewer rows is left out.
  init?(_ column: Column, rows: [Int32], leastCount: Int = 1) {
    var keys: [Int32]
    var words: [String]
    if let codes = column.codes, let categories = column.categories {
      keys = rows.map { codes[Int($0)] }
      words = categories.map { "\(column.name) = \($0)" }
    } else if let numbers = column.numbers {
      let values = rows.map { numbers[Int($0)] }
      let ends = ColumnParts.ends(of: values)
      // The first row that has the value spells it, as dates are spelled.
      let spelled = ends.map { end in
        values.firstIndex(of: end).flatMap { column.text(at: Int(rows[$0])) } ?? "\(end)"
      }
      let isExact = Set(values.filter { !$0.isNaN }).count == ends.count
      keys = values.map { value in value.isNaN ? -1 : Int32(ends.firstIndex { value <= $0 } ?? ends.count) }
      words = spelled.enumerated().map { position, end in
        if isExact { return "\(column.name) = \(end)" }
        return position == 0 ? "\(column.name) ≤ \(end)" : "\(spelled[position - 1]) < \(column.name) ≤ \(end)"
      }
    } else {
      return nil
    }
    keys = keys.map { $0 < 0 ? Int32(words.count) : $0 }
    words.append("\(column.name) is missing")
    var sizes = Array(repeating: 0, count: words.count)
    for key in keys { sizes[Int(key)] += 1 }
    let kept = words.indices.filter { sizes[$0] >= max(leastCount, 1) }
    var position = Array(repeating: -1, count: words.count)
    for (new, old) in kept.enumerated() { position[old] = new }
    self.column = column.name
    names = kept.map { words[$0] }
    counts = kept.map { sizes[$0] }
    codes = keys.map { position[Int($0)] }
  }

  /// The greatest value of each part, the last one that of all.
  private static func ends(of values: [Double]) -> [Double] {
    let sorted = values.filter { !$0.isNaN }.sorted()
    guard !sorted.isEmpty else { return [] }
    let distinct = Set(sorted)
    if distinct.count <= mostNumbers { return distinct.sorted() }
    let quarters = [0.25, 0.5, 0.75, 1].map { sorted[max(0, Int((Double(sorted.count) * $0).rounded(.up)) - 1)] }
    return Set(quarters).sorted()
  }
}
