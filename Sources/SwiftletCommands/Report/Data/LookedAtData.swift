// SPDX-License-Identifier: Apache-2.0
//
// LookedAtData: what the sections of a look at data look at.
//
// Before    Report/Comparison/StripsSection.swift     After    DataSection.swift

import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletTables
import SwiftletUnderstanding

/// Data before a training.
struct LookedAtData {
  /// A larger table is thinned evenly: the pictures of it are the same.
  static let mostRows = 20_000
  /// More columns do not fit in a page that is read.
  static let mostColumns = 16

  let data: LoadedData
  /// The columns that are predicted, if that is known.
  let targets: [String]
  /// The rows that are drawn.
  let rows: [Int32]
  /// The line of each row in its file; `nil` if the place is not one file of lines.
  let lines: [Int]?

  /// Looks at data.
  ///
  /// - Parameters:
  ///   - place: The path as it was given.
  ///   - target: The column that is predicted, if the data do not say.
  /// - Throws: `DataError` if there is no such column.
  init(_ data: LoadedData, at place: String, target: String?) throws {
    self.data = data
    if let target { _ = try data.table.column(target, for: "the target") }
    let named = data.dataset?.targets ?? []
    targets = target.map { [$0] } ?? (named.isEmpty ? data.targets : named).filter { data.table[$0] != nil }
    let count = data.table.rowCount
    let step = max(1, (count + Self.mostRows - 1) / Self.mostRows)
    rows = stride(from: 0, to: count, by: step).map { Int32($0) }
    lines = LookedAtData.lines(of: data, at: place)
  }

  /// The first target.
  var target: Column? { targets.first.flatMap { data.table[$0] } }

  /// The columns that are not targets.
  var features: [Column] { data.table.columns.filter { !targets.contains($0.name) } }

  /// What a row is called in the file.
  func place(ofRow row: Int) -> String { lines.map { "line \($0[row])" } ?? "row \(row + 1)" }

  /// The lines on which the records of a CSV begin: fields in quotes can be several lines long.
  private static func lines(of data: LoadedData, at place: String) -> [Int]? {
    var isFolder: ObjCBool = false
    var path = place
    if FileManager.default.fileExists(atPath: place, isDirectory: &isFolder), isFolder.boolValue {
      guard case .table(let name) = data.dataset?.files else { return nil }
      path = place + "/" + name
    }
    let name = path.lowercased()
    guard [".csv", ".tsv", ".csv.gz", ".tsv.gz", ".txt"].contains(where: { name.hasSuffix($0) }) else { return nil }
    var lines: [Int] = []
    do {
      try CSVReader(.file(path)).forEachBatch { batch in
        lines += (0..<batch.recordCount).map { batch.line(of: $0) }
      }
    } catch { return nil }
    return lines.count == data.table.rowCount ? lines : nil
  }

  /// How closely two columns go together, from 0 to 1: |r| of numbers, Cramér's V of words, and of words and numbers the root of
  /// the part of the spread of the numbers that the words explain (η).
  func closeness(_ a: Column, _ b: Column) -> Double {
    if let x = a.numbers, let y = b.numbers {
      return correlation(rows.map { x[Int($0)] }, rows.map { y[Int($0)] }).magnitude
    }
    if let x = a.codes, let y = b.codes { return cramersV(rows.map { x[Int($0)] }, rows.map { y[Int($0)] }) }
    guard let codes = a.codes ?? b.codes, let numbers = a.numbers ?? b.numbers else { return 0 }
    return explainedShare(of: numbers, by: codes).squareRoot()
  }

  /// The spread between the groups as a part of the whole, without what chance adds to it.
  private func explainedShare(of numbers: Numbers, by codes: [Int32]) -> Double {
    struct Group {
      var count = 0.0
      var sum = 0.0
    }
    var groups: [Int32: Group] = [:]
    var all = Group()
    var squares = 0.0
    for row in rows where !numbers[Int(row)].isNaN && codes[Int(row)] >= 0 {
      let value = numbers[Int(row)]
      groups[codes[Int(row)], default: Group()].count += 1
      groups[codes[Int(row)], default: Group()].sum += value
      all.count += 1
      all.sum += value
      squares += value * value
    }
    let (n, k) = (all.count, Double(groups.count))
    let total = squares - all.sum * all.sum / max(n, 1)
    guard n > k, k > 1, total > 0, total.isFinite else { return 0 }
    let between = groups.values.reduce(0) { $0 + $1.sum * $1.sum / $1.count } - all.sum * all.sum / n
    let error = (total - between) / (n - k)
    return min(1, max(0, (between - (k - 1) * error) / (total + error)))
  }
}

/// The numbers that divide values into quarters.
struct Quartiles {
  let low: Double
  let middle: Double
  let high: Double

  /// - Returns: `nil` if there is no finite value.
  init?(_ values: [Double]) {
    let sorted = values.filter(\.isFinite).sorted()
    guard !sorted.isEmpty else { return nil }
    func at(_ part: Double) -> Double {
      let place = part * Double(sorted.count - 1)
      let left = Int(place)
      let right = min(sorted.count - 1, left + 1)
      return sorted[left] + (place - Double(left)) * (sorted[right] - sorted[left])
    }
    low = at(0.25)
    middle = at(0.5)
    high = at(0.75)
  }
}
