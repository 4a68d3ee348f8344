// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import SwiftletTables
import SwiftletTensors
import Testing

/// The data sets that ship, found from this file.
let datasets = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/Datasets/"

@Suite("Splits")
struct SplitTests {
  @Test(
    "the rule gives the split columns that ship, row by row",
    arguments: [
      ("iris/iris.csv", "species", true), ("wine/wine.csv", "cultivar", true),
      ("breast-cancer/breast_cancer.csv", "diagnosis", true),
      ("german-credit/german_credit.csv", "credit_risk", true), ("heart-disease/heart_disease.csv", "disease", true),
      ("concrete/concrete.csv", "strength_mpa", false), ("wage/wage.csv", "wage_kusd", false),
    ])
  func shippedSplits(file: String, target: String, isClassification: Bool) throws {
    let table = try TableReader().readCSV(.file(datasets + file))
    let classes: [Int32]
    if isClassification {
      classes = classNumbers(try table.column(target, for: "test"))
    } else {
      classes = Array(repeating: 0, count: table.rowCount)
    }
    let expected = (0..<table.rowCount).map { table["split"]?.text(at: $0) }
    #expect(
      Split.byRule(classes: classes, test: 0.2, validation: 0, seed: 34).map { Optional($0.rawValue) } == expected)
  }

  @Test("partition the rows, keep every class in training, and depend on the seed", arguments: UInt64(0)..<10)
  func laws(seed: UInt64) {
    var generator = Generator(seed: seed)
    let classes = (0..<100).map { _ in Int32(generator.below(3)) } + [3]
    let splits = Split.byRule(classes: classes, test: 0.2, validation: 0.1, seed: seed)
    #expect(splits.count == classes.count)
    for k in Int32(0)...3 { #expect(zip(classes, splits).contains { $0 == k && $1 == .train }) }
    #expect(splits.contains(.validation) && splits.contains(.test))
    #expect(splits != Split.byRule(classes: classes, test: 0.2, validation: 0.1, seed: seed + 1))
  }

  @Test("keep groups together")
  func groups() {
    let groups = (0..<90).map { Int32($0 % 9) }
    let splits = Split.byGroup(groups: groups, test: 0.3, validation: 0.2, seed: 1)
    for group in Int32(0)..<9 { #expect(Set(zip(groups, splits).filter { $0.0 == group }.map(\.1)).count == 1) }
    #expect(Set(splits) == Set(Split.allCases))
  }
}

/// The class of each row, by the order of their names.
func classNumbers(_ column: Column) -> [Int32] {
  let names = (0..<column.count).map { column.text(at: $0) ?? "" }
  let sorted = sortedLabels(Array(Set(names)))
  return names.map { name in Int32(sorted.firstIndex(of: name) ?? 0) }
}
