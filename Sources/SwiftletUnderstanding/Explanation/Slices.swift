// SPDX-License-Identifier: Apache-2.0
//
// Slices: in which part of the rows a model is worse than elsewhere.
//
// Every part of a column is looked at, and every pair of parts of two columns: the mean loss of its rows against that of all
// others. What is reported is more than chance for the number of slices that were looked at, and large enough to matter. A
// slice that is bad only because it shares rows with one before it is not told.
//
// Shapes    N rows
// Before    WelchTest.swift     After    PartialDependence.swift
// Source    Chung et al., "Slice Finder: Automated Data Slicing for Model Validation" (2019), sections 2 and 3

import SwiftletFormats
import SwiftletModels
import SwiftletTables

/// A part of the rows in which the loss is greater.
public struct Slice: Codable, Equatable, Sendable {
  /// One or two conditions, such as `sex = female`.
  public let conditions: [String]
  /// The number of rows that meet them.
  public let rowCount: Int
  /// The mean loss of these rows, each as in ``AnsweredRows/losses``.
  public let loss: Double
  /// The mean loss of all other rows.
  public let otherLoss: Double
  /// Their difference in standard deviations of a row.
  public let effect: Double
  /// Welch's t of the difference.
  public let t: Double
  /// The probability of as great a difference by chance, if only this slice had been looked at.
  public let p: Double
}

/// The slices in which a model is worse.
public struct Slices: Codable, Equatable, Sendable {
  /// The number of rows.
  public let rowCount: Int
  /// The number of slices that were looked at.
  public let testedCount: Int
  /// The fewest rows that a slice may have.
  public let leastRowCount: Int
  /// The slices that are more than chance, the surest first.
  public let slices: [Slice]

  /// The difference that is worth telling, in standard deviations of a row.
  public static let leastEffect = 0.3
  /// The part of the slices that may be told although they are chance.
  public static let falseDiscoveryRate = 0.05
  /// Of more columns, only these many are paired: the ones with the surest parts.
  static let mostPaired = 100

  /// Looks for slices by the columns of the model.
  ///
  /// - Parameters:
  ///   - rows: Rows that the model was not trained on.
  ///   - limit: The most slices that are told.
  /// - Throws: `DataError` if the rows are pictures, which have no columns.
  /// - Complexity: O(F² · N) for F columns.
  public init(_ rows: AnsweredRows, limit: Int = 10) throws {
    let bundle = rows.judged.bundle
    guard bundle.pipeline.isTabular else {
      throw DataError("A row of this model is one picture, so there are no columns to make slices of.")
    }
    let columns = bundle.pipeline.columnNames.compactMap { rows.judged.table[$0] }
    self.init(rows.losses, columns, rows: rows.judged.rows, limit: limit)
  }

  /// The same of any losses.
  init(_ losses: [Double], _ columns: [Column], rows: [Int32], limit: Int = 10) {
    rowCount = losses.count
    let least = max(20, Int((0.02 * Double(losses.count)).rounded(.up)))
    leastRowCount = least
    let parts = columns.compactMap { ColumnParts($0, rows: rows, leastCount: least) }
    let search = SliceSearch(losses, parts, leastRowCount: least)
    testedCount = search.candidates.count
    slices = search.distinct(limit: limit)
  }

  /// The members of this struct, in an object.
  public var json: JSONValue {
    let found: [JSONValue] = slices.map {
      [
        "conditions": JSONValue($0.conditions), "rows": JSONValue($0.rowCount), "loss": .number($0.loss),
        "other_loss": .number($0.otherLoss), "effect": .number($0.effect), "t": .number($0.t), "p": .number($0.p),
      ]
    }
    return [
      "rows": JSONValue(rowCount), "tested": JSONValue(testedCount), "least_rows": JSONValue(leastRowCount),
      "slices": .array(found),
    ]
  }
}

/// The slices that are looked at, with their tests.
private struct SliceSearch {
  /// A part of a column, or of two.
  struct Condition: Equatable {
    let column: Int
    let part: Int
  }

  struct Candidate {
    let conditions: [Condition]
    let own: Moments
    let test: WelchTest
  }

  private let losses: [Double]
  private let center: Double
  private let total: Moments
  private let parts: [ColumnParts]
  private let least: Int
  private(set) var candidates: [Candidate] = []

  init(_ losses: [Double], _ parts: [ColumnParts], leastRowCount: Int) {
    // Sums of squares are taken around the mean, where they keep their digits.
    let middle = mean(losses)
    center = middle
    self.losses = losses.map { $0 - middle }
    self.parts = parts
    least = leastRowCount
    var all = Moments()
    for loss in self.losses { all.add(loss) }
    total = all
    var surest = Array(repeating: 1.0, count: parts.count)
    for column in parts.indices {
      for candidate in singles(column, all) {
        candidates.append(candidate)
        surest[column] = min(surest[column], candidate.test.p)
      }
    }
    let paired = parts.indices.sorted { surest[$0] != surest[$1] ? surest[$0] < surest[$1] : $0 < $1 }
      .prefix(Slices.mostPaired).sorted()
    for (position, first) in paired.enumerated() {
      for second in paired[(position + 1)...] { candidates += pairs(first, second, all) }
    }
  }

  private func singles(_ column: Int, _ all: Moments) -> [Candidate] {
    var moments = parts[column].names.map { _ in Moments() }
    for (row, code) in parts[column].codes.enumerated() where code >= 0 { moments[code].add(losses[row]) }
    return moments.enumerated().compactMap { candidate([Condition(column: column, part: $0)], $1, all) }
  }

  private func pairs(_ first: Int, _ second: Int, _ all: Moments) -> [Candidate] {
    let width = parts[second].names.count
    var moments = Array(repeating: Moments(), count: parts[first].names.count * width)
    for row in losses.indices {
      let (a, b) = (parts[first].codes[row], parts[second].codes[row])
      if a >= 0, b >= 0 { moments[a * width + b].add(losses[row]) }
    }
    return moments.enumerated().compactMap { position, own in
      let conditions = [
        Condition(column: first, part: position / width), Condition(column: second, part: position % width),
      ]
      return candidate(conditions, own, all)
    }
  }

  private func candidate(_ conditions: [Condition], _ own: Moments, _ all: Moments) -> Candidate? {
    guard Int(own.count) >= least, Int(all.count - own.count) >= least,
      let test = WelchTest(own, against: all - own)
    else { return nil }
    return Candidate(conditions: conditions, own: own, test: test)
  }

  /// The slices that are more than chance, each still so without the rows of those before it.
  func distinct(limit: Int) -> [Slice] {
    let bound = discoveryBound(candidates.map(\.test.p), rate: Slices.falseDiscoveryRate)
    func isTold(_ test: WelchTest) -> Bool { test.p <= bound && test.effect >= Slices.leastEffect }
    var isTaken = Array(repeating: false, count: losses.count)
    var told: [Slice] = []
    for candidate in candidates.filter({ isTold($0.test) }).sorted(by: { $0.test.t > $1.test.t }) {
      guard told.count < limit else { break }
      let isIn = losses.indices.map { row in
        candidate.conditions.allSatisfy { parts[$0.column].codes[row] == $0.part }
      }
      var own = Moments()
      var others = Moments()
      for row in losses.indices where !isTaken[row] {
        if isIn[row] { own.add(losses[row]) } else { others.add(losses[row]) }
      }
      guard Int(own.count) >= least, let test = WelchTest(own, against: others), isTold(test) else { continue }
      for row in losses.indices where isIn[row] { isTaken[row] = true }
      told.append(slice(candidate))
    }
    return told
  }

  private func slice(_ candidate: Candidate) -> Slice {
    Slice(
      conditions: candidate.conditions.map { parts[$0.column].names[$0.part] }, rowCount: Int(candidate.own.count),
      loss: center + candidate.own.mean, otherLoss: center + (total - candidate.own).mean,
      effect: candidate.test.effect, t: candidate.test.t, p: candidate.test.p)
  }
}
