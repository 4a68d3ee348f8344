// SPDX-License-Identifier: Apache-2.0

import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletNN
import SwiftletTensors
import SwiftletTraining
import Testing

@Suite("Agreement with scikit-learn")
struct AgreementTests {
  @Test("finds the coefficients that scikit-learn finds", arguments: Golden.fits)
  func coefficients(golden: Golden.Fit) throws {
    let isRegression = golden.dataset == "concrete"
    let recipe = try Recipe(
      YAMLDocument(name: "test", value: .object([])),
      settings: [
        ("data", .string(datasets + golden.dataset)), ("model.kind", .string(isRegression ? "linear" : "logistic")),
        ("split.validation", 0), ("training.tolerance", 1e-6), ("training.max_iterations", 5000),
      ])
    let bundle = try Experiment(DataLoader(recipe.data), recipe).run(recipe, name: "test").bundle
    let parameters = bundle.network.parameters
    var (weights, biases) = (
      parameters[0].value.scalars.map { Double($0) }, parameters[1].value.scalars.map { Double($0) }
    )
    // The network predicts the standardized target; scikit-learn predicts the target.
    if let target = (bundle.head as? NumberHead)?.targets[0] {
      weights = weights.map { $0 * target.factor }
      biases = biases.map { $0 * target.factor + target.offset }
    }
    let tolerance = golden.dataset == "digits" ? 5e-3 : 1e-3
    #expect(weights.count == golden.coefficients.count)
    #expect(biases.count == golden.intercepts.count)
    let worst =
      zip(weights + biases, golden.coefficients + golden.intercepts).map { ($0 - $1).magnitude }.max() ?? .infinity
    #expect(worst <= tolerance, "\(golden.dataset): the largest difference is \(worst)")
  }
}

/// The data sets that ship, found from this file: tests run in any folder.
let datasets = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/Datasets/"
