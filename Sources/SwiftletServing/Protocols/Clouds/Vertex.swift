// SPDX-License-Identifier: Apache-2.0
//
// Vertex AI, which gives a container its paths in environment variables.
//
// Before    Protocols/TensorFlow/SignatureMetadata.swift     After    Clouds.swift
// Source    cloud.google.com/vertex-ai/docs/predictions/custom-container-requirements

/// The paths that Vertex AI chose.
enum Vertex {
  static let family = RouteFamily("vertex", title: "Clouds")

  /// Reads the environment. Where Vertex runs the server and names no path, its own rule makes one.
  static func routes(_ environment: [String: String]) -> [Route] {
    var predict = path(environment["AIP_PREDICT_ROUTE"])
    var health = path(environment["AIP_HEALTH_ROUTE"])
    if let endpoint = environment["AIP_ENDPOINT_ID"], let model = environment["AIP_DEPLOYED_MODEL_ID"] {
      let path = "/v1/endpoints/\(endpoint)/deployedModels/\(model)"
      predict = predict ?? path + ":predict"
      health = health ?? path
    }
    var routes: [Route] = []
    if let predict {
      let route = Route.post(
        predict, family, summary: "Answer for rows, as Vertex AI asks", schema: .ofModel(\.predict)
      ) { try $0.server.predictRows(try $0.onlyModel(), $0) }
      routes.append(route)
    }
    if let health {
      routes.append(.get(health, family, isOpen: true, summary: "Vertex AI's probe", schema: .empty) { $0.probe })
    }
    return routes
  }

  private static func path(_ value: String?) -> String? { value.flatMap { $0.hasPrefix("/") ? $0 : nil } }
}
