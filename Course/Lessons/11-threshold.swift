// SPDX-License-Identifier: Apache-2.0
//
// 11 · Choosing a threshold when one class is rare
//
// You will learn   that accuracy says nothing about rare classes, and how costs choose where to say yes.
// It prints        Course/Expected/11-threshold.txt
// Try changing     the two costs: a bank that hates to disturb its customers, a bank that hates to lose money.

import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTraining

// 19,035 payments, of which 272 are fraud. A recipe says everything that decides a run.
var recipe = Recipe()
recipe.data = "Datasets/card-fraud"
recipe.model.kind = "logistic"
recipe.features.exclude = ["time_s", "customer"]
let bundle = try Experiment(DataLoader(recipe.data), recipe).run(recipe, name: "card-fraud").bundle

// The rows again: the last 30 percent in time are test; a tenth of the others was kept for validation.
let table = try DataLoader(recipe.data).load().table
let truth = try Heads.prepare([table.column("fraud", for: "the target")], as: ClassHead.self).truth
let given = (0..<table.rowCount).map { Split(rawValue: table["split"]?.text(at: $0) ?? "") ?? .train }
let splits = Split.addingValidation(0.1, to: given, classes: truth.classes, seed: recipe.split.seed)

/// The probability of fraud of each row, and whether it was one.
func answers(_ split: Split) throws -> [(probability: Double, isFraud: Bool)] {
  let rows = splits.indices.filter { splits[$0] == split }.map { Int32($0) }
  let answers = try Predictor(bundle).predict(table.selecting(rows: rows)).answers
  return rows.indices.map { (answers.values[$0 * 2 + 1], truth.classes[Int(rows[$0])] == 1) }
}

// A missed fraud costs 200 on average, a call to an honest customer 5.
func cost(_ answers: [(probability: Double, isFraud: Bool)], at threshold: Double) -> (
  missed: Int, alarms: Int, cost: Int
) {
  let missed = answers.count { $0.isFraud && $0.probability < threshold }
  let alarms = answers.count { !$0.isFraud && $0.probability >= threshold }
  return (missed, alarms, missed * 200 + alarms * 5)
}

let (validation, test) = (try answers(.validation), try answers(.test))
print("never saying fraud is right in \(test.count { !$0.isFraud } * 1000 / test.count) of 1,000 payments")
print("on the validation rows, with \(validation.count { $0.isFraud }) frauds:")
let thresholds: [Double] = [0.9, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01]
for threshold in thresholds {
  let (missed, alarms, cost) = cost(validation, at: threshold)
  print("  from \(threshold) on: \(missed) missed, \(alarms) false alarms, cost \(cost)")
}
// Chosen on the validation rows; judged once, on the test rows.
let chosen = thresholds.min { cost(validation, at: $0).cost < cost(validation, at: $1).cost } ?? 0.5
print(
  "chosen: \(chosen). On the test rows it costs \(cost(test, at: chosen).cost), and 0.5 costs \(cost(test, at: 0.5).cost)"
)
// Exercises: 1. From which cost of an alarm on is 0.5 the best? 2. What does weighting the classes change?
// Solutions/solutions-11.swift
