// SPDX-License-Identifier: Apache-2.0
//
// Columns that say nearly the same.
//
// If one of two such columns is shuffled, a model reads from the other what it needs, and each alone seems not to matter.
// So they are found, to be shuffled together. Numbers are alike by their correlation, words by Cramér's V with the
// correction for chance: on few rows, two columns of many words have a large V without it.
//
// Shapes    N rows, R and C distinct words of two columns
// Before    AnsweredRows.swift     After    FeatureRows.swift
// Source    Bergsma, "A bias-correction for Cramér's V and Tschuprow's T" (2013), equations 2 and 3

import Foundation
import SwiftletTables

/// Groups of columns of which each is tied to another by more than a bound: at least two names each, in their order.
///
/// - Parameters:
///   - table: Has the columns, and perhaps others.
///   - names: The columns to compare; numbers are compared with numbers, words with words.
///   - rows: The rows to look at.
///   - bound: The least |r|, or V, that ties two columns.
/// - Complexity: O(F² · N) for F columns.
public func alikeColumns(_ table: Table, names: [String], rows: [Int32], bound: Double = 0.9) -> [[String]] {
  let columns = names.compactMap { table[$0] }
  let numbers = columns.map { column in column.numbers.map { numbers in rows.map { numbers[Int($0)] } } }
  let codes = columns.map { column in column.codes.map { codes in rows.map { codes[Int($0)] } } }
  var group = Array(columns.indices)
  for second in columns.indices {
    for first in 0..<second where group[first] != group[second] {
      var strength = 0.0
      if let x = numbers[first], let y = numbers[second] { strength = correlation(x, y).magnitude }
      if let x = codes[first], let y = codes[second] { strength = cramersV(x, y) }
      guard strength > bound else { continue }
      let (kept, joined) = (min(group[first], group[second]), max(group[first], group[second]))
      for i in group.indices where group[i] == joined { group[i] = kept }
    }
  }
  return Dictionary(grouping: columns.indices) { group[$0] }.sorted { $0.key < $1.key }
    .filter { $0.value.count > 1 }.map { $0.value.map { columns[$0].name } }
}

/// Pearson's r over the rows in which neither is missing; 0 where there are fewer than ten, or one does not vary.
package func correlation(_ x: [Double], _ y: [Double]) -> Double {
  let present = x.indices.filter { !x[$0].isNaN && !y[$0].isNaN }
  guard present.count >= 10 else { return 0 }
  let centerX = present.reduce(0) { $0 + x[$1] } / Double(present.count)
  let centerY = present.reduce(0) { $0 + y[$1] } / Double(present.count)
  var xx = 0.0
  var yy = 0.0
  var xy = 0.0
  for row in present {
    xx += (x[row] - centerX) * (x[row] - centerX)
    yy += (y[row] - centerY) * (y[row] - centerY)
    xy += (x[row] - centerX) * (y[row] - centerY)
  }
  return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : 0
}

/// Cramér's V without what chance adds to it: 0 for columns that know nothing of each other, 1 where one word decides the
/// other and the other way round. A missing word counts as one of its own.
package func cramersV(_ x: [Int32], _ y: [Int32]) -> Double {
  struct Pair: Hashable {
    let x: Int32
    let y: Int32
  }
  let n = Double(x.count)
  var ofX: [Int32: Double] = [:]
  var ofY: [Int32: Double] = [:]
  var ofBoth: [Pair: Double] = [:]
  for (a, b) in zip(x, y) {
    ofX[a, default: 0] += 1
    ofY[b, default: 0] += 1
    ofBoth[Pair(x: a, y: b), default: 0] += 1
  }
  let (r, c) = (Double(ofX.count), Double(ofY.count))
  guard n > 1, r > 1, c > 1 else { return 0 }
  let meanSquare = ofBoth.reduce(0) { $0 + $1.value * $1.value / ((ofX[$1.key.x] ?? 1) * (ofY[$1.key.y] ?? 1)) } - 1
  let corrected = max(0, meanSquare - (r - 1) * (c - 1) / (n - 1))
  let rows = r - (r - 1) * (r - 1) / (n - 1)
  let columns = c - (c - 1) * (c - 1) / (n - 1)
  let most = min(rows, columns) - 1
  return most > 0 ? (corrected / most).squareRoot() : 0
}
