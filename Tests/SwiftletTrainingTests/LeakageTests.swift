// SPDX-License-Identifier: Apache-2.0

import SwiftletModels
import SwiftletTables
import SwiftletTraining
import Testing

@Suite("Leaks and identifiers")
struct LeakageTests {
  private let classes = ClassHead(labels: ["a", "b", "c"])
  private let labels = Truth(labels: (0..<60).map { Int32($0 % 3) })
  private func warnings(
    _ values: Column.Values, _ type: ColumnType = .number, regression: [Double]? = nil, isCanonical: Bool = true
  ) throws -> [String] {
    let column = Column(name: "f", type: type, values: values, isCanonical: isCanonical)
    let numbers = NumberHead(targets: [TargetScale(name: "y")])
    return try regression.map { leakageWarnings(try Table([column]), numbers, Truth(numbers: [$0])) }
      ?? leakageWarnings(try Table([column]), classes, labels)
  }

  @Test("a one-to-one renaming of the classes is a leak, as words or as numbers")
  func renamed() throws {
    let words = try warnings(.codes((0..<60).map { Int32(2 - $0 % 3) }, categories: ["p", "q", "r"]), .category)
    let numbers = try warnings(.numbers(Numbers((0..<60).map { Double($0 % 3 * 10) })))
    for found in [words, numbers] {
      #expect(found.count == 1 && found[0].contains("\"f\" gives the target away"))
      #expect(found[0].contains("--set 'features.exclude=[f]'"))
    }
  }

  @Test("a column that is right but once, is finer, or coarser than the classes is no leak")
  func almost() throws {
    var codes = (0..<60).map { Int32($0 % 3) }
    codes[7] = 2
    #expect(try warnings(.codes(codes, categories: ["p", "q", "r"]), .category).isEmpty)
    #expect(try warnings(.numbers(Numbers((0..<60).map { Double($0 % 6) }))).isEmpty)
    #expect(try warnings(.codes((0..<60).map { Int32($0 % 3 / 2) }, categories: ["p", "q"]), .category).isEmpty)
  }

  @Test("a regression's own target among the features is a leak")
  func regression() throws {
    let values = (0..<60).map { Double($0) * 0.37 }
    #expect(try warnings(.numbers(Numbers(values)), regression: values, isCanonical: false).count == 1)
    #expect(try warnings(.numbers(Numbers(values.map { $0 + 1 })), regression: values, isCanonical: false).isEmpty)
  }

  @Test("distinct whole numbers close together and distinct texts are identifiers; measurements are not")
  func identifiers() throws {
    #expect(try warnings(.numbers(Numbers((0..<60).map { Double(1000 + $0 * 3) }))).count == 1)
    #expect(
      try warnings(.codes((0..<60).map { Int32($0) }, categories: (0..<60).map { "id\($0)" }), .text).count == 1)
    #expect(try warnings(.numbers(Numbers((0..<60).map { Double($0 * $0 * 100) }))).isEmpty)  // measured
    #expect(try warnings(.numbers(Numbers((0..<60).map { Double($0 / 2) }))).isEmpty)  // repeats
    let measured = Column(
      name: "f", type: .number, values: .numbers(Numbers((0..<60).map { Double($0) })), isCanonical: false)
    #expect(leakageWarnings(try Table([measured]), classes, labels).isEmpty)  // written as 1.0, 2.0: measured
    #expect(
      leakageWarnings(
        try Table([measured]).selecting(rows: Array(0..<10)), classes, labels.selecting(Array(0..<10))
      ).isEmpty)
  }

  @Test("notices leaks and identifiers")
  func leaks() throws {
    let rows = (0..<40).map { "\(1000 + $0),\($0 % 2 == 0 ? "yes" : "no"),\(Double($0) * 1.7)\n" }.joined()
    let t = try TableReader().readCSV(.memory(Array(("id,copy,measure\n" + rows).utf8), name: "t"))
    let warnings = leakageWarnings(t, ClassHead(labels: ["a", "b"]), Truth(labels: (0..<40).map { Int32($0 % 2) }))
    #expect(warnings.count == 2)
    #expect(warnings[0].contains("\"id\" has another value in every row"))
    #expect(warnings[1].contains("\"copy\" gives the target away"))
  }
}
