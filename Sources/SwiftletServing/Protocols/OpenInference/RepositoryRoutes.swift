// SPDX-License-Identifier: Apache-2.0
//
// The model repository extension: the list of models, and, if the server allows it, loading and unloading.
//
// Only what is in the server's folders is loaded. A request cannot bring a model, its configuration, or the
// address of one: that would let any client run code here.
//
// Before    ModelMetadata.swift     After    Protocols/GRPC/GRPCStatus.swift
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
      try checkAllowed(call)
      return .later(try load(call))
    },
    .post(model + "/unload", OpenInference.family, schema: .hidden) { call in
      try checkAllowed(call)
      try call.server.repository.unload(named: call.path.model ?? "")
      return .now(ServerResponse())
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

  static func described(_ state: ModelRepository.State) -> (word: String, reason: String) {
    switch state {
    case .ready: ("READY", "")
    case .unavailable(let reason): ("UNAVAILABLE", reason)
    case .unloaded: ("UNAVAILABLE", "unloaded")
    }
  }

  private static func checkAllowed(_ call: Call) throws {
    try checkAllowed(call.server.options)
    for parameter in try call.request.jsonObject()?["parameters"]?.members ?? [] {
      try checkAllowed(parameter: parameter.name)
    }
  }

  /// - Throws: ``RequestError`` 403 where models are not loaded by request.
  static func checkAllowed(_ options: ServerOptions) throws {
    guard options.access.allowsLoading else {
      throw RequestError(
        .forbidden, "This API is restricted: start the server with --allow-load to load and unload models.")
    }
  }

  /// - Throws: ``RequestError`` 403 for a parameter that brings a model.
  static func checkAllowed(parameter: String) throws {
    guard parameter == "config" || parameter.hasPrefix("file:") else { return }
    throw RequestError(.forbidden, "A request cannot bring a model or its configuration: \(quoted(parameter)).")
  }

  /// Has a model loaded on a thread that may wait for its disk. The request waits no longer than any other.
  static func load(_ call: Call) throws -> EventLoopFuture<ServerResponse> {
    let name = call.path.model ?? ""
    let repository = call.server.repository
    let loaded = call.loop.makePromise(of: ServerResponse.self)
    let isBegun = repository.threads.start("load \(name) as asked") {
      loaded.completeWith(
        Result {
          try repository.load(named: name)
          return ServerResponse()
        })
    }
    if !isBegun {
      loaded.fail(
        RequestError(
          .serviceUnavailable, "The model '\(name)' is being loaded already.", headers: ["Retry-After": "1"]))
    }
    let limit = TimeAmount.milliseconds(Int64(clamping: call.server.options.batching.requestTimeoutMilliseconds))
    let late = RequestError(
      .gatewayTimeout, "The model '\(name)' is still being loaded; /v2/repository/index says when it is ready.",
      rejection: .timeout)
    return loaded.futureResult.limited(to: limit, late)
  }
}

extension EventLoopFuture where Value: Sendable {
  /// The same, or an error after a time.
  fileprivate func limited(to time: TimeAmount, _ error: RequestError) -> EventLoopFuture<Value> {
    let promise = eventLoop.makePromise(of: Value.self)
    let isOver = NIOLoopBoundBox.makeBoxSendingValue(false, eventLoop: eventLoop)
    let timer = eventLoop.scheduleTask(in: time) {
      guard !isOver.value else { return }
      isOver.value = true
      promise.fail(error)
    }
    whenComplete { result in
      guard !isOver.value else { return }
      isOver.value = true
      timer.cancel()
      promise.completeWith(result)
    }
    return promise.futureResult
  }
}

extension ServerRequest {
  /// The body as a JSON object; `nil` if it is empty.
  fileprivate func jsonObject() throws -> JSONValue? {
    guard body.readableBytes > 0 else { return nil }
    let value = try body.readJSON { try $0.value() }
    guard value.members != nil else { throw RequestError.bad("The body must be a JSON object.") }
    return value
  }
}
