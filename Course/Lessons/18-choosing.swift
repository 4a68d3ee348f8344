// SPDX-License-Identifier: Apache-2.0
//
// 18 · Choosing by validation, honestly
//
// You will learn   why the winner of a search looks better than it is, and that a longer search makes that worse.
// It prints        Course/Expected/18-choosing.txt
// Try changing     the part for validation, 0.25: what do fewer rows promise, and what do more?

import Foundation
import SwiftletData
import SwiftletModels
import SwiftletTables
import SwiftletTensors
import SwiftletTraining

// 1,000 credits: 600 of them teach, 200 choose, and 200 are kept for the end.
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

/// A network with settings that chance has chosen: its log loss on the rows that choose, and on those of the end.
func trial(_ number: Int) throws -> (validation: Double, test: Double) {
  var generator = Generator(seed: UInt64(number))
  var own = recipe
  own.model.hidden = [16 << generator.below(4)]
  own.model.dropout = Float(generator.uniform()) / 2
  own.training.learningRate = Float(pow(10, -3.3 + 1.6 * generator.uniform()))
  own.training.seed = UInt64(number)
  let run = try experiment.prepare(own, name: "trial")
  var network = try run.untrainedNetwork()
  _ = try run.fit(&network)
  func loss(_ split: Split) throws -> Double { try run.metrics(of: network, on: split)["log_loss"] ?? .nan }
  return (try loss(.validation), try loss(.test))
}
let trials = try (0..<64).map(trial)

// Who searches with 8 trials draws 8 of the 64, and keeps the one with the least loss on the rows that choose. What do
// these rows promise of it, and what does it hold? The mean of 1,000 such searches says.
func mean(_ values: [Double]) -> Double { (values.reduce(0, +) / Double(values.count) * 1000).rounded() / 1000 }
var generator = Generator(seed: 1)
print("trials  promised  held")
for count in [1, 8, 16, 32, 64] {
  let winners = (0..<1000).compactMap { _ in
    generator.permutation(of: 64).prefix(count).map { trials[Int($0)] }.min { $0.validation < $1.validation }
  }
  print(count, mean(winners.map(\.validation)), mean(winners.map(\.test)), separator: "\t")
}

// Exercises: 1. Judge the winner by five folds of the 800 rows. Do they promise what it holds?
//            2. Let the 64 networks differ in nothing but their seed. What is promised now?
// Solutions/solutions-18.swift
