// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTensors
import Testing

@testable import SwiftletUnderstanding

@Suite("Slices and groups")
struct SlicesTests {
  private func moments(_ values: [Double]) -> Moments {
    var moments = Moments()
    values.forEach { moments.add($0) }
    return moments
  }

  /// People, with sex, age, city and a number of no meaning.
  private func people(_ count: Int, _ generator: inout Generator) throws -> Table {
    var lines = "sex,age,city,number\n"
    for _ in 0..<count {
      lines += "\(generator.below(2) == 0 ? "female" : "male"),\(18 + generator.below(48)),"
      lines += "c\(generator.below(5)),\(generator.normal())\n"
    }
    return try table(lines)
  }

  private func allRows(_ table: Table) -> [Int32] { (0..<Int32(table.rowCount)).map { $0 } }

  @Test("Welch's t and p, and the discoveries among many p, are those of scipy")
  func scipy() throws {
    let golden = ExplanationGolden.self
    let test = try #require(WelchTest(moments(golden.someLosses), against: moments(golden.otherLosses)))
    #expect(abs(test.t - golden.welchT) < 1e-9)
    #expect(abs(test.p - golden.welchP) < 1e-9)
    let bound = discoveryBound(golden.pValues, rate: 0.05)
    #expect(golden.pValues.map { $0 <= bound } == golden.discovered)
    #expect(golden.discovered.contains(true) && golden.discovered.contains(false))
    #expect(discoveryBound([0.5, 0.9], rate: 0.05) == 0)
    #expect(discoveryBound([], rate: 0.05) == 0)
    #expect(WelchTest(moments([1, 1]), against: moments([1, 1])) == nil)
    #expect(WelchTest(moments([1]), against: moments([1, 2])) == nil)
  }

  @Test("a slice with wrong labels, women below 30, comes first in 20 of 20 seeds")
  func planted() throws {
    for seed in 0..<20 {
      var generator = Generator(seed: UInt64(seed))
      let all = try people(1000, &generator)
      let ages = try #require(all["age"]?.numbers)
      // The loss of a model that is right with 0.8; of a third of the slice the label is turned over.
      let losses = (0..<1000).map { row -> Double in
        let isIn = all["sex"]?.text(at: row) == "female" && ages[row] < 30
        let p = min(0.99, max(0.01, 0.8 + 0.1 * generator.normal()))
        return isIn && generator.below(3) == 0 ? -log(1 - p) : -log(p)
      }
      let slices = Slices(losses, all.columns, rows: allRows(all))
      let first = try #require(slices.slices.first, "seed \(seed)")
      #expect(first.conditions.count == 2)
      #expect(first.conditions[0] == "sex = female", "seed \(seed): \(first.conditions)")
      #expect(first.conditions[1].hasPrefix("age ≤ "), "seed \(seed): \(first.conditions)")
      #expect(first.loss > first.otherLoss)
    }
  }

  @Test(
    "data without a bad slice: at most 5 of 100 tell one, be their losses like a classifier's or like squared errors")
  func falseAlarms() throws {
    var alarms = [0, 0]
    for seed in 0..<100 {
      var generator = Generator(seed: 1000 + UInt64(seed))
      let all = try people(400, &generator)
      let rows = allRows(all)
      let logLosses = rows.map { _ in -log(1 - 0.99 * generator.uniform()) }
      let squares = rows.map { _ -> Double in
        let error = generator.normal()
        return error * error
      }
      for (position, losses) in [logLosses, squares].enumerated() {
        if !Slices(losses, all.columns, rows: rows).slices.isEmpty { alarms[position] += 1 }
      }
    }
    #expect(alarms[0] <= 5 && alarms[1] <= 5, "\(alarms)")
  }

  @Test("by hand: the means of a slice and of the others, and what is told once only")
  func byHand() throws {
    // 40 rows of b with loss 2 ± 1, 60 of a with 1 ± 1; "copy" is the same column again.
    let lines = (0..<100).map { $0 < 40 ? "b,b" : "a,a" }.joined(separator: "\n")
    let all = try table("word,copy\n\(lines)\n")
    let losses = (0..<100).map { ($0 < 40 ? 2.0 : 1.0) + ($0 % 2 == 0 ? 1 : -1) }
    let slices = Slices(losses, all.columns, rows: allRows(all))
    #expect(slices.leastRowCount == 20)
    #expect(slices.testedCount == 6)  // two parts of each column, and the two pairs that have rows
    #expect(slices.slices.map(\.conditions) == [["word = b"]])
    let slice = try #require(slices.slices.first)
    #expect(slice.rowCount == 40)
    #expect(abs(slice.loss - 2) < 1e-12 && abs(slice.otherLoss - 1) < 1e-12)
    // Variances 40/39 and 60/59.
    #expect(abs(slice.effect - 1 / ((40.0 / 39 + 60.0 / 59) / 2).squareRoot()) < 1e-12)
  }

  @Test("numbers are cut into quarters at values that occur, few are taken as they are, and missing is a part")
  func parts() throws {
    let values = (1...100).map { $0 <= 4 ? "" : "\($0)" }.joined(separator: "\n") + "\n"
    let all = try table("x\n" + values)
    let parts = try #require(ColumnParts(all.columns[0], rows: allRows(all)))
    #expect(parts.names == ["x ≤ 28", "28 < x ≤ 52", "52 < x ≤ 76", "76 < x ≤ 100", "x is missing"])
    #expect(parts.counts == [24, 24, 24, 24, 4])
    #expect(ColumnParts(all.columns[0], rows: allRows(all), leastCount: 5)?.names.count == 4)
    let few = try table("x\n1\n2\n2\n1\n7\n")
    #expect(ColumnParts(few.columns[0], rows: allRows(few))?.names == ["x = 1", "x = 2", "x = 7"])
    // Half of all values are the same: quarters that are empty do not exist.
    let lumped = try table("x\n" + (0..<80).map { "\(max(0, $0 - 60))" }.joined(separator: "\n") + "\n")
    let lumps = try #require(ColumnParts(lumped.columns[0], rows: allRows(lumped)))
    #expect(lumps.names == ["x ≤ 0", "0 < x ≤ 19"])
    #expect(lumps.counts == [61, 19])
  }

  @Test("groups by hand: chosen, found and wrongly chosen, with Wilson's intervals")
  func groups() throws {
    // Scores are x: positive is chosen. f: 4 rows, chosen 2, of 2 true ones 1; m: 4 rows, chosen 1, of 1 true ones 1.
    let all = try table("x,sex\n1,f\n2,f\n-1,f\n-2,f\n1.5,m\n-1.5,m\n-0.5,m\n-0.5,m\n")
    let bundle = try linearModel(
      all.selecting(columns: ["x"]), ClassHead(labels: ["no", "yes"]), weights: [[9]], biases: [0])
    let rows = try answered(bundle, all, Truth(labels: [1, 0, 1, 0, 1, 0, 0, 0]))
    let fairness = try Fairness(rows, by: "sex")
    #expect(fairness.positive == "yes")
    #expect(fairness.groups.map(\.name) == ["sex = f", "sex = m"])
    #expect(fairness.groups.map { $0.metrics["selection_rate"] } == [0.5, 0.25])
    #expect(fairness.groups.map { $0.metrics["true_positive_rate"] } == [0.5, 1])
    #expect(fairness.groups.map { $0.metrics["false_positive_rate"] } == [0.5, 0])
    #expect(fairness.groups.map { $0.metrics["accuracy"] } == [0.5, 1])
    let selection = try #require(fairness.groups[1].metrics.first { $0.name == "selection_rate" })
    #expect(selection.interval == Rate(successes: 1, count: 4).interval())
    #expect(fairness.smallestRatio == nil)  // too few rows
    let missing = #expect(throws: DataError.self) { try Fairness(rows, by: "sexx") }
    #expect(missing?.description.contains("Did you mean \"sex\"?") == true)
  }

  @Test("the smallest ratio of selection rates, among groups of at least 20 rows")
  func ratio() throws {
    let lines = (0..<62).map {
      "\($0 < 20 ? 1 : $0 < 30 ? 2 : $0 < 60 ? -1 : -2),\($0 < 20 ? "a" : $0 < 60 ? "b" : "c")"
    }
    let all = try table("x,group\n" + lines.joined(separator: "\n") + "\n")
    let bundle = try linearModel(
      all.selecting(columns: ["x"]), ClassHead(labels: ["no", "yes"]), weights: [[9]], biases: [3])
    let rows = try answered(bundle, all, Truth(labels: (0..<62).map { Int32($0 % 2) }))
    let fairness = try Fairness(rows, by: "group")
    // a: 20 of 20; b: 10 of 40; c has two rows and does not count.
    #expect(fairness.smallestRatio == 0.25)
  }
}
