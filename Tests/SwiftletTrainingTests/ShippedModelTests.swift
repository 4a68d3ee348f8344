// SPDX-License-Identifier: Apache-2.0

import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTensors
import SwiftletTestSupport
import SwiftletTraining
import Testing

@Suite("The models that ship")
struct ShippedModelTests {
  private static let models = datasets.dropLast("Datasets/".count) + "Models/"

  @Test(
    "can be made again: by a release build to the same bytes where OpenBLAS takes the same kernel, else close to them",
    arguments: ["iris", "breast-cancer", "digits"])
  func retraining(name: String) throws {
    let shipped = try ModelBundle.load(from: Self.models + name)
    let document = YAMLDocument(name: "model.json", value: try #require(shipped.training["recipe"]))
    let threads = try #require(shipped.training["threads"]?.integer)
    let recipe = try Recipe(
      document, settings: [("data", .string(datasets + name)), ("training.threads", JSONValue(threads))])
    let again = try Experiment(DataLoader(recipe.data), recipe).run(recipe, name: name).bundle
    #expect(again.pipeline == shipped.pipeline)
    #if !DEBUG  // which they were made without: the compiler adds numbers in another order there
      let kernel = [shipped.training["openblas"], shipped.training["core"]].map { $0?.string }
      if kernel == [OpenBLAS.version, OpenBLAS.coreName] {
        #expect(again.network.parameters.map(\.value) == shipped.network.parameters.map(\.value))
      }
    #endif
    let table = try DataLoader(datasets + name).load().table
    let rows = try shipped.pipeline.transform(table).features
    let (a, b) = (Predictor(again).answers(for: rows), Predictor(shipped).answers(for: rows))
    #expect(a.values.count == b.values.count && zip(a.values, b.values).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test(
    "reach the accuracy of their cards on the test rows",
    arguments: [("iris", 0.9), ("breast-cancer", 0.96), ("digits", 0.955)])
  func accuracy(name: String, bar: Double) throws {
    let evaluation = try Evaluation(
      try ModelBundle.load(from: Self.models + name), on: DataLoader(datasets + name), split: .test)
    let accuracy = try #require(evaluation.metrics["accuracy"])
    #expect(accuracy >= bar)
  }
}
