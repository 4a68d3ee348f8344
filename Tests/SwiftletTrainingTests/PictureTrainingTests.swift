// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors
import Testing

@testable import SwiftletTraining

@Suite("Learning from pictures")
struct PictureTrainingTests {
  /// A bar across or along, anywhere in a picture of 8 by 8 pixels.
  private func bars(count: Int, seed: UInt64) throws -> LoadedData {
    var generator = Generator(seed: seed)
    var bytes: [UInt8] = []
    var codes: [Int32] = []
    for _ in 0..<count {
      let isUpright = generator.below(2) == 1
      let (line, start) = (generator.below(8), generator.below(4))
      bytes += (0..<64).map { pixel in
        let (along, across) = isUpright ? (pixel / 8, pixel % 8) : (pixel % 8, pixel / 8)
        return across == line && (start..<start + 5).contains(along) ? 255 : UInt8(generator.below(60))
      }
      codes.append(isUpright ? 1 : 0)
    }
    return LoadedData(
      name: "bars",
      table: try Table([
        Column(name: "image", type: .image, values: .images(ImageColumn(height: 8, width: 8, bytes: bytes))),
        Column(name: "bar", type: .category, values: .codes(codes, categories: ["across", "upright"])),
      ]))
  }

  private func recipe(_ settings: String) throws -> Recipe {
    var recipe = Recipe()
    recipe.targets = ["bar"]
    recipe.training.threads = 1
    for word in settings.split(separator: " ") {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      let setting = try #require(Recipe.settings[parts[0]])
      try setting.apply(setting.kind.value(of: parts[1]), to: &recipe)
    }
    return recipe
  }

  @Test("a cnn finds the shape wherever it is", arguments: ["none", "group"])
  func learns(norm: String) throws {
    let recipe = try recipe(
      "model.kind=cnn model.channels=6,12 training.epochs=30 training.learning_rate=0.01 model.norm=\(norm)")
    let outcome = try Experiment(bars(count: 240, seed: 1), recipe).run(recipe, name: "bars")
    #expect(try #require(outcome.figures.judged.metrics["accuracy"]) > 0.97)
    #expect(outcome.bundle.card.contains("convolutional network (6, 12 channels)"))
    #expect(
      outcome.bundle.network.parameters.map(\.name).filter { $0.hasSuffix("weight") }.count == (norm == "none" ? 3 : 5))
  }

  @Test("a saved cnn answers the same bytes")
  func saved() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-bars-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let recipe = try recipe("model.kind=cnn model.channels=3 model.dense=5 training.epochs=1 model.norm=group")
    let source = try bars(count: 40, seed: 2)
    let bundle = try Experiment(source, recipe).run(recipe, name: "bars").bundle
    try bundle.save(to: path)
    let loaded = try ModelBundle.load(from: path)
    let answers = try Predictor(bundle).predict(source.table).answers
    #expect(try Predictor(loaded).predict(source.table).answers.values == answers.values)
    #expect(loaded.rowCost == 64 * 9 * 3 + 48 * 5 + 5 * 1)
    #expect(try loaded.recipe().model.channels == [3])
  }

  @Test("columns are no pictures: a cnn and moving them are refused with what to use")
  func columns() throws {
    let table = try Table([
      Column(name: "x", type: .number, values: .numbers(Numbers((0..<20).map { Double($0) }))),
      Column(name: "bar", type: .category, values: .codes((0..<20).map { Int32($0 % 2) }, categories: ["a", "b"])),
    ])
    func message(_ settings: String) throws -> String {
      let recipe = try recipe(settings)
      let error = #expect(throws: DataError.self) {
        try Experiment(LoadedData(name: "x", table: table), recipe).run(recipe, name: "x")
      }
      return "\(error.map { "\($0)" } ?? "")"
    }
    #expect(try message("model.kind=cnn").contains("Use --model mlp"))
    #expect(try message("model.kind=mlp training.augment.shift=1").contains("training.augment"))
    #expect(try message("model.kind=logistic training.augment.flip=true").contains("training.augment"))
  }

  @Test("pictures are moved by up to the shift, with the nearest pixel at the edge, and every move occurs")
  func moves() {
    var augmentation = Augmentation()
    augmentation.shift = 1
    let picture = Tensor((0..<12).map { Float($0) }, shape: [1, 12])  // 3 rows of 4
    let features = FeatureMatrix.images(ImageColumn(height: 3, width: 4, bytes: Array(0..<12)), scale: .none)
    var generator = Generator(seed: 1)
    var seen: Set<[Float]> = []
    for _ in 0..<200 { seen.insert(augmentation(picture, of: features, &generator).scalars) }
    #expect(seen.count == 9)
    #expect(seen.contains(picture.scalars))
    #expect(seen.contains([0, 0, 1, 2, 0, 0, 1, 2, 4, 4, 5, 6]))  // down and to the right
    augmentation.shift = 0
    augmentation.flip = true
    seen = []
    for _ in 0..<50 { seen.insert(augmentation(picture, of: features, &generator).scalars) }
    #expect(seen == [picture.scalars, [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8]])
  }

  @Test("the channels of a picture are moved together")
  func channels() {
    var augmentation = Augmentation()
    augmentation.shift = 3
    let column = ImageColumn(height: 1, width: 3, channels: 2, bytes: [1, 2, 3, 11, 12, 13])
    var generator = Generator(seed: 2)
    for _ in 0..<50 {
      let moved = augmentation(Tensor([[1, 2, 3, 11, 12, 13]]), of: .images(column, scale: .none), &generator).scalars
      #expect(zip(moved, moved[3...]).allSatisfy { $1 - $0 == 10 })
    }
  }
}
