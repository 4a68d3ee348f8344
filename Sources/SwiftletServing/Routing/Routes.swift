// SPDX-License-Identifier: Apache-2.0
//
// Everything that can be asked: the protocols, one line for each.
//
// Before    PercentDecoding.swift     After    FamiliarRequest.swift

extension RouteTable {
  /// The routes of all protocols, in the order of the OpenAPI document.
  ///
  /// - Parameter environment: Where Vertex AI says its paths, which go before all others.
  package init(environment: [String: String] = [:]) { self.init(RouteTable.routes(environment)) }

  static func routes(_ environment: [String: String]) -> [Route] {
    Vertex.routes(environment) + OpenInference.routes + ModelRepositoryExtension.routes + TensorFlowServing.routes
      + Clouds.routes + Operations.routes + Pages.routes
  }
}
