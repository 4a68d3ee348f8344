// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletFormats
import SwiftletInterchange
import SwiftletModels
import Testing

@testable import SwiftletServing

@Suite("Graphs of ONNX that are served")
struct GraphServingTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func write(_ bytes: [UInt8], _ file: String) throws {
    let url = URL(fileURLWithPath: folder.path + "/" + file)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  private func repository(_ path: String) throws -> ModelRepository {
    try ModelRepository(paths: [path], limits: BatchLimits(), logger: silent)
  }

  @Test("a file, a folder with a graph and a folder of files answer as the bundle that they were written of")
  func serving() throws {
    let bundle = try TestModels.numbers(name: "flowers")
    let graph = try GraphExport.onnx(bundle)
    try write(graph, "files/one.onnx")
    try write(graph, "files/two.onnx")
    try write(graph, "folder/model.onnx")
    try write(graph, "versions/2/model.onnx")
    #expect(try repository(folder.path + "/files").current.names == ["one", "two"])
    #expect(try repository(folder.path + "/folder").current.names == ["folder"])
    #expect(try repository(folder.path + "/versions").model("versions").version == "2")
    let served = try repository(folder.path + "/files/one.onnx").model("one")
    #expect(served.signature.labels == bundle.labels)
    #expect(served.inputs.map(\.name) == ["features"])
    // As the Open Inference Protocol names a platform: the project, then the format.
    #expect(served.metadata(versions: ["1"])["platform"] == "onnx_onnxv1")
    #expect(served.configuration(ServerOptions())["platform"] == "onnx_onnxv1")

    let features = try served.prepare(objects: [served.exampleRow]).features
    var answers = Array(repeating: Double.nan, count: bundle.labels.count)
    features.withUnsafeBufferPointer { features in
      answers.withUnsafeMutableBufferPointer { served.model.answer(features: features, into: $0) }
    }
    let own = TabularModel(bundle)
    let table = try own.signature.tableReader.readJSONLines(
      .memory(Array(JSONValue.object(served.exampleRow).encoded().utf8), name: "rows.jsonl"))
    let (prepared, _) = try own.features(of: table)
    var expected = answers
    prepared.withUnsafeBufferPointer { features in
      expected.withUnsafeMutableBufferPointer { own.answer(features: features, into: $0) }
    }
    for (found, wanted) in zip(answers, expected) { #expect((found - wanted).magnitude < 1e-6) }
  }

  @Test("a damaged graph is refused with its file, and another one beside it is served")
  func damaged() throws {
    try write([0x0A, 0xFF], "files/broken.onnx")
    #expect { try repository(folder.path + "/files/broken.onnx") } throws: {
      "\($0)".contains("is not a valid ONNX file")
    }
    try write(GraphExport.onnx(try TestModels.numbers()), "files/whole.onnx")
    #expect(try repository(folder.path + "/files").current.names == ["whole"])
  }
}
