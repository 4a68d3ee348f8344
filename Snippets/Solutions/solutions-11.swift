// SPDX-License-Identifier: Apache-2.0
//
// Solutions to 11 · Choosing a threshold

import SwiftletFormats
import SwiftletTraining

// The probabilities of six payments, and which of them were fraud: enough to see both answers.
let answers: [(probability: Float, isFraud: Bool)] = [
  (0.02, false), (0.1, false), (0.3, true), (0.4, false), (0.6, true), (0.9, true),
]

// 1. At 0.3 one alarm is false; at 0.5 one fraud is missed. They cost the same where an alarm costs what a fraud does.
for alarm in [50, 200, 500] {
  func cost(at threshold: Float) -> Int {
    answers.count { $0.isFraud && $0.probability < threshold } * 200
      + answers.count { !$0.isFraud && $0.probability >= threshold } * alarm
  }
  print("an alarm costs \(alarm): \(cost(at: 0.3)) from 0.3 on, \(cost(at: 0.5)) from 0.5 on")
}

// 2. Weighted classes shift every probability up, as lowering the threshold does; they no longer say how often it is
//    fraud, and the order of the payments hardly changes.
func precisionOfOrder(_ weight: Recipe.ClassWeight) throws -> Double {
  var recipe = Recipe()
  recipe.data = "Datasets/card-fraud"
  recipe.model.kind = .logistic
  recipe.features.exclude = ["time_s", "customer"]
  recipe.training.classWeight = weight
  let metrics = try TrainingRun(recipe, name: "card-fraud", command: "").run().metrics
  return metrics.first { $0.split == .test }?.values.first { $0.name == "average_precision" }?.value ?? 0
}
let (plain, weighted) = (try precisionOfOrder(.none), try precisionOfOrder(.balanced))
print("weights make the order of the test payments \(weighted > plain ? "better" : "no better")")
