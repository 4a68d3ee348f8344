// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import SwiftletModels
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
      (["a", "b"], "classification"), (["yes", "no"], "classification"), (["0", "1", "NA"], "classification"),
      ((0..<20).map { "\($0)" }, "classification"), ((0..<21).map { "\($0)" }, "regression"),
      (["1", "2.5"], "regression"), (["1.0", "2.0"], "classification"),
    ])
  func inferredTask(cells: [String], task: String) throws { #expect(Heads.suiting([try column(cells)]).task == task) }

  @Test("several targets are a regression, and a row counts where all are there")
  func severalTargets() throws {
    let columns = [try column(["1", "NA", "3"]), Column(name: "z", type: .number, values: .numbers([4, 5, 6]))]
    #expect(Heads.suiting(columns).task == "regression")
    let (head, truth, rows) = try Heads.prepare(columns, as: NumberHead.self)
    #expect(rows == [0, 2])
    #expect(truth.numbers == [[1, 3], [4, 6]] && head.targetNames == ["y", "z"])
    #expect { try Heads.prepare(columns, as: ClassHead.self) } throws: {
      "\($0)" == "A classification has one target; several are for a regression."
    }
  }

  @Test("labels keep the file's spelling where the column is read as categories")
  func spelling() throws {
    let (head, truth, _) = try Heads.prepare([try column(["2.0", "10", "01"], type: .category)], as: ClassHead.self)
    #expect(head.labels == ["01", "2.0", "10"])
    #expect(truth.labels == [1, 2, 0])
  }

  @Test("of two classes the second is positive, unless told otherwise")
  func positive() throws {
    func names(_ positive: String?) throws -> [String] {
      try Heads.prepare([try column(["b", "m", "b"])], as: ClassHead.self, HeadOptions(positive: positive)).head.labels
    }
    #expect(try names(nil) == ["b", "m"])
    #expect(try names("b") == ["m", "b"])
    #expect { try names("c") } throws: { "\($0)" == "decision.positive is \"c\", but the classes are b, m." }
  }

  @Test("more classes than 1,000, and pictures, are refused with the remedy")
  func refusals() throws {
    let many = try column((0..<1001).map { "w\($0)" })
    #expect { try Heads.prepare([many], as: ClassHead.self) } throws: {
      "\($0)" == "The target \"y\" has 1001 classes, and at most 1000 are learned. Is it an identifier?"
    }
    let picture = Column(name: "image", type: .image, values: .images(ImageColumn(height: 1, width: 1, bytes: [1, 2])))
    #expect { try Heads.prepare([picture], as: ClassHead.self) } throws: {
      "\($0)" == "The target \"image\" holds pictures, which cannot be predicted. Use another --target."
    }
    #expect { try Heads.prepare([], as: NumberHead.self) } throws: { "\($0)".contains("name one with --target") }
  }

  @Test(
    "labels are ordered as numbers where all are, else by code point",
    arguments: [
      (["10", "9", "-1", "2.5"], ["-1", "2.5", "9", "10"]), (["1", "01", "1.0"], ["01", "1", "1.0"]),
      (["10", "9", "x"], ["10", "9", "x"]), (["é", "z", "Z", "a"], ["Z", "a", "z", "é"]),
    ])
  func order(labels: [String], sorted: [String]) { #expect(sortedLabels(labels) == sorted) }
}

@Suite("Targets")
struct TargetTests {
  private func columns(_ text: String) throws -> [Column] {
    try TableReader().readCSV(.memory(Array(text.utf8), name: "t")).columns
  }
  private func head(_ text: String) throws -> any Head {
    let columns = try columns(text)
    return try Heads.prepare(columns, as: Heads.suiting(columns)).head
  }

  @Test("orders labels as numbers, or by code point")
  func order() throws {
    #expect(try head("y\n10\n9\n2\n").labels == ["2", "9", "10"])
    #expect(try head("y\nb\nB\na\n").labels == ["B", "a", "b"])
  }

  @Test("tells classes from numbers")
  func inference() throws {
    #expect(try head("y\n0\n1\n").task == "classification")
    #expect(try head("y\n0.5\n1\n").task == "regression")
    #expect(try head("y\n" + (0..<21).map { "\($0)\n" }.joined()).task == "regression")
  }

  @Test("drops rows without a target")
  func missing() throws {
    let (_, truth, rows) = try Heads.prepare(columns("y,x\na,1\n,2\nb,3\n").dropLast(), as: ClassHead.self)
    #expect(rows == [0, 2])
    #expect(truth.count == 2)
  }

  @Test(
    "says why a target cannot be learned, and what to do",
    arguments: [
      ("y\na\na\n", "classification", "so there is nothing to learn"),
      ("y\n5.5\n5.5\n", "regression", "The target \"y\" is \"5.5\" in every row, so there is nothing to learn"),
      ("y\na\nb\n", "regression", "Use --task classification"),
      ("y\n" + (0..<200).map { "\($0)\n" }.joined(), "classification", "Use --task regression"),
      ("y,x\nNA,1\n,2\n", "classification", "is missing in every row"),
    ])
  func refusals(text: String, task: String, message: String) {
    #expect { try Heads.prepare([try columns(text)[0]], as: Heads.named(task)) } throws: { "\($0)".contains(message) }
  }
}
