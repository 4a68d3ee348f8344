// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTensors
import Testing

@testable import SwiftletUnderstanding

@Suite("Permutation importance")
struct ImportanceTests {
  private let golden = ExplanationGolden.self

  /// The rows of the golden table, answered by the golden model of classes, or of numbers.
  private func goldenRows(classes: Bool) throws -> AnsweredRows {
    let all = try table(golden.csv)
    let features = all.selecting(columns: ["length", "width", "color"])
    guard classes else {
      let head = NumberHead(targets: [TargetScale(name: "weight")])
      let bundle = try linearModel(features, head, weights: [golden.ridgeWeights], biases: [golden.ridgeBias])
      return try answered(bundle, all, Truth(numbers: [Array(try #require(all["weight"]?.numbers))]))
    }
    let head = ClassHead(labels: ["x", "y", "z"])
    let bundle = try linearModel(features, head, weights: golden.classWeights, biases: golden.classBiases)
    let kinds = try (0..<all.rowCount).map { row in
      let kind = all["kind"]?.text(at: row) ?? ""
      return Int32(try #require(head.labels.firstIndex(of: kind)))
    }
    return try answered(bundle, all, Truth(labels: kinds))
  }

  @Test("it is scikit-learn's, repeat by repeat, on the same shuffles of the columns as they stand in the data")
  func scikitLearn() throws {
    for (isClass, expected) in [(true, golden.classImportances), (false, golden.ridgeImportances)] {
      let importance = try PermutationImportance(goldenRows(classes: isClass), repeats: 4) { _, round, _ in
        golden.shuffles[round]
      }
      #expect(importance.metric == (isClass ? "log_loss" : "rmse"))
      #expect(importance.columns.count == 3)
      for (name, values) in zip(["length", "width", "color"], expected) {
        let own = try #require(importance.columns.first { $0.columns == [name] })
        for (value, expected) in zip(own.values, values) { #expect(abs(value - expected) < 1e-6) }
        #expect(abs(own.mean - values.reduce(0, +) / 4) < 1e-6)
      }
      #expect(importance.columns.map(\.mean) == importance.columns.map(\.mean).sorted(by: >))
    }
    let deviations = try PermutationImportance(goldenRows(classes: true), repeats: 4) { _, round, _ in
      golden.shuffles[round]
    }
    for (name, expected) in zip(["length", "width", "color"], golden.classDeviations) {
      #expect(abs(try #require(deviations.columns.first { $0.columns == [name] }).deviation - expected) < 1e-6)
    }
  }

  /// 400 rows whose truth is the sign of `signal`; a column of noise has no weight, or a little one.
  private func rows(weights: [Float], _ columns: (inout Generator, Double) throws -> [Double]) throws -> AnsweredRows {
    var generator = Generator(seed: 4)
    var labels: [Int32] = []
    var lines = (0..<weights.count).map { "c\($0)" }.joined(separator: ",") + "\n"
    for _ in 0..<400 {
      let signal = generator.normal()
      labels.append(signal + 0.5 * generator.normal() > 0 ? 1 : 0)
      lines += try columns(&generator, signal).map { "\($0)" }.joined(separator: ",") + "\n"
    }
    let all = try table(lines)
    let head = ClassHead(labels: ["no", "yes"])
    return try answered(linearModel(all, head, weights: [weights], biases: [0]), all, Truth(labels: labels))
  }

  @Test("a column of noise is not needed, one without a weight not at all, and the signal is")
  func noise() throws {
    let rows = try rows(weights: [2, 0.01, 0]) { [$1, $0.normal(), $0.normal()] }
    let importance = try PermutationImportance(rows)
    let byName = Dictionary(uniqueKeysWithValues: importance.columns.map { ($0.columns[0], $0) })
    #expect(importance.columns[0].columns == ["c0"])
    #expect(importance.columns[0].isNeeded)
    let noise = try #require(byName["c1"])
    #expect(noise.mean.magnitude < 2 * noise.deviation)
    #expect(!noise.isNeeded)
    #expect(byName["c2"]?.values == Array(repeating: 0, count: 10))
    #expect(importance.groups.isEmpty)
  }

  @Test("two copies of a column: each alone matters less than the two together, which are found")
  func copies() throws {
    let rows = try rows(weights: [1, 1, 0.3]) { [$1, $1 + 0.01 * $0.normal(), $0.normal()] }
    let importance = try PermutationImportance(rows)
    #expect(importance.groups.map(\.columns) == [["c0", "c1"]])
    let alone = try #require(importance.columns.first { $0.columns == ["c0"] })
    #expect(importance.groups[0].mean > 2 * alone.mean)
    // The group is the one column that the two are copies of.
    let single = try PermutationImportance(self.rows(weights: [2, 0.3]) { [$1, $0.normal()] })
    let whole = try #require(single.columns.first)
    #expect(abs(importance.groups[0].mean - whole.mean) < 3 * (whole.deviation + importance.groups[0].deviation))
  }

  @Test("it is the same every time, and another seed shuffles otherwise")
  func seeds() throws {
    let rows = try goldenRows(classes: true)
    #expect(try PermutationImportance(rows) == PermutationImportance(rows))
    #expect(try PermutationImportance(rows, seed: 8) != PermutationImportance(rows))
  }

  @Test("words are alike if one decides the other; many words on few rows are not alike by chance")
  func words() throws {
    var generator = Generator(seed: 1)
    var lines = "city,country,other,x,minus_x\n"
    for row in 0..<200 {
      let city = row % 4
      lines += "city\(city),land\(city),w\(generator.below(30)),\(row),\(row % 97 == 0 ? "" : "\(-row)")\n"
    }
    let all = try table(lines)
    let rows = (0..<200).map { Int32($0) }
    #expect(alikeColumns(all, names: all.columnNames, rows: rows) == [["city", "country"], ["x", "minus_x"]])
    let many = (0..<60).map { _ in Int32(generator.below(25)) }
    let others = (0..<60).map { _ in Int32(generator.below(25)) }
    #expect(cramersV(many, others) < 0.3)
    #expect(cramersV(many, many) > 0.99)
    #expect(cramersV(many, many.map { _ in 1 }) == 0)
  }

  @Test("Cramér's V by hand: 2 × 2 with 30, 10, 10, 30 is 0.5 before the correction")
  func byHand() {
    // φ² = (30² + 10² + 10² + 30²)/(40 · 40) − 1 = 0.25; minus 1/79; rows and columns 2 − 1/79.
    let x = Array(repeating: Int32(0), count: 40) + Array(repeating: 1, count: 40)
    let y = (0..<80).map { Int32($0 < 30 ? 0 : $0 < 40 ? 1 : $0 < 50 ? 0 : 1) }
    #expect(abs(cramersV(x, y) - ((0.25 - 1.0 / 79) / (1 - 1.0 / 79)).squareRoot()) < 1e-12)
    #expect(correlation([1, 2, 3], [1, 2, 3]) == 0)  // too few rows to say
    #expect(abs(correlation((0..<20).map { Double($0) }, (0..<20).map { -3 * Double($0) + 1 }) + 1) < 1e-12)
  }
}
