// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletAutograd
import SwiftletFormats
import SwiftletNN
import SwiftletTables
import SwiftletTensors
import SwiftletTestSupport
import Testing

@testable import SwiftletModels

/// A layer that the toolkit does not know: every row back to front.
private struct Backward: Layer {
  static let kind = "backward"
  init() {}
  init(from plan: LayerPlan) throws {}
  func callAsFunction(_ input: Tensor) -> Tensor {
    let rows = input.transposed().scalars
    let width = input.shape[1]
    let count = input.shape[0]
    return Tensor((0..<width).reversed().flatMap { rows[$0 * count..<($0 + 1) * count] }, shape: [width, count])
      .transposed()
  }
  func callAsFunction(_ input: Variable) -> Variable { input }
}

@Suite("The parts of a bundle")
struct BundlePartsTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-parts-\(UUID())").path

  @Test("every file and folder is forced onto the disk, and a failure leaves the old folder")
  func forced() throws {
    let place = folder + "/place"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let old: [(name: String, bytes: [UInt8])] = [("a", [1])]
    try FolderExchange.replace(place, with: old, shownAs: place)
    var forced: [String] = []
    func force(_ descriptor: Int32) -> Int32 {
      #if os(Linux)
        let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")) ?? ""
        forced.append(String(path.split(separator: "/").last ?? ""))
        // Nothing has taken the old folder's place before all files are on the disk.
        if forced.count <= 2 { #expect(FileManager.default.fileExists(atPath: place + "/a")) }
      #endif
      return 0
    }
    try FolderExchange.replace(place, with: [("b", [2]), ("in/c", [3])], shownAs: place, forcing: force)
    #if os(Linux)
      #expect(forced.prefix(2) == ["b", "c"])
      #expect(
        Set(forced.dropFirst(2)).isSuperset(of: ["in", folder.split(separator: "/").last.map(String.init) ?? ""]))
    #endif
    #expect {
      try FolderExchange.replace(place, with: old, shownAs: place) { _ in
        errno = EIO; return -1
      }
    } throws: {
      "\($0)".contains("cannot be written: Input/output error.")
    }
    #expect(try ByteSource.file(place + "/b").readAll() == [2])
  }

  /// A model of two numbers and three classes.
  private func bundle(_ layers: any Layer...) throws -> ModelBundle {
    let table = try TableReader().readCSV(.memory(Array("x,y\n1,5\n2,7\n4,6\n".utf8), name: "t"))
    return try ModelBundle(
      name: "small", target: "z", head: ClassHead(labels: ["a", "b", "c"]), pipeline: try Pipeline.fit(table).0,
      kind: "mlp", network: Sequential(layers), training: .null, history: "", card: "")
  }

  private func linear(_ inputSize: Int, _ outputSize: Int) -> Linear {
    var generator = Generator(seed: 3)
    return Linear(inputSize: inputSize, outputSize: outputSize, using: &generator)
  }

  private func probabilities(_ answers: Answers) -> Tensor {
    Tensor(answers.values.map { Float($0) }, shape: [answers.count, answers.width])
  }

  @Test("parts that disagree are never a bundle")
  func disagreement() throws {
    func refusal(_ make: () throws -> ModelBundle) -> String {
      do {
        _ = try make()
        return ""
      } catch { return "\(error)" }
    }
    #expect(refusal { try bundle(linear(2, 3)) } == "")
    #expect(
      refusal { try bundle(linear(3, 3)) }
        == "layer 0 (linear): needs 3 numbers in a row, and the shape of what comes in is [1, 2].")
    #expect(
      refusal { try bundle(linear(2, 700), linear(9, 3)) }
        == "layer 1 (linear): needs 9 numbers in a row, and the shape of what comes in is [1, 700].")
    #expect(
      refusal { try bundle(linear(2, 4)) } == "the network gives [1, 4] for a row, and 3 scores are needed.")
  }

  @Test("no width that a bundle can have makes a workspace larger than a row of it, or than four megabytes")
  func boundedWorkspace() {
    for width in [1, 2, 64, 784, 4096, 4097, 1 << 20, (1 << 20) + 1, LayerPlan.sizeLimit] {
      let rows = Workspace.rowCount(ofWidth: width)
      #expect(rows >= 1 && rows <= 256)
      #expect(rows * width <= max(width, 1 << 20))
    }
  }

  @Test("a layer so wide that a block has few rows answers like its layers")
  func wideLayer() throws {
    let bundle = try bundle(linear(2, 300_000), ReLU(), linear(300_000, 3))
    var generator = Generator(seed: 4)
    let features = Tensor.uniform([10, 2], in: -2..<2, using: &generator)
    expectClose(probabilities(Predictor(bundle).answers(for: .dense(features))), softmax(bundle.network(features)))
  }

  @Test("a layer of one's own is saved, loaded where its kind is named, and answers")
  func ownLayer() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let saved = try bundle(linear(2, 5), Backward(), linear(5, 3))
    try saved.save(to: folder)
    #expect { try ModelBundle.load(from: folder) } throws: {
      "\($0)".contains("layer 1 (backward): there is no layer \"backward\".")
    }
    let loaded = try ModelBundle.load(from: folder, kinds: Blueprint.kinds + [Backward.self])
    let features = Tensor([[1, 2], [-1, 0.5], [0, 3]])
    expectClose(probabilities(Predictor(loaded).answers(for: .dense(features))), softmax(saved.network(features)))
    let plain = try bundle(linear(2, 5), linear(5, 3))
    #expect(plain.network(features) != saved.network(features))
  }

  @Test("a bundle of the first format answers as it did, and is written in the second")
  func firstFormat() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Fixtures/first-format"
    let bundle = try ModelBundle.load(from: fixture)
    #expect(bundle.network.layers.map { type(of: $0).kind } == ["linear", "tanh", "dropout", "linear"])
    let rows = FeatureMatrix.dense(Tensor([[-1, 0.5], [0.25, 2]]))
    let answers = Predictor(bundle).answers(for: rows)
    // As NumPy computes them from the file in 64 bits.
    expectClose(
      probabilities(answers), Tensor([[0.4920701, 0.2745315, 0.2333985], [0.6614673, 0.1542206, 0.1843121]]),
      tolerance: 1e-6)
    #expect((0..<2).map { bundle.head.label(of: answers.row($0)) } == [0, 0])
    try bundle.save(to: folder)
    let again = try ModelBundle.load(from: folder)
    #expect(try String(contentsOfFile: folder + "/model.json", encoding: .utf8).contains("\"swiftlet-model/2\""))
    #expect(again.network.parameters.map(\.value) == bundle.network.parameters.map(\.value))
    #expect(Blueprint(again.network) == Blueprint(bundle.network))
  }
}
