// SPDX-License-Identifier: Apache-2.0
//
// Vertex AI tells a container its paths by environment variables.
//
// Before    Protocols/V1     After    CloudHandler.swift
// Source    cloud.google.com/vertex-ai/docs/predictions/custom-container-requirements

/// The paths that Vertex AI chose.
package struct VertexRoutes: Sendable, Equatable {
  package var health: String?
  package var predict: String?

  package init() {}

  /// Reads the environment. Where Vertex runs the server and names no path, its own rule makes one.
  package init(_ environment: [String: String]) {
    health = VertexRoutes.path(environment["AIP_HEALTH_ROUTE"])
    predict = VertexRoutes.path(environment["AIP_PREDICT_ROUTE"])
    if let endpoint = environment["AIP_ENDPOINT_ID"], let model = environment["AIP_DEPLOYED_MODEL_ID"] {
      let path = "/v1/endpoints/\(endpoint)/deployedModels/\(model)"
      health = health ?? path
      predict = predict ?? path + ":predict"
    }
  }

  private static func path(_ value: String?) -> String? { value.flatMap { $0.hasPrefix("/") ? $0 : nil } }

  func endpoint(of path: Substring) -> Endpoint? {
    if let predict, path == predict { return .vertexPredict }
    if let health, path == health { return .vertexHealth }
    return nil
  }
}
