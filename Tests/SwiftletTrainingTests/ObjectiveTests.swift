// SPDX-License-Identifier: Apache-2.0

import SwiftletData
import SwiftletFormats
import SwiftletNN
import SwiftletTensors
import SwiftletTestSupport
import SwiftletTraining
import Testing

@Suite("The objective")
struct ObjectiveTests {
  /// The parameters of a convex model of a data set, fitted by one optimizer or another.
  private func parameters(_ dataset: String, _ kind: JSONValue, _ settings: [(path: String, value: JSONValue)]) throws
    -> [Tensor]
  {
    let recipe = try Recipe(
      YAMLDocument(name: "test", value: .object([])),
      settings: [
        ("data", .string(datasets + dataset)), ("model.kind", kind), ("split.validation", 0), ("training.threads", 1),
      ] + settings)
    let network = try Experiment(DataLoader(recipe.data), recipe).run(recipe, name: "test").bundle.network
    return network.parameters.map(\.value)
  }

  // Every batch is all rows, so that the optimizers can come to the minimum itself. A strong penalty, so that a
  // wrong factor on it shows.
  private let whole: [(path: String, value: JSONValue)] = [
    ("training.batch_size", 100_000), ("training.epochs", 1500), ("training.schedule", "cosine"),
  ]

  @Test("of linear regression is that of Ridge by every optimizer", arguments: ["adam", "adamw", "sgd"])
  func linear(optimizer: String) throws {
    let exact = try parameters("concrete", "linear", [("training.l2", 300), ("training.tolerance", 1e-7)])
    let rate: JSONValue = optimizer == "sgd" ? 0.05 : 0.02
    let steps = try parameters(
      "concrete", "linear",
      whole + [
        ("training.l2", 300), ("training.optimizer", .string(optimizer)), ("training.learning_rate", rate),
        ("training.weight_decay", 5),  // of an mlp; a convex model has its penalty alone
      ])
    for (a, b) in zip(steps, exact) { expectClose(a, b, tolerance: 2e-3) }
  }

  @Test("of logistic regression is the same by Adam and by L-BFGS")
  func logistic() throws {
    let exact = try parameters("wine", "logistic", [("training.l2", 30), ("training.tolerance", 1e-7)])
    let steps = try parameters(
      "wine", "logistic",
      whole + [("training.l2", 30), ("training.optimizer", "adam"), ("training.learning_rate", 0.02)])
    // Of several classes the biases are not penalized, and so determined but for what is common to all.
    expectClose(steps[0], exact[0], tolerance: 2e-3)
    expectClose(steps[1] - steps[1].mean(), exact[1] - exact[1].mean(), tolerance: 2e-3)
  }
}
