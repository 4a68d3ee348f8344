// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import SwiftletTables
import Testing

private func column(_ cells: [String], type: ColumnType? = nil) throws -> Column {
  let text = "y,x\n" + cells.map { "\($0),1\n" }.joined()
  return try TableReader(types: type.map { ["y": $0] } ?? [:]).readCSV(.memory(Array(text.utf8), name: "t.csv"))
    .columns[0]
}

@Suite("Rules of the target")
struct TargetRuleTests {
  @Test(
    "the task is told by the values",
    arguments: [
      (["a", "b"], Task.classification), (["yes", "no"], .classification), (["0", "1", "NA"], .classification),
      ((0..<20).map { "\($0)" }, .classification), ((0..<21).map { "\($0)" }, .regression),
      (["1", "2.5"], .regression),
      (["1.0", "2.0"], .classification),
    ])
  func inferredTask(cells: [String], task: Task) throws { #expect(Target.inferTask([try column(cells)]) == task) }

  @Test("several targets are a regression, and a row counts where all are there")
  func severalTargets() throws {
    let columns = [try column(["1", "NA", "3"]), Column(name: "z", type: .number, values: .numbers([4, 5, 6]))]
    #expect(Target.inferTask(columns) == .regression)
    let (target, rows) = try Target.prepare(columns, task: .regression)
    #expect(rows == [0, 2])
    guard case .numbers(let values, let names) = target else { return }
    #expect(values == [[1, 3], [4, 6]] && names == ["y", "z"])
    #expect { try Target.prepare(columns, task: .classification) } throws: {
      "\($0)" == "A classification has one target; several are for a regression."
    }
  }

  @Test("labels keep the file's spelling where the column is read as categories")
  func spelling() throws {
    guard
      case .labels(let labels, let names) = try Target.prepare(
        [try column(["2.0", "10", "01"], type: .category)], task: .classification
      ).target
    else { return }
    #expect(names == ["01", "2.0", "10"])
    #expect(labels == [1, 2, 0])
  }

  @Test("of two classes the second is positive, unless told otherwise")
  func positive() throws {
    func names(_ positive: String?) throws -> [String] {
      guard
        case .labels(_, let names) = try Target.prepare(
          [try column(["b", "m", "b"])], task: .classification, positive: positive
        ).target
      else { return [] }
      return names
    }
    #expect(try names(nil) == ["b", "m"])
    #expect(try names("b") == ["m", "b"])
    #expect { try names("c") } throws: { "\($0)" == "decision.positive is \"c\", but the classes are b, m." }
  }

  @Test("more classes than 1,000, and pictures, are refused with the remedy")
  func refusals() throws {
    let many = try column((0..<1001).map { "w\($0)" })
    #expect { try Target.prepare([many], task: .classification) } throws: {
      "\($0)" == "The target \"y\" has 1001 classes, and at most 1000 are learned. Is it an identifier?"
    }
    let picture = Column(name: "image", type: .image, values: .images(ImageColumn(height: 1, width: 1, bytes: [1, 2])))
    #expect { try Target.prepare([picture], task: .classification) } throws: {
      "\($0)" == "The target \"image\" holds pictures, which cannot be predicted. Use another --target."
    }
    #expect { try Target.prepare([], task: .regression) } throws: { "\($0)".contains("name one with --target") }
  }

  @Test(
    "labels are ordered as numbers where all are, else by code point",
    arguments: [
      (["10", "9", "-1", "2.5"], ["-1", "2.5", "9", "10"]), (["1", "01", "1.0"], ["01", "1", "1.0"]),
      (["10", "9", "x"], ["10", "9", "x"]), (["é", "z", "Z", "a"], ["Z", "a", "z", "é"]),
    ])
  func order(labels: [String], sorted: [String]) { #expect(sortedLabels(labels) == sorted) }
}

@Suite("Leaks and identifiers")
struct LeakageTests {
  private let labels = Target.labels((0..<60).map { Int32($0 % 3) }, names: ["a", "b", "c"])
  private func warnings(
    _ values: Column.Values, _ type: ColumnType = .number, _ target: Target? = nil, isCanonical: Bool = true
  ) throws -> [String] {
    let column = Column(name: "f", type: type, values: values, isCanonical: isCanonical)
    return leakageWarnings(try Table([column]), target ?? labels)
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
    let target = Target.numbers([values], names: ["y"])
    #expect(try warnings(.numbers(Numbers(values)), .number, target, isCanonical: false).count == 1)
    #expect(try warnings(.numbers(Numbers(values.map { $0 + 1 })), .number, target, isCanonical: false).isEmpty)
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
    #expect(leakageWarnings(try Table([measured]), labels).isEmpty)  // written as 1.0, 2.0: measured
    #expect(
      leakageWarnings(try Table([measured]).selecting(rows: Array(0..<10)), labels.selecting(Array(0..<10))).isEmpty)
  }
}
