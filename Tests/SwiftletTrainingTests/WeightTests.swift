// SPDX-License-Identifier: Apache-2.0

import SwiftletFormats
import SwiftletTables
import SwiftletTensors
import Testing

@testable import SwiftletTraining

/// Rows that count more than others.
@Suite("training.weight")
struct WeightTests {
  /// 20 rows; a row is written as often as its weight says, or once with it.
  private func run(
    repeating: Bool, target: String, kind: String, _ settings: [(path: String, value: JSONValue)] = []
  ) throws -> [Float] {
    let rows = (0..<20).flatMap { i -> [String] in
      let weight = i % 3 + 1
      let row = "\(i * 7 % 11),\(i % 4),\((i * 7 % 11 > 5) != (i % 5 == 0) ? "yes" : "no"),\(i * 3 % 13).5"
      return repeating ? Array(repeating: row + ",1", count: weight) : [row + ",\(weight * 10)"]
    }
    let text = "a,b,label,y,w\n" + rows.joined(separator: "\n") + "\n"
    let table = try TableReader().readCSV(.memory(Array(text.utf8), name: "t.csv"))
    let recipe = try Recipe(
      YAMLDocument(name: "r", value: .object([])),
      settings: [
        ("target", .string(target)), ("model.kind", .string(kind)), ("training.weight", "w"), ("split.test", 0),
        ("split.validation", 0), ("features.exclude", [.string(target == "y" ? "label" : "y")]), ("training.l2", 0),
        ("pipeline.numeric.scale", "none"), ("training.tolerance", 1e-7),
      ] + settings)
    let outcome = try Experiment(LoadedData(name: "t", table: table), recipe).run(recipe, name: "t")
    #expect(outcome.bundle.pipeline.columnNames == ["a", "b"])
    return outcome.bundle.network.parameters.flatMap { $0.value.scalars }
  }

  @Test("a row of weight 2 teaches like two equal rows, whatever the unit of the weights")
  func likeCopies() throws {
    let weighted = try run(repeating: false, target: "label", kind: "logistic")
    let copied = try run(repeating: true, target: "label", kind: "logistic")
    for (x, y) in zip(weighted, copied) { #expect(abs(x - y) < 1e-3, "\(weighted), \(copied)") }
    #expect(weighted.count == copied.count)
  }

  @Test("rows that choose and weigh nothing choose by counting the same, and a class that weighs nothing is refused")
  func weightless() throws {
    func accuracy(_ weight: (Int) -> Int) throws -> Double? {
      let rows = (0..<100).map {
        "\($0 * 7 % 50),\($0 * 7 % 50 > 24 ? "x" : "y"),\(weight($0)),\($0 % 4 == 0 ? "val" : "train")"
      }
      let text = "a,label,w,split\n" + rows.joined(separator: "\n") + "\n"
      let table = try TableReader().readCSV(.memory(Array(text.utf8), name: "t.csv"))
      var recipe = Recipe()
      recipe.targets = ["label"]
      recipe.training.weight = "w"
      recipe.training.learningRate = 0.01
      return try Experiment(LoadedData(name: "t", table: table), recipe).run(recipe, name: "t").figures[.validation]?[
        "accuracy"]
    }
    #expect(try accuracy { $0 % 4 == 0 ? 0 : 1 } ?? 0 > 0.9)
    #expect {
      _ = try accuracy { $0 * 7 % 50 > 24 ? 0 : 1 }
    } throws: { "\($0)".contains("are 0 in every training row of the class \"x\", so nothing of it could be learned") }
  }

  @Test("a weight that is absent, negative or not a number is refused with its row")
  func refusals() throws {
    for (weight, sentence) in [
      ("", "Row 2 has no weight in \"w\""), ("-1", "Row 2 has the weight -1"), ("big", "must be numbers"),
      ("0", "The weights in \"w\" are 0 in every training row"),
    ] {
      let other = weight == "0" ? 0 : 1
      let text = "a,label,w\n1,x,\(other)\n2,y,\(weight)\n3,x,\(other)\n4,y,\(other)\n"
      let table = try TableReader().readCSV(.memory(Array(text.utf8), name: "t.csv"))
      var recipe = Recipe()
      recipe.targets = ["label"]
      recipe.model.kind = "logistic"
      recipe.training.weight = "w"
      #expect {
        try Experiment(LoadedData(name: "t", table: table), recipe).run(recipe, name: "t")
      } throws: { "\($0)".contains(sentence) }
    }
  }
}
