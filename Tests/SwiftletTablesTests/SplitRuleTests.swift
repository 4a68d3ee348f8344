// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import SwiftletTables
import SwiftletTensors
import Testing

/// The rule once more, word for word: within each class the rows in the order of h(i ^ (seed << 32)),
/// h(x) = mix(x + 0x9E3779B97F4A7C15), the first Int(fraction · n + 0.5) chosen; then the same among the rest.
private func naiveSplits(_ classes: [Int32], test: Double, validation: Double, seed: UInt64) -> [Split] {
  func h(_ row: Int) -> UInt64 {
    var z = (UInt64(row) ^ (seed << 32)) &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
  var splits = classes.map { _ in Split.train }
  for (part, fraction) in [(Split.test, test), (.validation, validation)] {
    for k in Set(classes) {
      let rows = classes.indices.filter { classes[$0] == k && splits[$0] == .train }.sorted { h($0) < h($1) }
      let count = Int(fraction * Double(rows.count) + 0.5)
      for row in rows.prefix(min(count, rows.count - 1)) { splits[row] = part }
    }
  }
  return splits
}

@Suite("The split's rule")
struct SplitRuleTests {
  @Test("agrees with the rule written out in the plainest way", arguments: UInt64(0)..<20)
  func naiveTwin(seed: UInt64) {
    var generator = Generator(seed: seed)
    let classes = (0..<150).map { _ in Int32(generator.below(4)) }
    let (test, validation) = (generator.uniform() * 0.6, generator.uniform() * 0.6)
    #expect(
      Split.byRule(classes: classes, test: test, validation: validation, seed: seed)
        == naiveSplits(classes, test: test, validation: validation, seed: seed))
  }

  @Test(
    "gives more of the split columns that ship, row by row",
    arguments: [("penguins/penguins.csv", "species"), ("bikes/bikes.csv", nil)] as [(String, String?)])
  func shippedSplits(file: String, target: String?) throws {
    let table = try TableReader().readCSV(.file(datasets + file))
    var classes = Array(repeating: Int32(0), count: table.rowCount)
    if let target {
      classes = classNumbers(try table.column(target, for: "test"))
    }
    let expected = (0..<table.rowCount).map { table["split"]?.text(at: $0) }
    #expect(
      Split.byRule(classes: classes, test: 0.2, validation: 0, seed: 34).map { Optional($0.rawValue) } == expected)
  }

  @Test("chooses the same test rows with and without validation")
  func independent() {
    let classes = (0..<200).map { Int32($0 % 3) }
    let with = Split.byRule(classes: classes, test: 0.2, validation: 0.25, seed: 5)
    let without = Split.byRule(classes: classes, test: 0.2, validation: 0, seed: 5)
    #expect(with.map { $0 == .test } == without.map { $0 == .test })
    #expect(with == Split.addingValidation(0.25, to: without, classes: classes, seed: 5))
  }

  @Test("counts by hand: 10 rows and a half, a class of one, and nothing chosen")
  func counts() {
    func count(_ rows: Int, _ test: Double, _ validation: Double = 0) -> [Int] {
      let splits = Split.byRule(classes: Array(repeating: 0, count: rows), test: test, validation: validation, seed: 1)
      return Split.allCases.map { part in splits.count { $0 == part } }
    }
    #expect(count(10, 0.25, 0.1) == [6, 1, 3])  // 2.5 + 0.5 = 3 test; 0.7 + 0.5 = 1 validation
    #expect(count(10, 0, 0) == [10, 0, 0])
    #expect(count(1, 0.9, 0.9) == [1, 0, 0])  // the last row of a class goes on teaching
    #expect(count(2, 0.9, 0.9) == [1, 0, 1])
    #expect(count(0, 0.2) == [0, 0, 0])
  }

  @Test("groups go as a whole, at about the fractions asked for, and one group alone teaches", arguments: UInt64(0)..<5)
  func groups(seed: UInt64) {
    var generator = Generator(seed: seed)
    let groups = (0..<1000).map { _ in Int32(generator.below(100)) * 7 - 50 }
    let splits = Split.byGroup(groups: groups, test: 0.2, validation: 0.25, seed: seed)
    var splitOf: [Int32: Split] = [:]
    for (group, split) in zip(groups, splits) {
      #expect(splitOf[group, default: split] == split)
      splitOf[group] = split
    }
    #expect(splitOf.values.count { $0 == .test } == 20)
    #expect(splitOf.values.count { $0 == .validation } == 20)
    #expect(Set(Split.byGroup(groups: [4, 4, 4], test: 0.5, validation: 0.5, seed: seed)) == [.train])
    #expect(Split.byGroup(groups: [], test: 0.5, validation: 0.5, seed: seed).isEmpty)
  }

  @Test("validation groups are chosen among the training rows of a split that is there already", arguments: 0..<5)
  func validationGroups(seed: UInt64) {
    let groups = (0..<300).map { Int32($0 % 30) }
    let splits = groups.map { $0 < 10 ? Split.test : .train }
    let with = Split.addingValidation(0.2, to: splits, groups: groups, seed: seed)
    var partsOfGroup: [Int32: Set<Split>] = [:]
    for (group, part) in zip(groups, with) { partsOfGroup[group, default: []].insert(part) }
    #expect(partsOfGroup.values.allSatisfy { $0.count == 1 })
    #expect(zip(splits, with).allSatisfy { ($0 == .test) == ($1 == .test) })
    #expect(partsOfGroup.values.count { $0 == [.validation] } == 4)
  }

  @Test("a part that is no fraction stops with a sentence")
  func badFraction() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Split.byRule(classes: [0, 0], test: .infinity, validation: 0, seed: 0)
    }
    let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(said.contains("Split: the part of the rows that is test is from 0 up to but not including 1, not inf"))
  }
}
