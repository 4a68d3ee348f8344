// SPDX-License-Identifier: Apache-2.0
//
// The document that describes the interface, made from the models that are loaded.
//
// Every model has paths of its own in it, with the names, categories and ranges of its columns, and with an example
// that really predicts. What the document allows is what the server answers, and what it forbids is refused: a
// tester that tries both finds no difference.
//
// Before    Observability/CompatibleMetrics.swift     After    OpenAPIOperation.swift
// Source    OpenAPI Specification 3.1.0; JSON Schema 2020-12

import NIOHTTP1
import SwiftletFormats

/// `/openapi.json`.
struct OpenAPIDocument {
  private let responder: Responder
  init(_ responder: Responder) { self.responder = responder }

  var json: JSONValue {
    let models = responder.repository.current.models.sorted { $0.key < $1.key }.compactMap(\.value.latest)
    var paths = serverPaths
    for model in models { paths += OpenAPIModelPaths(model, responder.options).paths }
    if models.count == 1, let model = models.first {
      paths += OpenAPIModelPaths(model, responder.options).onlyModelPaths
    }
    var members: [JSONValue.Member] = [
      .init("openapi", "3.1.0"),
      .init(
        "info",
        [
          "title": "Swiftlet", "version": .string(ServerVersion.number),
          "summary": "Trained models that answer over HTTP.",
          "description":
            "The Open Inference Protocol under /v2, TensorFlow Serving and KServe 1 under /v1, SageMaker and MLflow under /invocations.",
          "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
        ]), .init("servers", [["url": "/"]]), .init("paths", .object(paths)),
      .init("components", .object(components)),
    ]
    if responder.options.apiKey != nil { members.append(.init("security", [["key": .array([])]])) }
    return .object(members)
  }

  private var components: [JSONValue.Member] {
    var components: [JSONValue.Member] = [.init("schemas", ["Error": OpenAPISchemas.error])]
    if responder.options.apiKey != nil {
      components.append(.init("securitySchemes", ["key": ["type": "http", "scheme": "bearer"]]))
    }
    return components
  }

  /// Paths that ask about no model.
  private var serverPaths: [JSONValue.Member] {
    let open = OpenAPISchemas.object
    return [
      OpenAPIOperation("/v2", "What this server is", "Open Inference Protocol", response: open).member,
      OpenAPIOperation("/v2/health/live", "Whether the server runs", "Probes", response: open).member,
      OpenAPIOperation("/v2/health/ready", "Whether the server takes requests", "Probes", response: open).member,
      OpenAPIOperation("/v2/models", "The models' names", "Open Inference Protocol", response: open).member,
      OpenAPIOperation("/v2/models/stats", "What all models have done", "Open Inference Protocol", response: open)
        .member,
      OpenAPIOperation(
        "/v2/repository/index", "The models and their states", "Open Inference Protocol",
        body: [
          "type": "object",
          "properties": ["ready": ["type": "boolean", "description": "Only those that are ready."]],
        ], isBodyRequired: false, example: ["ready": true], response: ["type": "array", "items": open]
      ).member,
      OpenAPIOperation("/v1/models", "The models, as OpenAI and KServe list them", "TensorFlow Serving", response: open)
        .member,
      OpenAPIOperation("/ping", "SageMaker's probe", "Probes", mediaType: nil).member,
      OpenAPIOperation("/health", "Whether the server takes requests", "Probes", response: open).member,
      OpenAPIOperation("/healthz", "Whether the server takes requests", "Probes", response: open).member,
      OpenAPIOperation("/livez", "Whether the server runs", "Probes", response: open).member,
      OpenAPIOperation("/readyz", "Whether the server takes requests", "Probes", response: open).member,
      OpenAPIOperation("/version", "The server's version", "Probes", mediaType: "text/plain; charset=utf-8").member,
      OpenAPIOperation(
        "/metrics", "Metrics for Prometheus", "Probes", mediaType: "text/plain; version=0.0.4; charset=utf-8"
      )
      .member,
    ]
  }
}
