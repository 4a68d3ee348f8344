// SPDX-License-Identifier: Apache-2.0
//
// A model bundle on disk: written whole or not at all, and used only after it was checked.
//
//     model.json          what the model is
//     model.safetensors   its parameters
//     history.csv         how the training went
//     README.md           the model card
//
// Before    NetworkFormat.swift     After    OutputFolder.swift

import Foundation
import SwiftletFormats
import SwiftletNN
import SwiftletTables
import SwiftletTensors

extension ModelBundle {
  /// Writes the bundle as a folder. It replaces another bundle or an empty folder, and nothing else.
  ///
  /// - Throws: `FormatError` if the folder cannot be written; what was there before is then untouched.
  public func save(to path: String) throws {
    let parameters = Safetensors(
      tensors: network.parameters.map { ($0.name, $0.value) }, metadata: [("format", "pt")])
    try OutputFolder.model.write(
      [
        ("model.json", Array((json.encoded(pretty: true) + "\n").utf8)),
        ("model.safetensors", parameters.encoded()),
        ("history.csv", Array(history.utf8)),
        ("README.md", Array(card.utf8)),
      ], to: path)
  }

  /// Reads a bundle.
  ///
  /// - Parameters:
  ///   - path: The bundle's folder.
  ///   - kinds: The kinds of layer that it may have; a program adds its own to `Blueprint.kinds`.
  /// - Throws: `FormatError` for a folder that is not a bundle, and for whatever in it does not fit together.
  public static func load(from path: String, kinds: [any Layer.Type] = Blueprint.kinds) throws -> ModelBundle {
    let file = path + "/model.json"
    guard FileManager.default.fileExists(atPath: file) else {
      throw FormatError(path, "is not a model: it has no model.json.", isMissingInput: true)
    }
    let json = try JSONValue.parse(try ByteSource.file(file).readAll(limit: 64 << 20)[...], name: file)
    guard let written = json["format"]?.string, [format, firstFormat].contains(written) else {
      throw FormatError(
        file,
        "has the format \(quoted(json["format"]?.string ?? "none")), and \"\(firstFormat)\" and \"\(format)\" are read."
      )
    }
    let parameters = try Safetensors.decode(
      try ByteSource.file(path + "/model.safetensors").readAll(limit: 8 << 30), name: path + "/model.safetensors")
    let history = try? ByteSource.file(path + "/history.csv").readAll(limit: 64 << 20)
    let card = try? ByteSource.file(path + "/README.md").readAll(limit: 16 << 20)
    do {
      var bundle = try ModelBundle(json: json, parameters: parameters, kinds: kinds, file: file)
      bundle.history = String(decoding: history ?? [], as: UTF8.self)
      bundle.card = String(decoding: card ?? [], as: UTF8.self)
      return bundle
    } catch let error as LayerError {
      throw FormatError(file, "has a network that does not fit its pipeline or its parameters: \(error)")
    }
  }

  private init(json: JSONValue, parameters: Safetensors, kinds: [any Layer.Type], file: String) throws {
    func wrong(_ message: String) -> FormatError { FormatError(file, message) }
    guard let name = json["name"]?.string, let target = json["target"]?.string else {
      throw wrong("needs the texts \"name\" and \"target\".")
    }
    let head = try Heads.read(model: json, file: file)
    let pipeline: Pipeline
    let illustration: Illustration
    do {
      pipeline = try Pipeline(json: json["pipeline"] ?? .null)
      illustration = try Illustration(
        signature: json["signature"] ?? .null, pipeline: pipeline, targets: head.targetNames)
    } catch let error as DataError {
      throw wrong(error.message)
    }
    let (kind, blueprint) = try ModelBundle.network(in: json, file)
    let network = try blueprint.build(
      from: LoadedParameters(parameters.tensors), inputSize: pipeline.width, kinds: kinds)
    try self.init(
      name: name, target: target, head: head, pipeline: pipeline,
      reading: ReadingOptions(json: json["reading"], missing: try ModelBundle.missingSpellings(json, file)),
      kind: kind, network: network,
      training: json["training"] ?? .null, history: "", card: "", illustration: illustration)
  }

  /// The spellings of missing values. Bundles that do not name them have those of their recipe.
  private static func missingSpellings(_ json: JSONValue, _ file: String) throws -> MissingSpellings {
    guard let named = json["missing"] else {
      let recorded = json["training"]?["recipe"]?["source"]?["missing"]?.array?.compactMap(\.string)
      return recorded.map { MissingSpellings($0) } ?? .standard
    }
    guard let spellings = named.strings else { throw FormatError(file, "needs a list of texts as \"missing\".") }
    return MissingSpellings(spellings)
  }
}
