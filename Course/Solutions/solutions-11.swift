// SPDX-License-Identifier: Apache-2.0
//
// Solutions to 11 · Choosing a threshold

import SwiftletData
import SwiftletModels
import SwiftletTraining

// 1. The frauds missed and the false alarms on the validation rows, as 11 prints them. A dear alarm is worth avoiding,
//    even for a missed fraud.
let counts: [(threshold: Float, missed: Int, alarms: Int)] = [
  (0.9, 17, 0), (0.5, 9, 0), (0.2, 4, 12), (0.1, 3, 28), (0.05, 0, 40), (0.02, 0, 56), (0.01, 0, 79),
]
func best(alarm: Int) -> Float {
  counts.min { $0.missed * 200 + $0.alarms * alarm < $1.missed * 200 + $1.alarms * alarm }?.threshold ?? 0.5
}
let dear = (5...200).first { best(alarm: $0) == 0.5 } ?? 200
print(
  "where an alarm costs \(dear - 1), \(best(alarm: dear - 1)) is the best; from \(dear) on it is \(best(alarm: dear))")

// 2. Weighted classes shift every probability up, as lowering the threshold does, so they no longer say how often it is
//    fraud. And they bend the model towards the few frauds: here it puts the payments into a worse order.
func precisionOfOrder(_ weight: Recipe.ClassWeight) throws -> Double {
  var recipe = Recipe()
  recipe.data = "Datasets/card-fraud"
  recipe.model.kind = "logistic"
  recipe.features.exclude = ["time_s", "customer"]
  recipe.training.classWeight = weight
  let outcome = try Experiment(DataLoader(recipe.data), recipe).run(recipe, name: "card-fraud")
  return outcome.figures.judged.metrics["average_precision"] ?? 0
}
let (plain, weighted) = (try precisionOfOrder(.none), try precisionOfOrder(.balanced))
print("weights make the order of the test payments \(weighted > plain ? "better" : "worse")")
