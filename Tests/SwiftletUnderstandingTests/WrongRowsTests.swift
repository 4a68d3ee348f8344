// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTensors
import SwiftletTraining
import Testing

@testable import SwiftletUnderstanding

@Suite("Wrong rows")
struct WrongRowsTests {
  @Test("by hand: the order of the losses, the neighbors and their distances")
  func byHand() throws {
    // x is standardized: 0, 1, 2, 3, 4 have mean 2 and deviation √2.
    let all = try table("x,word\n0,a\n1,a\n2,\n3,a\n4,b\n")
    let features = all.selecting(columns: ["x"])
    let bundle = try linearModel(features, ClassHead(labels: ["no", "yes"]), weights: [[2]], biases: [0])
    let rows = try answered(bundle, all, Truth(labels: [0, 1, 0, 1, 0]), train: [0, 1, 3, 4])
    let wrong = try WrongRows(rows, count: 3, neighborCount: 2)
    // Scores 2 (x − 2)/√2: −2.83, −1.41, 0, 1.41, 2.83; wrong are rows 5, 2, and, undecided, 3.
    #expect(wrong.rows.map(\.row) == [5, 2, 3])
    let worst = try #require(wrong.rows.first)
    #expect(worst.truth == "no" && worst.prediction == "yes")
    #expect(abs(worst.loss - log(1 + exp(2 * 2.0.squareRoot()))) < 1e-5)
    #expect(abs(try #require(worst.probability) - 1 / (1 + exp(-2 * 2.0.squareRoot()))) < 1e-6)
    // Not itself, and the nearest first.
    #expect(worst.neighbors.map(\.row) == [4, 2])
    #expect(worst.neighbors.map(\.truth) == ["yes", "yes"])
    #expect(abs(worst.neighbors[0].distance - 1 / 2.0.squareRoot()) < 1e-6)
    #expect(worst.neighborsForPrediction == 2)
    #expect(worst.values == [NamedValue(name: "x", text: "4")])
    // Equally far: the earlier row first.
    #expect(wrong.rows[2].neighbors.map(\.row) == [2, 4])
    let total = rows.losses.reduce(0, +)
    #expect(abs(wrong.share - wrong.rows.reduce(0) { $0 + $1.loss } / total) < 1e-12)
  }

  @Test("of numbers: the squared error in standard deviations")
  func numbers() throws {
    let all = try table("x\n0\n1\n2\n3\n4\n")
    let head = NumberHead(targets: [TargetScale(name: "y", offset: 10, factor: 5)])
    let bundle = try linearModel(all, head, weights: [[0]], biases: [0])
    let wrong = try WrongRows(answered(bundle, all, Truth(numbers: [[10, 20, 10, 9, 30]])), count: 2)
    #expect(wrong.rows.map(\.loss) == [16, 4])
    #expect(wrong.rows.map(\.truth) == ["30", "20"])
    #expect(wrong.rows.map(\.prediction) == ["10", "10"])
    #expect(wrong.rows.allSatisfy { $0.probability == nil && $0.neighbors.isEmpty })
  }

  @Test("at least 16 of 20 labels that were turned over are among the 40 worst rows, in training and out of it")
  func flippedLabels() throws {
    let (run, outcome) = try run([("data", .string(datasets + "breast-cancer")), ("model.kind", "logistic")])
    var generator = Generator(seed: 9)
    for split in [Split.test, .train] {
      let rows = run.data.fold.rows(split)
      let flipped = Set(generator.permutation(of: rows.count).prefix(20).map { rows[Int($0)] })
      var truth = run.data.experiment.truth.selecting(rows)
      for (position, row) in rows.enumerated() where flipped.contains(row) {
        truth.labels[position] = 1 - truth.labels[position]
      }
      let judged = JudgedRows(outcome.bundle, run.data.experiment.data.table, rows: rows, truth)
      let wrong = try WrongRows(AnsweredRows(judged), count: 40)
      #expect(wrong.rows.count { flipped.contains(Int32($0.row - 1)) } >= 16, "\(split)")
    }
  }

  @Test("at least 16 of 20 turned labels are found by a model that was trained on them")
  func learnedWithThem() throws {
    let data = try DataLoader(datasets + "breast-cancer").load()
    let names = data.table.columnNames
    var generator = Generator(seed: 2)
    let training = (0..<data.table.rowCount).filter { data.table["split"]?.text(at: $0) == "train" }
    let flipped = Set(generator.permutation(of: training.count).prefix(20).map { training[Int($0)] })
    var text = csvLine(names)
    for row in 0..<data.table.rowCount {
      text += csvLine(
        names.map { name in
          let value = data.table[name]?.text(at: row) ?? ""
          guard name == "diagnosis", flipped.contains(row) else { return value }
          return value == "benign" ? "malignant" : "benign"
        })
    }
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-flipped-\(UUID()).csv").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let (_, outcome) = try run([
      ("data", .string(path)), ("target", "diagnosis"), ("model.kind", "logistic"), ("training.l2", 10),
    ])
    let judged = try JudgedData(outcome.bundle, DataLoader(path)).rows(of: .train)
    #expect(judged.train == judged.rows)
    let wrong = try WrongRows(AnsweredRows(judged), count: 40)
    #expect(wrong.rows.count { flipped.contains($0.row - 1) } >= 16)
    // The neighbors say so too: most of them have the label that the model answers.
    let found = wrong.rows.filter { flipped.contains($0.row - 1) }
    #expect(found.count { $0.neighborsForPrediction >= 4 } * 2 > found.count)
  }

  @Test("pictures have neighbors and no columns; the importance of their columns is a sentence")
  func pictures() throws {
    let (_, outcome) = try run([
      ("data", .string(datasets + "fashion-mini")), ("model.kind", "logistic"), ("training.epochs", 2),
    ])
    let rows = try AnsweredRows(JudgedData(outcome.bundle, DataLoader(datasets + "fashion-mini")).rows(of: .test))
    let wrong = try WrongRows(rows, count: 2)
    #expect(wrong.rows.count == 2)
    #expect(wrong.rows[0].values.isEmpty && wrong.rows[0].neighbors.count == 5)
    let sentence = #expect(throws: DataError.self) { try PermutationImportance(rows) }
    #expect(sentence?.description.contains("no columns that could be shuffled") == true)
  }
}
