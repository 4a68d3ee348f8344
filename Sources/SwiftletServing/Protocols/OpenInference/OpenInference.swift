// SPDX-License-Identifier: Apache-2.0
//
// The paths of the Open Inference Protocol, version 2, which KServe, Triton and MLServer speak.
//
// Before    Routing/Responder.swift     After    InferRequest.swift
// Source    Open Inference Protocol, inference_rest.md; triton-inference-server/server, docs/protocol

import SwiftletFormats
import SwiftletModels

/// The Open Inference Protocol.
enum OpenInference {
  static let family = RouteFamily("v2", title: "Open Inference Protocol")
  private static let model = "/v2/models/{model}[/versions/{version}]"

  static let routes: [Route] = [
    .get("/v2", family, summary: "What this server is") { _ in .json(serverMetadata) },
    .get("/v2/health/live", family, isOpen: true, summary: "Whether the server runs") { _ in .json(["live": true]) },
    .get("/v2/health/ready", family, isOpen: true, summary: "Whether the server takes requests") {
      $0.server.readiness
    },
    .get("/v2/models", family, summary: "The models' names") {
      .json(["models": JSONValue($0.server.repository.current.names)])
    },
    .get("/v2/models/stats", family, summary: "What all models have done") {
      .json(["model_stats": .array($0.server.repository.current.all.map(\.statisticsJSON))])
    },
    .get(model, family, summary: "What the model takes and gives") { call in
      let model = try call.model()
      return .json(model.metadata(versions: call.server.repository.current.versions(of: model)))
    },
    .get(model + "/ready", family, summary: "Whether the model is ready") {
      .json(["name": .string(try $0.model().name), "ready": true])
    },
    .post(model + "/infer", family, summary: "Answer for tensors", schema: .ofModel(\.infer)) {
      try $0.server.infer(try $0.model(), $0)
    },
    .get(model + "/stats", family, summary: "What the model has done") {
      .json(["model_stats": .array([try $0.model().statisticsJSON])])
    },
    .get(model + "/config", family, summary: "The model's configuration") {
      .json(try $0.model().configuration($0.server.options))
    },
  ]

  private static let serverMetadata: JSONValue = [
    "name": "swiftlet", "version": .string(swiftletVersion),
    "extensions": JSONValue(
      ["binary_tensor_data", "classification", "model_repository", "statistics", "model_configuration", "parameters"]),
  ]
}

extension Responder {
  /// Whether the server takes more requests: not while it stops, and not before a model is there.
  var isReady: Bool { !state.isDraining && !repository.current.names.isEmpty }

  var readiness: ServerResponse {
    if state.isDraining { return .json(["ready": false, "error": "draining"], .serviceUnavailable) }
    return isReady
      ? .json(["ready": true]) : .json(["ready": false, "error": "no model is loaded"], .serviceUnavailable)
  }
}
