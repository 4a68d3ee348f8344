// SPDX-License-Identifier: Apache-2.0
//
// Solutions to 18 · Choosing by validation, honestly

import Foundation
import SwiftletData
import SwiftletModels
import SwiftletSearch
import SwiftletTables
import SwiftletTensors
import SwiftletTraining

let recipe = {
  var recipe = Recipe()
  recipe.data = "Datasets/german-credit"
  recipe.model.kind = "mlp"
  recipe.split.validation = 0.25
  recipe.training.epochs = 15
  recipe.training.earlyStopping = 0
  recipe.training.threads = 1
  return recipe
}()
let experiment = try Experiment(DataLoader(recipe.data), recipe)

/// The settings of a trial, as in the lesson.
func drawn(_ number: Int) -> Recipe {
  var generator = Generator(seed: UInt64(number))
  var own = recipe
  own.model.hidden = [16 << generator.below(4)]
  own.model.dropout = Float(generator.uniform()) / 2
  own.training.learningRate = Float(pow(10, -3.3 + 1.6 * generator.uniform()))
  own.training.seed = UInt64(number)
  return own
}

/// The log loss of a trained network on the rows that choose, and on those of the end.
func losses(_ own: Recipe) throws -> (validation: Double, test: Double) {
  let run = try experiment.prepare(own, name: "trial")
  var network = try run.untrainedNetwork()
  _ = try run.fit(&network)
  func loss(_ split: Split) throws -> Double { try run.metrics(of: network, on: split)["log_loss"] ?? .nan }
  return (try loss(.validation), try loss(.test))
}
func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

/// The number of the trial with the least loss on the rows that choose, and its losses.
func winner(_ recipes: [Recipe]) throws -> (number: Int, losses: (validation: Double, test: Double)) {
  let all = try recipes.map(losses)
  let best = all.indices.min { all[$0].validation < all[$1].validation } ?? 0
  return (best, all[best])
}

// 1. They promise less than it holds, and are on the safe side: each row is judged by a network that has not seen it,
//    which has learned from fewer rows than the last one may. `swiftlet tune` shows the figures of folds for that reason.
let best = try winner((0..<64).map(drawn))
let folds = try CrossValidation(folds: 5).metrics(of: drawn(best.number), on: experiment)
let judged = folds.compactMap { $0["log_loss"] }
print("promised \(rounded(best.losses.validation)), by folds \(rounded(judged.reduce(0, +) / 5)),", terminator: " ")
print("held \(rounded(best.losses.test))")

// 2. There was nothing to find, and still the best of 64 promises more than the first, and holds less. So much of the
//    lead of any winner is luck.
let twins = (0..<64).map { number in
  var own = recipe
  own.training.seed = UInt64(number)
  return own
}
let usual = try losses(twins[0])
let luckiest = try winner(twins)
let lucky = luckiest.losses
print("of 64 equal ones the first promises \(rounded(usual.validation)), and the best \(rounded(lucky.validation))")
print("they hold \(rounded(usual.test)) and \(rounded(lucky.test))")
