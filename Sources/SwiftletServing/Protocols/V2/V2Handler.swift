// SPDX-License-Identifier: Apache-2.0
//
// The paths of the Open Inference Protocol, but for `infer` itself.
//
// Before    InferHandler.swift     After    V2Metadata.swift
// Source    Open Inference Protocol, inference_rest.md

import NIOCore
import SwiftletFormats

extension Responder {
  func v2(_ request: ServerRequest, _ route: Route, on loop: any EventLoop) throws -> Reply {
    switch route.endpoint {
    case .infer: return try infer(try model(route), request, on: loop)
    case .serverMetadata: return .now(.json(serverMetadata))
    case .live: return .now(.json(["live": true]))
    case .ready: return .now(readiness)
    case .modelList: return .now(.json(["models": JSONValue(repository.current.names)]))
    case .modelMetadata: return .now(.json(try model(route).metadata(versions: versions(of: try model(route)))))
    case .modelReady:
      let model = try model(route)
      return .now(.json(["name": .string(model.name), "ready": true]))
    case .allStatistics:
      let models = repository.current.models.sorted { $0.key < $1.key }.flatMap(\.value.all)
      return .now(.json(["model_stats": .array(models.map(\.statisticsJSON))]))
    case .modelStatistics: return .now(.json(["model_stats": .array([try model(route).statisticsJSON])]))
    case .modelConfiguration: return .now(.json(try model(route).configuration(options)))
    case .repositoryIndex: return .now(try repositoryIndex(request))
    case .repositoryLoad, .repositoryUnload: return try changeRepository(request, route, on: loop)
    default: throw RequestError.notFound("Not Found")
    }
  }

  /// The model that a path names.
  func model(_ route: Route) throws -> ServedModel { try repository.model(route.model ?? "", version: route.version) }

  func versions(of model: ServedModel) -> [String] {
    repository.current.models[model.name]?.all.map(\.version) ?? [model.version]
  }

  /// Whether the server takes more requests: not while it stops, and not before a model is there.
  var isReady: Bool { !state.isDraining && !repository.current.names.isEmpty }

  var readiness: ServerResponse {
    if state.isDraining { return .json(["ready": false, "error": "draining"], .serviceUnavailable) }
    return isReady
      ? .json(["ready": true]) : .json(["ready": false, "error": "no model is loaded"], .serviceUnavailable)
  }

  private var serverMetadata: JSONValue {
    [
      "name": "swiftlet", "version": .string(ServerVersion.number),
      "extensions": JSONValue(
        ["binary_tensor_data", "classification", "model_repository", "statistics", "model_configuration", "parameters"]
      ),
    ]
  }
}

/// What the server says of itself.
enum ServerVersion {
  static let number = "0.1.0"
}
