// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors
import Testing

@Suite("The spellings of missing values")
struct MissingSpellingsTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-missing-\(UUID())").path

  /// Saves a small model, changes the members of its model.json, and loads it.
  private func loaded(
    _ spellings: [String], training: JSONValue = .null, change: ([JSONValue.Member]) -> [JSONValue.Member] = { $0 }
  ) throws -> ModelBundle {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var generator = Generator(seed: 1)
    let table = try TableReader().readCSV(.memory(Array("x\n1\n2\n4\n".utf8), name: "t"))
    var reading = ReadingOptions()
    reading.missing = MissingSpellings(spellings)
    try ModelBundle(
      name: "small", target: "z", head: NumberHead(targets: [TargetScale(name: "z")]),
      pipeline: try Pipeline.fit(table).0, reading: reading, kind: "linear",
      network: Sequential(Linear(inputSize: 1, outputSize: 1, using: &generator)), training: training, history: "",
      card: ""
    ).save(to: folder)
    let file = folder + "/model.json"
    let json = try JSONValue.parse(try ByteSource.file(file).readAll()[...], name: "model.json")
    let changed = JSONValue.object(change(json.members ?? []))
    try changed.encoded().write(toFile: file, atomically: true, encoding: .utf8)
    return try ModelBundle.load(from: folder)
  }

  @Test("travel with the model, whatever its training record says")
  func roundTrip() throws {
    let record: JSONValue = ["recipe": ["source": ["missing": ["other"]]]]
    #expect(try loaded(["", "-99"], training: record).reading.missing.spellings == ["", "-99"])
  }

  @Test("are those of the recipe in a bundle that does not name them, and the usual ones where it has none")
  func oldBundles() throws {
    let record: JSONValue = ["recipe": ["source": ["missing": ["", "-99"]]]]
    func withoutMissing(_ members: [JSONValue.Member]) -> [JSONValue.Member] { members.filter { $0.name != "missing" } }
    #expect(try loaded(["x"], training: record, change: withoutMissing).reading.missing.spellings == ["", "-99"])
    #expect(try loaded(["x"], change: withoutMissing).reading.missing == .standard)
  }

  @Test("are refused where they are no texts")
  func refused() {
    #expect {
      try loaded([]) { $0.map { $0.name == "missing" ? .init("missing", ["", 3]) : $0 } }
    } throws: {
      "\($0)".contains("needs a list of texts as \"missing\"")
    }
  }
}
