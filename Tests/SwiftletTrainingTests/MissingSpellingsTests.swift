// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletTables
import SwiftletTraining
import Testing

@Suite("Missing values of a recipe")
struct MissingValueTests {
  @Test("mean the same to the model that was trained by it")
  func spellings() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-\(UUID()).csv").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    let rows = (0..<40).map { "\($0 % 5 == 0 ? "-99" : "\($0)"),\(Double($0) * 1.5)\n" }
    try ("x,y\n" + rows.joined()).write(toFile: file, atomically: true, encoding: .utf8)
    let document = try YAML.parse(
      "data: \(file)\ntarget: y\nsource: {missing_only: [\"\", \"-99\"]}\nmodel: {kind: linear}\n", name: "recipe.yaml")
    let recipe = try Recipe(document)
    let bundle = try Experiment(DataLoader(recipe.data), recipe).run(recipe, name: "t").bundle
    #expect(bundle.reading.missing.spellings == ["", "-99"])
    #expect(try #require(bundle.inputs[0].profile).minimum > 0)
  }
}
