// SPDX-License-Identifier: Apache-2.0
//
// The model repository extension: which models there are, and, where the server allows it, loading and unloading.
//
// Only what is in the server's folders is loaded. A request cannot bring a model, its configuration, or the
// address of one: that would let a stranger run anything here.
//
// Before    ModelMetadata.swift     After    Protocols/TensorFlow/RowReader.swift
// Source    triton-inference-server/server, docs/protocol/extension_model_repository.md; CVE-2023-43654

import NIOCore
import SwiftletFormats

/// The extension's routes.
enum ModelRepositoryExtension {
  private static let model = "/v2/repository/models/{model}"

  static let routes: [Route] = [
    .post(
      "/v2/repository/index", OpenInference.family, summary: "The models and their states", schema: .fixed(indexSchema)
    ) { .now(try index($0)) },
    .post(model + "/load", OpenInference.family, schema: .hidden) { call in
      try change(call) { try $0.load(named: $1) }
    },
    .post(model + "/unload", OpenInference.family, schema: .hidden) { call in
      try change(call) { try $0.unload(named: $1) }
    },
  ]

  private static let indexSchema = OpenAPIOperation(
    body: [
      "type": "object", "properties": ["ready": ["type": "boolean", "description": "Only those that are ready."]],
    ], isBodyRequired: false, example: ["ready": true],
    response: ["type": "array", "items": OpenAPISchemas.object])

  private static func index(_ call: Call) throws -> ServerResponse {
    var onlyReady = false
    if let body = try call.request.jsonObject(), let ready = body["ready"] {
      guard let value = ready.bool else { throw RequestError.bad("\"ready\" must be true or false.") }
      onlyReady = value
    }
    let models = call.server.repository.index.compactMap { name, version, state -> JSONValue? in
      let (word, reason) = described(state)
      if onlyReady, state != .ready { return nil }
      return ["name": .string(name), "version": .string(version), "state": .string(word), "reason": .string(reason)]
    }
    return .json(.array(models))
  }

  private static func described(_ state: ModelRepository.State) -> (word: String, reason: String) {
    switch state {
    case .ready: ("READY", "")
    case .unavailable(let reason): ("UNAVAILABLE", reason)
    case .unloaded: ("UNAVAILABLE", "unloaded")
    }
  }

  /// Has a model loaded or unloaded, on a thread that may wait for a disk.
  private static func change(
    _ call: Call, _ change: @escaping @Sendable (ModelRepository, String) throws -> Void
  ) throws -> Reply {
    guard call.server.options.allowsLoading else {
      throw RequestError(
        .forbidden, "This API is restricted: start the server with --allow-load to load and unload models.")
    }
    for parameter in try call.request.jsonObject()?["parameters"]?.members ?? []
    where parameter.name == "config" || parameter.name.hasPrefix("file:") {
      throw RequestError(.forbidden, "A request cannot bring a model or its configuration: \(quoted(parameter.name)).")
    }
    let name = call.path.model ?? ""
    let repository = call.server.repository
    return .later(
      call.server.pool.runIfActive(eventLoop: call.loop) {
        try change(repository, name)
        return ServerResponse()
      })
  }
}

extension ServerRequest {
  /// The body as a JSON object; `nil` where it is empty.
  fileprivate func jsonObject() throws -> JSONValue? {
    guard body.readableBytes > 0 else { return nil }
    let value = try body.readJSON { try $0.value() }
    guard value.members != nil else { throw RequestError.bad("The body must be a JSON object.") }
    return value
  }
}
