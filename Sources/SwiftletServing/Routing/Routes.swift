// SPDX-License-Identifier: Apache-2.0
//
// Routes: all protocols of the server.
//
// Before    PercentDecoding.swift     After    FamiliarRequest.swift

extension RouteTable {
  /// The routes of all protocols, in the order of the OpenAPI document.
  ///
  /// - Parameter environment: Has the paths of Vertex AI, which come before all others.
  package init(environment: [String: String] = [:]) { self.init(RouteTable.routes(environment)) }

  static func routes(_ environment: [String: String]) -> [Route] {
    Vertex.routes(environment) + OpenInference.routes + ModelRepositoryExtension.routes + TensorFlowServing.routes
      + Clouds.routes + Operations.routes + Pages.routes
  }
}
