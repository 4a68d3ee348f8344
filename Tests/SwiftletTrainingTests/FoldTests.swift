// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletFormats
import SwiftletTables
import Testing

@testable import SwiftletTraining

/// Which rows teach, choose and judge: what the user said, or an error.
@Suite("The split of an experiment")
struct FoldTests {
  /// Ten rows with a column of splits, as they are written.
  private func experiment(
    _ words: [String], header: String = "split", _ change: (inout Recipe) -> Void = { _ in }
  ) throws -> Experiment {
    let rows = words.enumerated().map { "\($0),\($0 % 3),\($1),\($0 % 2 == 0 ? "no" : "yes")" }
    let text = "a,b,\(header),label\n" + rows.joined(separator: "\n") + "\n"
    let table = try TableReader().readCSV(.memory(Array(text.utf8), name: "t.csv"))
    var recipe = Recipe()
    recipe.targets = ["label"]
    change(&recipe)
    return try Experiment(LoadedData(name: "t", table: table), recipe)
  }

  private func counts(_ experiment: Experiment) throws -> [Int] {
    let fold = try experiment.fold(experiment.recipe.split)
    return Split.allCases.map { fold.rows($0).count }
  }

  @Test(
    "other words for the parts, in any case and with spaces, are understood, and the column is not a feature",
    arguments: [
      ["train", "validation", "test"], ["train", "val", "test"], ["Train", "Valid", "TEST"],
      [" training", "dev ", "testing"],
      ["TRAIN", "VALIDATE", "TEST"], ["training", "development", "test"],
    ], ["split", "Split", "SPLIT"])
  func words(words: [String], header: String) throws {
    let column = (0..<10).map { "\"\(words[$0 < 6 ? 0 : $0 < 7 ? 1 : 2])\"" }
    let experiment = try experiment(column, header: header)
    #expect(try counts(experiment) == [6, 1, 3])
    #expect(experiment.features.columnNames == ["a", "b"])
    let named = try self.experiment(column, header: "fold") { $0.split.column = "fold" }
    #expect(try counts(named) == [6, 1, 3] && named.features.columnNames == ["a", "b"])
  }

  @Test(
    "another word, nothing, a number or an absent column is refused with its row",
    arguments: [
      ("vall", "Row 8 of the split column \"split\" holds \"vall\""),
      ("", "Row 8 of the split column \"split\" holds nothing"),
      ("UNASSIGNED", "holds \"UNASSIGNED\""), ("NA", "holds nothing"), ("2", "holds \"2\""),
    ])
  func otherWords(word: String, sentence: String) throws {
    let column = (0..<10).map { $0 == 7 ? word : $0 < 6 ? "train" : "test" }
    #expect {
      try counts(experiment(column))
    } throws: {
      "\($0)".contains(sentence) && "\($0)".contains("split.column=none")
    }
    #expect { try experiment(column) { $0.split.column = "nosuch" } } throws: {
      "\($0)".contains("There is no column \"nosuch\" for split.column.")
    }
  }

  @Test("the row of a refusal is that of the data, even where rows without a target were left out")
  func rowNumber() throws {
    let text = "a,split,label\n1,train,\n2,train,x\n3,test,y\n4,what,x\n5,train,y\n"
    let table = try TableReader().readCSV(.memory(Array(text.utf8), name: "t.csv"))
    var recipe = Recipe()
    recipe.targets = ["label"]
    let experiment = try Experiment(LoadedData(name: "t", table: table), recipe)
    #expect { try experiment.fold(recipe.split) } throws: { "\($0)".hasPrefix("Row 4 of the split column") }
  }

  @Test("a column of splits that does not decide is no feature, and that is said")
  func otherSplitColumn() throws {
    let column = (0..<10).map { $0 < 6 ? "train" : "test" }
    let experiment = try experiment(column, header: "my fold")
    #expect(experiment.features.columnNames == ["a", "b"])
    #expect(experiment.warnings.contains { $0.contains("--set 'split.column=my fold'") })
    // Words of which none is training are words like others.
    #expect(
      try self.experiment(column.map { $0 == "train" ? "dev" : $0 }, header: "stage").features.columnNames.count == 3)
  }

  @Test("by time, the last rows judge, rows of one moment stay together, and a row without a time is refused")
  func byTime() throws {
    let days = ["2024-03-05", "2024-01-01", "2024-01-02", "2024-03-05", "2024-02-01", "2024-01-03"]
    let experiment = try experiment(days, header: "day") { $0.split.time = "day" }
    let fold = try experiment.fold(experiment.recipe.split)
    // A fifth of six is one row, and the other of the same day comes along; a tenth of four is none.
    #expect(fold.splits == [.test, .train, .train, .test, .train, .train])
    #expect(
      Split.byTime(times: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], test: 0.2, validation: 0.25).suffix(4)
        == [.validation, .validation, .test, .test])
    #expect(Split.byTime(times: [7, 7, 7], test: 0.3, validation: 0.3) == [.train, .train, .train])
    #expect(Split.byTime(times: [7, 7, 7, 9], test: 0.9, validation: 0).suffix(2) == [.train, .test])
    // Days with and without a time of day are one order, and a column of numbers is any clock.
    for times in [
      [
        "2024-03-05", "2024-01-01T10:00:00Z", "2024-01-02 09:00", "2024-03-05", "2024-02-01 23:59",
        "2024-01-03",
      ],
      ["90", "7", "8", "90", "20", "9"],
    ] {
      let other = try self.experiment(times, header: "day") { $0.split.time = "day" }
      #expect(try other.fold(other.recipe.split).splits == fold.splits)
    }
    for other in ["5/3/2024", "18:30", "Mar 5, 2024", "2024/03/05", "week 9"] {
      let column = days.indices.map { $0 == 0 ? other : other.replacing("5", with: "\($0)") }
      #expect {
        _ = try counts(
          self.experiment(column.map { "\"\($0)\"" }, header: "day") {
            $0.split.time = "day"
            $0.features.exclude = ["day"]
          })
      } throws: { "\($0)".contains("which split.time cannot order: it needs numbers, or dates") }
    }
    for (odd, sentence) in [
      ("", "Row 3 has no value in \"day\""), ("5.3.2024", "holds \"5.3.2024\", which split.time cannot order"),
    ] {
      #expect {
        let odd = days.enumerated().map { $0 == 2 ? odd : $1 }
        _ = try counts(self.experiment(odd, header: "day") { $0.split.time = "day" })
      } throws: { "\($0)".contains(sentence) }
    }
  }

  @Test("two settings of which one would be ignored are refused")
  func disagreement() throws {
    let column = (0..<10).map { $0 < 6 ? "train" : "test" }
    #expect {
      try counts(
        experiment(column) {
          $0.split.time = "a"
          $0.split.group = "b"
        })
    } throws: {
      "\($0)" == "split.time (\"a\") and split.group (\"b\") would both decide the split. Remove one of them."
    }
    #expect {
      try counts(
        experiment(column) {
          $0.split.time = "a"
          $0.split.column = "split"
        })
    } throws: { "\($0)".contains("would both decide") }
    // The column called split is not named, so time wins; and a group beside a column says what keeps together.
    #expect(
      try counts(
        experiment(column) {
          $0.split.time = "a"
          $0.split.test = 0.5
          $0.split.validation = 0
        }) == [5, 0, 5])
    let grouped = try experiment(column) {
      $0.split.group = "b"
      $0.split.validation = 0
    }
    let fold = try grouped.fold(grouped.recipe.split)
    #expect(
      fold.rows(.test).count == 4 && fold.warnings.first?.hasPrefix("3 groups of \"b\" have rows in training") == true)
  }

  @Test("rows that stand in training and in the test are counted: equal in every column, missing values too")
  func repeatedRows() throws {
    let text =
      "a,b,label,split\n1,x,no,train\n2,,yes,train\n3,x,no,train\n1,x,no,test\n2,,yes,test\n3,x,yes,test\n4,x,no,test\n"
    let table = try TableReader().readCSV(.memory(Array(text.utf8), name: "t.csv"))
    var recipe = Recipe()
    recipe.targets = ["label"]
    let experiment = try Experiment(LoadedData(name: "t", table: table), recipe)
    let data = try PreparedData(experiment, experiment.fold(recipe.split), recipe.pipeline)
    #expect(data.warnings.first?.hasPrefix("2 of the 4 test rows are in training too") == true, "\(data.warnings)")
    let wide = (0..<40).map { Column(name: "c\($0)", type: .number, values: .numbers([0, 0, Double($0 / 39)])) }
    #expect(
      repeatedRowCount(in: wide, of: [1], among: [0]) == 1 && repeatedRowCount(in: wide, of: [2], among: [0]) == 0)
  }

  @Test("a target whose name holds commas can be named, alone and among others")
  func names() throws {
    let text = "a,\"Price, EUR\",\"x,y,z\"\n" + (0..<30).map { "\($0),\($0 * 2).5,\($0 * 3).5" }.joined(separator: "\n")
    let table = try TableReader().readCSV(.memory(Array(text.utf8), name: "t.csv"))
    func targets(_ text: String) throws -> [String] {
      let recipe = try Recipe(YAMLDocument(name: "r", value: .object([])), settings: [("target", .string(text))])
      return try Experiment(LoadedData(name: "t", table: table), recipe).targetNames
    }
    #expect(try targets("Price, EUR") == ["Price, EUR"])
    #expect(try targets("x,y,z, Price, EUR") == ["x,y,z", "Price, EUR"])
    #expect(try targets("x,y,z, Price, EUR, x,y,z") == ["x,y,z", "Price, EUR"])
    #expect { try targets("Price, USD") } throws: { "\($0)".contains("There is no column \"Price\"") }
  }
}
