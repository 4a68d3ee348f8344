// SPDX-License-Identifier: Apache-2.0
//
// Small models of every kind, made on the spot: the tests do not depend on what is shipped.

import Foundation
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import SwiftletFormats
import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors
import Testing

@testable import SwiftletServing

enum TestModels {
  /// Three numbers, three classes.
  static func numbers(seed: UInt64 = 1, name: String = "flowers") throws -> ModelBundle {
    try bundle(
      name, "length,width,weight\n1,5,2\n2,7,9\n4,6,4\n3,5,8\n", ClassHead(labels: ["a", "b", "c"]), outputs: 3,
      seed: seed)
  }

  /// A number, a category and a truth value, two classes.
  static func mixed() throws -> ModelBundle {
    try bundle(
      "penguins", "bill,island,female\n39,Dream,yes\n45,Biscoe,no\n41,Dream,no\n,Torgersen,yes\n",
      ClassHead(labels: ["Adelie", "Gentoo"]), outputs: 1)
  }

  /// Two numbers, two targets.
  static func regression() throws -> ModelBundle {
    try bundle(
      "prices", "area,rooms\n50,2\n80,3\n120,5\n",
      NumberHead(targets: [
        TargetScale(name: "price", offset: 100, factor: 10), TargetScale(name: "rent", offset: 5, factor: 1),
      ]), outputs: 2)
  }

  /// Columns of categories, two classes.
  static func words(_ csv: String, types: [String: ColumnType] = [:]) throws -> ModelBundle {
    let table = try TableReader(types: types).readCSV(.memory(Array(csv.utf8), name: "words"))
    return try bundle("words", try Pipeline.fit(table).0, ClassHead(labels: ["no", "yes"]), outputs: 1)
  }

  /// A target that is large beside its spread: seconds since 1970.
  static func arrivals() throws -> ModelBundle {
    try bundle(
      "arrivals", "km,stops\n50,2\n80,3\n120,5\n",
      NumberHead(targets: [TargetScale(name: "arrives", offset: 1.7e9, factor: 300)]), outputs: 1)
  }

  /// Pictures of 2 by 3 pixels.
  static func pictures() throws -> ModelBundle {
    let bytes = (0..<12).map { UInt8($0 * 20) }
    let table = try Table([
      Column(name: "image", type: .image, values: .images(ImageColumn(height: 2, width: 3, bytes: bytes)))
    ])
    return try bundle("pictures", try Pipeline.fit(table).0, ClassHead(labels: ["x", "y", "z"]), outputs: 3)
  }

  /// Two users and three items, with ratings of 3 + taste · trait. "anna" likes what is sweet, and "ben" does not; most have
  /// rated the bread, then the soup, then the cake.
  static func tastes(top: Int = 2) throws -> ModelBundle {
    let csv = "customer,dish\nanna,cake\nanna,bread\nben,bread\nanna,soup\nben,soup\nben,bread\n"
    var options = PipelineOptions()
    options.categoricalEncoding = EmbeddingEncoder.encoding
    let table = try TableReader(types: ["customer": .category, "dish": .category])
      .readCSV(.memory(Array(csv.utf8), name: "tastes"))
    var lists = RecommendationOptions()
    (lists.user, lists.item, lists.top, lists.popularity) = ("customer", "dish", top, 0)
    // A row for each code, of a bias and one factor; code 0 is the stranger. The codes are in the order of the names.
    let users = Tensor([[0, 0], [0, 1], [0, -1]])
    let items = Tensor([[0, 0], [0.5, 0], [0, 2], [0, -1]])  // bread, cake, soup
    let layer: JSONValue = ["kind": "factors", "users": 3, "items": 4, "dimensions": 1]
    let pipeline = try Pipeline.fit(table, options).0
    return try ModelBundle(
      name: "tastes", target: "stars",
      head: RankingHead(lists, scale: TargetScale(name: "stars", offset: 3, factor: 1)), pipeline: pipeline,
      kind: "factors",
      network: Blueprint([layer]).build(
        from: LoadedParameters([("0.users.weight", users), ("0.items.weight", items)]), inputSize: 2),
      training: ["seed": 1], history: "epoch\n", card: "# tastes\n")
  }

  private static func bundle(_ name: String, _ csv: String, _ head: any Head, outputs: Int, seed: UInt64 = 1)
    throws
    -> ModelBundle
  {
    let table = try TableReader().readCSV(.memory(Array(csv.utf8), name: name))
    return try bundle(name, Pipeline.fit(table).0, head, outputs: outputs, seed: seed)
  }

  private static func bundle(
    _ name: String, _ pipeline: Pipeline, _ head: any Head, outputs: Int, seed: UInt64 = 1
  ) throws -> ModelBundle {
    var generator = Generator(seed: seed)
    return try ModelBundle(
      name: name, target: "target", head: head, pipeline: pipeline, kind: "mlp",
      network: Sequential(
        Linear(inputSize: pipeline.width, outputSize: 8, using: &generator), Tanh(),
        Linear(inputSize: 8, outputSize: outputs, using: &generator)), training: ["seed": 1], history: "epoch\n",
      card: "# \(name)\n")
  }
}

/// A folder that is gone when the test is.
final class TemporaryFolder {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-serving-\(UUID())").path
  init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A logger that writes nowhere.
let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
