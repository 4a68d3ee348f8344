// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors
import SwiftletTestSupport
import Testing

@Suite("Model bundles")
struct BundleTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-bundle-\(UUID())").path

  /// A small model of two numbers and three classes.
  private func bundle(seed: UInt64 = 1, network: Sequential? = nil) throws -> ModelBundle {
    let table = try TableReader().readCSV(.memory(Array("x,y\n1,5\n2,7\n4,6\n".utf8), name: "t"))
    var generator = Generator(seed: seed)
    return try ModelBundle(
      name: "small", target: "z", head: ClassHead(labels: ["a", "b", "c"]), pipeline: try Pipeline.fit(table).0,
      kind: "mlp",
      network: network
        ?? Sequential(
          Linear(inputSize: 2, outputSize: 9, using: &generator), Tanh(),
          Linear(inputSize: 9, outputSize: 3, using: &generator)), training: ["seed": 1],
      history: "epoch\n", card: "# small\n")
  }

  @Test("what was saved is what is loaded, and replaces what was there")
  func roundTrip() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try bundle(seed: 1).save(to: folder)
    let saved = try bundle(seed: 2)
    try saved.save(to: folder)
    let loaded = try ModelBundle.load(from: folder)
    #expect(loaded.network.parameters.map(\.value) == saved.network.parameters.map(\.value))
    #expect(loaded.pipeline == saved.pipeline)
    #expect(loaded.labels == ["a", "b", "c"])
    #expect(loaded.card == "# small\n")
    let left = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(left == ["README.md", "history.csv", "model.json", "model.safetensors"])
  }

  @Test("every truncated file of a bundle is refused, and no changed byte of model.json traps")
  func corruption() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try bundle().save(to: folder)
    for file in ["model.json", "model.safetensors"] {
      let url = URL(fileURLWithPath: folder + "/" + file)
      let whole = try Data(contentsOf: url)
      let end = file == "model.json" ? whole.count - 2 : whole.count  // the last brace and its line end
      for length in stride(from: 0, to: end, by: 7) {
        try whole.prefix(length).write(to: url)
        #expect(throws: FormatError.self, "\(file), \(length) bytes") { try ModelBundle.load(from: folder) }
      }
      for position in stride(from: 0, to: whole.count, by: 3) {
        var damaged = whole
        damaged[position] ^= 0x15
        try damaged.write(to: url)
        _ = try? ModelBundle.load(from: folder)
      }
      try whole.write(to: url)
    }
    _ = try ModelBundle.load(from: folder)
  }

  /// Saves the small model, changes members of its model.json, and loads it.
  private func loaded(changing changes: [String: JSONValue]) throws -> ModelBundle {
    try bundle().save(to: folder)
    let file = folder + "/model.json"
    let json = try JSONValue.parse(try ByteSource.file(file).readAll()[...], name: file)
    let members = (json.members ?? []).map { JSONValue.Member($0.name, changes[$0.name] ?? $0.value) }
    try JSONValue.object(members).encoded().write(toFile: file, atomically: true, encoding: .utf8)
    return try ModelBundle.load(from: folder)
  }

  /// The layers of the small model with another size in the middle, as numbers that a file may hold.
  private static let wrongSizes: [JSONValue] = [16_777_216, 16_777_217, 0, -1, 1e300, 10, "9", .null]

  @Test("a layer of another size than its parameters is refused", arguments: wrongSizes)
  func wrongSize(_ size: JSONValue) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let layers: JSONValue = [
      ["kind": "linear", "input": 2, "output": size], ["kind": "tanh"], ["kind": "linear", "input": size, "output": 3],
    ]
    #expect(throws: FormatError.self) { try loaded(changing: ["network": layers]) }
  }

  @Test("layers that do not follow each other, or are unknown, or too many, are refused with a sentence")
  func wrongLayers() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let first: JSONValue = ["kind": "linear", "input": 2, "output": 9]
    let wrong: [(layers: JSONValue, sentence: String)] = [
      ([first], "the parameter \"2.bias\" belongs to no layer"),
      ([first, ["kind": "linear", "input": 8, "output": 3]], "layer 1 (linear)"),
      ([["kind": "liner"]], "there is no layer \"liner\". Did you mean \"linear\"?"),
      (.array(Array(repeating: ["kind": "relu"], count: 1025)), "at most 1024 are allowed"),
      ("mlp", "needs a list of layers"),
    ]
    for (layers, sentence) in wrong {
      #expect {
        try loaded(changing: ["network": layers])
      } throws: { error in
        guard "\(error)".contains(sentence) else {
          Issue.record("\(error)")
          return false
        }
        return true
      }
    }
  }

  @Test("the first format is read, and its network answers the same")
  func firstFormat() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let network: JSONValue = [
      "kind": "mlp", "input": 2, "hidden": [9], "output": 3, "activation": "tanh", "dropout": 0,
    ]
    let old = try loaded(changing: ["format": "swiftlet-model/1", "network": network])
    #expect(Blueprint(old.network) == Blueprint(try bundle().network))
    #expect(old.network.parameters.map(\.value) == (try bundle().network.parameters.map(\.value)))
    for hidden: JSONValue in [[16_777_216, 16_777_216], [0], [-1], [1e300], [10], 9] {
      var members = network.members ?? []
      members[2].value = hidden
      #expect(throws: FormatError.self) {
        try loaded(changing: ["format": "swiftlet-model/1", "network": .object(members)])
      }
    }
  }

  @Test("parameters that are not finite are refused")
  func notFinite() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var network = try bundle().network
    network.updateParameters { name, value in
      if name == "2.bias" { value = Tensor(repeating: .nan, shape: [3]) }
    }
    try bundle(network: network).save(to: folder)
    #expect { try ModelBundle.load(from: folder) } throws: {
      "\($0)".contains("2.bias holds numbers that are not finite")
    }
  }

  @Test("a folder that cannot be written is said, and nothing is left behind")
  func unwritable() throws {
    let parent = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-file-\(UUID())").path
    try "a file, not a folder".write(toFile: parent, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: parent) }
    #expect { try bundle().save(to: parent + "/model") } throws: { "\($0)".contains("cannot be written") }
  }

  @Test("the predictor agrees with the layers, one row alone or many together")
  func predictor() throws {
    let bundle = try bundle()
    let predictor = Predictor(bundle)
    var generator = Generator(seed: 4)
    let features = Tensor.uniform([600, 2], in: -2..<2, using: &generator)
    let obvious = softmax(bundle.network(features))
    let together = predictor.answers(for: .dense(features))
    expectClose(Tensor(together.values.map { Float($0) }, shape: [600, 3]), obvious)
    #expect((0..<600).map { Int32(bundle.head.label(of: together.row($0))) } == obvious.argmax(axis: 1))
    for row in [0, 255, 256, 599] {
      let alone = predictor.answers(for: .dense(features.rows(row..<row + 1)))
      #expect(zip(alone.values, together.row(row)).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  /// Networks in whose middle stands something else than a linear layer with an activation.
  private static let unusual: [@Sendable (inout Generator) -> Sequential] = [
    {
      Sequential(
        Linear(inputSize: 2, outputSize: 9, using: &$0), LayerNorm(size: 9),
        Linear(inputSize: 9, outputSize: 3, using: &$0))
    },
    {
      Sequential(
        Linear(inputSize: 2, outputSize: 9, using: &$0), Dropout(rate: 0.5), Tanh(),
        Linear(inputSize: 9, outputSize: 3, using: &$0))
    },
    { Sequential(Linear(inputSize: 2, outputSize: 3, using: &$0), ReLU(), GELU()) },
    {
      Sequential(
        Sigmoid(), Sequential(Linear(inputSize: 2, outputSize: 700, using: &$0), ReLU()),
        Linear(inputSize: 700, outputSize: 3, using: &$0))
    },
  ]

  @Test("the predictor runs every layer", arguments: unusual.indices)
  func everyLayer(position: Int) throws {
    var generator = Generator(seed: 6)
    let bundle = try bundle(network: Self.unusual[position](&generator))
    let features = Tensor.uniform([300, 2], in: -2..<2, using: &generator)
    let answers = Predictor(bundle).answers(for: .dense(features))
    expectClose(Tensor(answers.values.map { Float($0) }, shape: [300, 3]), softmax(bundle.network(features)))
  }

  @Test("a row has the same answer to the last bit, alone or among others, by one thread or by several")
  func sameAnswers() async throws {
    // Wide enough that 900 rows are worth more than one thread.
    var generator = Generator(seed: 5)
    let bundle = try bundle(
      network: Sequential(
        Linear(inputSize: 2, outputSize: 2100, using: &generator), Tanh(),
        Linear(inputSize: 2100, outputSize: 3, using: &generator)))
    let (alone, shared) = (Predictor(bundle), Predictor(bundle, threads: 3))
    let rows = Tensor.uniform([900, 2], in: 0..<9, using: &generator).scalars
    @Sendable func answers(of predictor: Predictor, _ range: Range<Int> = 0..<900) -> [Double] {
      var answers = Array(repeating: 0.0, count: 3 * range.count)
      rows[2 * range.lowerBound..<2 * range.upperBound].withUnsafeBufferPointer { rows in
        answers.withUnsafeMutableBufferPointer { predictor.answer(features: rows, into: $0) }
      }
      return answers
    }
    let expected = answers(of: alone)
    for range in [0..<1, 17..<18, 5..<8, 100..<163, 899..<900, 250..<900] {
      #expect(answers(of: alone, range) == Array(expected[3 * range.lowerBound..<3 * range.upperBound]))
    }
    await withTaskGroup(of: [Double].self) { group in
      for _ in 0..<20 { group.addTask { answers(of: shared) } }
      for await found in group { #expect(found == expected) }
    }
  }

  @Test("a model prepares rows alike by one thread and by several")
  func samePreparation() throws {
    let bundle = try bundle()
    var generator = Generator(seed: 7)
    let rows = (0..<300_000).map { _ in generator.below(9) == 0 ? Double.nan : generator.normal() * 3 }
    let prepared = [1, 3].map { threads in
      var features = Array(repeating: Float(0), count: rows.count)
      rows.withUnsafeBufferPointer { rows in
        features.withUnsafeMutableBufferPointer { TabularModel(bundle, threads: threads).prepare(rows, into: $0) }
      }
      return features
    }
    #expect(prepared[0] == prepared[1])
    let table = try Table(
      ["x", "y"].enumerated().map { position, name in
        let numbers = stride(from: position, to: rows.count, by: 2).map { rows[$0] }
        return Column(name: name, type: .number, values: .numbers(Numbers(numbers)))
      })
    #expect(try TabularModel(bundle).features(of: table).features == prepared[0])
  }
}
