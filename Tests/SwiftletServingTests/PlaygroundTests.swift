// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import Testing

@testable import SwiftletServing

@Suite("The playground")
struct PlaygroundTests {
  private static let project = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
  private static let assets = project + "/Sources/SwiftletServing/Playground/Assets/"

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: Self.assets + name, encoding: .utf8)
  }

  @Test("serves every file of its folder, as it is")
  func embedded() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.assets).filter { !$0.hasSuffix(".html") }
    #expect(Set(files) == Set(StaticAsset.byName.keys))
    for file in files {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: Self.assets + file))
      #expect(StaticAsset.byName[file].map { Data($0.bytes.readableBytesView) } == bytes, "\(file)")
    }
    #expect(Data(StaticAsset.playground.bytes.readableBytesView) == Data(try text("index.html").utf8))
    #expect(Data(StaticAsset.docs.bytes.readableBytesView) == Data(try text("docs.html").utf8))
  }

  @Test("loads nothing from elsewhere, and holds no script or style that its own policy would refuse")
  func selfContained() throws {
    for file in try FileManager.default.contentsOfDirectory(atPath: Self.assets) {
      let text = try text(file)
      for word in [
        "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "@import",
      ] {
        #expect(!text.contains(word), "\(file) has \(word)")
      }
      if file.hasSuffix(".html") {
        for address in text.matches(of: /(?:src|href)="([^"]*)"/).map(\.1) where !address.hasPrefix("#") {
          #expect(!address.hasPrefix("/") && !address.contains(":"), "\(file): \(address)")
          if let name = address.wholeMatch(of: /assets\/(.*)/)?.1 {
            #expect(StaticAsset.byName[String(name)] != nil, "\(file): \(address)")
          }
        }
        #expect(!text.contains("<style") && !text.contains("style=") && text.firstMatch(of: /\son[a-z]+=/) == nil)
        #expect(text.firstMatch(of: /<script(?![^>]*src=)/) == nil)
      }
      if file.hasSuffix(".js") {
        for name in text.matches(of: /from "\.\/([^"]+)"/).map(\.1) {
          #expect(StaticAsset.byName[String(name)] != nil, "\(file) imports \(name)")
        }
      }
    }
  }

  @Test("tells of a model what a form needs")
  func description() throws {
    let bundle = try ModelBundle.load(from: Self.project + "/Models/iris")
    let description = playgroundDescription(of: TabularModel(bundle).signature)
    let first = try #require(description["inputs"]?.array?.first)
    #expect(first["name"] == "sepal_length_cm" && first["type"] == "number" && first["unit"] == "cm")
    #expect(first["example"] == 5.1 && first["minimum"] == 4.3 && first["maximum"] == 7.9)
    #expect(description["labels"] == ["setosa", "versicolor", "virginica"])
    #expect(
      description["metrics"]?["test"]?["accuracy"]?.number == bundle.training["metrics"]?["test"]?["accuracy"]?.number)
    #expect(description["baseline"]?["accuracy"]?.number != nil)
    #expect(description["card"]?.string == bundle.card)
    // The recipe names places on the machine that trained.
    #expect(description["training"] == nil && !description.encoded().contains("\"recipe\""))
  }

  @Test("tells how the cells of a picture belong to the inputs")
  func view() throws {
    let description = playgroundDescription(
      of: TabularModel(try ModelBundle.load(from: Self.project + "/Models/digits")).signature)
    #expect(description["view"]?["columns"]?.array?.count == 64)
    #expect(description["inputs"]?.array?.count == 62)
    #expect(description["linear"] == nil)
  }

  @Test("gives the weights that make the predictor's own probabilities")
  func contributions() throws {
    let bundle = try ModelBundle.load(from: Self.project + "/Models/breast-cancer")
    let description = playgroundDescription(of: TabularModel(bundle).signature)
    let inputs = try #require(description["inputs"]?.array)
    // What the page does, for the example row: base and weight times standardized value.
    let weights = try #require(description["linear"]?["weights"]?.array?.first?.array).compactMap { $0.number }
    var score = try #require(description["linear"]?["bias"]?.array?.first?.number)
    var row: [Double] = []
    for (input, weight) in zip(inputs, weights) {
      let value = try #require(input["example"]?.number)
      let offset = try #require(input["offset"]?.number)
      let factor = try #require(input["factor"]?.number)
      row.append(value)
      score += weight * (value - offset) * factor
    }
    var answer = [0.0, 0]
    var features = Array(repeating: Float(0), count: row.count)
    let bareRows = try #require(BareRows(bundle.pipeline))
    row.withUnsafeBufferPointer { row in features.withUnsafeMutableBufferPointer { bareRows.transform(row, into: $0) } }
    features.withUnsafeBufferPointer { features in
      answer.withUnsafeMutableBufferPointer { Predictor(bundle).answer(features: features, into: $0) }
    }
    #expect(abs(1 / (1 + exp(-score)) - answer[1]) < 1e-5)
  }

  @Test("shows only the figures of a training record that are figures")
  func hostileRecord() throws {
    var bundle = try ModelBundle.load(from: Self.project + "/Models/iris")
    bundle.training = ["metrics": ["test": ["accuracy": "<b>1</b>", "r2": 0.5], "train": 3], "baseline": [1]]
    let description = playgroundDescription(of: TabularModel(bundle).signature)
    #expect(description["metrics"] == ["test": ["r2": 0.5], "train": .object([])])
    #expect(description["baseline"] == .object([]))
  }
}
