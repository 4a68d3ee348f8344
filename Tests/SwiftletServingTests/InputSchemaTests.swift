// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import Testing

@testable import SwiftletServing

/// Every word that is published about a model's inputs, held to a file: the model's signature, the Open Inference
/// Protocol's metadata, the OpenAPI schemas with their examples, and the playground's form.
///
/// Where a word changes on purpose, change it in the file too.
@Suite("What is said of a model's inputs")
struct InputSchemaTests {
  @Test("is the same as ever, for models of numbers, of mixed columns and of pictures")
  func golden() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Golden/inputs.json"
    let golden = try JSONValue.parse(try ByteSource.file(path).readAll()[...], name: "inputs.json")
    for bundle in [try TestModels.numbers(), try TestModels.mixed(), try TestModels.pictures()] {
      let published = try published(bundle)
      for member in published.members ?? [] {
        #expect(member.value == golden[bundle.name]?[member.name], "\(bundle.name), \(member.name)")
      }
      #expect(published.encoded() == golden[bundle.name]?.encoded())
    }
  }

  private func published(_ bundle: ModelBundle) throws -> JSONValue {
    let folder = try TemporaryFolder()
    try bundle.save(to: folder.path + "/model")
    let saved = try JSONValue.parse(
      try ByteSource.file(folder.path + "/model/model.json").readAll()[...], name: "model.json")
    let model = ServedModel(name: bundle.name, version: "1", model: TabularModel(bundle), limits: BatchLimits())
    let schemas = OpenAPIInputSchemas(model)
    return .object([
      .init("signature", saved["signature"]?["inputs"] ?? .null), .init("pipeline", saved["pipeline"] ?? .null),
      .init("metadata", .array(model.inputs.map(\.json))), .init("exampleRow", .object(model.exampleRow)),
      .init("row", schemas.row), .init("namedRow", schemas.namedRow), .init("rowExample", schemas.rowExample),
      .init("inferBody", schemas.inferBody), .init("inferExample", schemas.inferExample),
      .init("playground", playgroundDescription(of: model.signature)["inputs"] ?? .null),
    ])
  }
}
