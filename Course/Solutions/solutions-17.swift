// SPDX-License-Identifier: Apache-2.0
//
// Solutions to 17 · Which columns does a model need?

import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTensors
import SwiftletTraining
import SwiftletUnderstanding

/// Students, as in the lesson.
func students(_ count: Int) throws -> LoadedData {
  var generator = Generator(seed: 1)
  var csv = "hours,clock,shoes,passed\n"
  for _ in 0..<count {
    let hours = 4 + 2 * generator.normal()
    let clock = hours + 0.1 * generator.normal()
    let shoes = 41 + 2 * generator.normal()
    csv += "\(hours),\(clock),\(shoes),\(hours + generator.normal() > 4 ? "yes" : "no")\n"
  }
  return LoadedData(name: "exam", table: try TableReader().readCSV(.memory(Array(csv.utf8), name: "exam.csv")))
}

// 1. Hardly: what one copy tells, the other tells too. Importance says what a model uses, and not what it could do
//    without; for that, it must be trained again.
let all = try students(1000)
func loss(_ columns: [String]) throws -> Double {
  var recipe = Recipe()
  recipe.targets = ["passed"]
  recipe.model.kind = "logistic"
  recipe.features.include = columns
  return try Experiment(all, recipe).run(recipe, name: "exam").figures.judged.metrics["log_loss"] ?? 0
}
func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 + 0 }
print("log loss with both \(rounded(try loss(["hours", "clock"]))), with one \(rounded(try loss(["hours"])))")

// 2. On the rows that it knows by heart it needs the shoes, to tell the rows apart. On others they only mislead it.
let few = try students(80)
var recipe = Recipe()
recipe.targets = ["passed"]
recipe.features.include = ["hours", "shoes"]
recipe.model.kind = "mlp"
recipe.training.epochs = 400
recipe.split.test = 0.5
recipe.split.validation = 0  // nothing stops it early
let bundle = try Experiment(few, recipe).run(recipe, name: "exam").bundle
for split in [Split.train, .test] {
  let importance = try PermutationImportance(AnsweredRows(JudgedData(bundle, few).rows(of: split)))
  let shoes = importance.columns.first { $0.columns == ["shoes"] }
  print("on \(split.rawValue) rows the shoes are \(shoes?.isNeeded == true ? "needed" : "not needed")")
}
