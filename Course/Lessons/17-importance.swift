// SPDX-License-Identifier: Apache-2.0
//
// 17 · Which columns does a model need?
//
// You will learn   how to ask a model which columns it needs, and why it says of two copies that neither matters.
// It prints        Course/Expected/17-importance.txt
// Try changing     the error of the clock, 0.1: from when on are hours and clock two columns, and not one?

import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTensors
import SwiftletTraining
import SwiftletUnderstanding

// Who passes the exam? The hours of study decide, with some luck. They stand there twice: as a student wrote them down,
// and as a clock counted them. The size of the shoes has nothing to do with it.
var generator = Generator(seed: 1)
var csv = "hours,clock,shoes,passed\n"
for _ in 0..<1000 {
  let hours = 4 + 2 * generator.normal()
  let clock = hours + 0.1 * generator.normal()
  let shoes = 41 + 2 * generator.normal()
  csv += "\(hours),\(clock),\(shoes),\(hours + generator.normal() > 4 ? "yes" : "no")\n"
}
let table = try TableReader().readCSV(.memory(Array(csv.utf8), name: "exam.csv"))
let data = LoadedData(name: "exam", table: table)

/// What the log loss of the test rows grows by when a column is shuffled, for a model that learned from some columns.
func importance(of columns: [String]) throws -> PermutationImportance {
  var recipe = Recipe()
  recipe.targets = ["passed"]
  recipe.model.kind = "logistic"
  recipe.features.include = columns
  let bundle = try Experiment(data, recipe).run(recipe, name: "exam").bundle
  return try PermutationImportance(AnsweredRows(JudgedData(bundle, data).rows(of: .test)))
}

func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 + 0 }

func show(_ importances: [Importance]) {
  for importance in importances {
    print("  \(importance.columns.joined(separator: " and ")): \(rounded(importance.mean))")
  }
}

let single = try importance(of: ["hours", "shoes"])
print("log loss \(rounded(single.loss)). Without the clock it grows by")
show(single.columns)

// The same model with both. Each column alone has lost most of its worth, for the other tells the same.
let both = try importance(of: ["hours", "clock", "shoes"])
print("log loss \(rounded(both.loss)). With the clock it grows by")
show(both.columns)
print("Columns that say nearly the same are shuffled together too:")
show(both.groups)

// Exercises: 1. Leave one of the two copies out. How much does the log loss really grow?
//            2. Ask on the training rows of a network that learned 40 rows by heart. Does it need the shoes?
// Solutions/solutions-17.swift
