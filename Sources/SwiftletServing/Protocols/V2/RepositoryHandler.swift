// SPDX-License-Identifier: Apache-2.0
//
// The model repository extension: which models there are, and, where the server allows it, loading and unloading.
//
// What is loaded is what stands in the server's folders. A request cannot bring a model, its configuration, or the
// address of one: whoever could would run what they like.
//
// Before    V2Metadata.swift     After    Protocols/V1/V1Handler.swift
// Source    triton-inference-server/server, docs/protocol/extension_model_repository.md; CVE-2023-43654

import NIOCore
import SwiftletFormats

extension Responder {
  func repositoryIndex(_ request: ServerRequest) throws -> ServerResponse {
    var onlyReady = false
    if let body = try jsonObject(request), let ready = body["ready"] {
      guard let value = ready.bool else { throw RequestError.bad("\"ready\" must be true or false.") }
      onlyReady = value
    }
    let models = repository.index.compactMap { name, version, state -> JSONValue? in
      switch state {
      case .ready: return index(name, version, "READY", "")
      case .unavailable(let reason): return onlyReady ? nil : index(name, version, "UNAVAILABLE", reason)
      case .unloaded: return onlyReady ? nil : index(name, version, "UNAVAILABLE", "unloaded")
      }
    }
    return .json(.array(models))
  }

  private func index(_ name: String, _ version: String, _ state: String, _ reason: String) -> JSONValue {
    ["name": .string(name), "version": .string(version), "state": .string(state), "reason": .string(reason)]
  }

  func changeRepository(_ request: ServerRequest, _ route: Route, on loop: any EventLoop) throws -> Reply {
    guard options.allowsLoading else {
      throw RequestError(
        .forbidden, "This API is restricted: start the server with --allow-load to load and unload models.")
    }
    for parameter in try jsonObject(request)?["parameters"]?.members ?? []
    where parameter.name == "config" || parameter.name.hasPrefix("file:") {
      throw RequestError(.forbidden, "A request cannot bring a model or its configuration: \(quoted(parameter.name)).")
    }
    let (name, isLoad, repository) = (route.model ?? "", route.endpoint == .repositoryLoad, repository)
    return .later(
      pool.runIfActive(eventLoop: loop) {
        if isLoad { try repository.load(named: name) } else { try repository.unload(named: name) }
        return ServerResponse()
      })
  }

  /// The body as a JSON object; `nil` where it is empty.
  func jsonObject(_ request: ServerRequest) throws -> JSONValue? {
    guard request.body.readableBytes > 0 else { return nil }
    let value = try request.body.withUnsafeReadableBytes { bytes in
      var scanner = JSONScanner(bytes.bindMemory(to: UInt8.self))
      let value = try scanner.value()
      try scanner.expectEnd()
      return value
    }
    guard value.members != nil else { throw RequestError.bad("The body must be a JSON object.") }
    return value
  }
}
