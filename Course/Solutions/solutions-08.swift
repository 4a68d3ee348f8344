// SPDX-License-Identifier: Apache-2.0
//
// Solutions to 08 · Digits

import SwiftletData
import SwiftletTraining

/// A whole run, from a recipe: what 08 writes out.
func evaluation(hidden: [Int]) throws -> Evaluation {
  var recipe = Recipe()
  recipe.data = "Datasets/digits"
  recipe.model.kind = hidden.isEmpty ? "logistic" : "mlp"
  recipe.model.hidden = hidden
  recipe.training.epochs = 20
  let source = DataLoader(recipe.data)
  let bundle = try Experiment(source, recipe).run(recipe, name: "digits").bundle
  return try Evaluation(bundle, on: source, split: .test)
}

// 1. The largest number beside the diagonal.
let network = try evaluation(hidden: [64])
var (worst, mistaken) = (0, (was: 0, said: 0))
for (was, row) in network.confusionMatrix.enumerated() {
  for (said, count) in row.enumerated() where said != was && count > worst { (worst, mistaken) = (count, (was, said)) }
}
print("mistaken most often: \(network.labels[mistaken.was]) for \(network.labels[mistaken.said])")

// 2. Without a hidden layer it is logistic regression, which is wrong on about one more digit in a hundred.
func accuracy(_ evaluation: Evaluation) -> Double { evaluation.metrics.first { $0.name == "accuracy" }?.value ?? 0 }
let difference = accuracy(network) - accuracy(try evaluation(hidden: []))
print("the hidden layer brings \(difference > 0.005 && difference < 0.02 ? "about one" : "another") percent")
