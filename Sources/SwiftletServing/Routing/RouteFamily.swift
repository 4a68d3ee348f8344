// SPDX-License-Identifier: Apache-2.0
//
// RouteFamily: the routes of one protocol.
//
// Before    Route.swift     After    PathPattern.swift

import SwiftletFormats

/// The common properties of a protocol's routes.
struct RouteFamily: Sendable {
  /// Its name in metrics.
  let name: String
  /// Its heading in the OpenAPI document.
  let title: String
  /// The body of an error, in the form that the protocol's clients read.
  let errorBody: @Sendable (RequestError) -> JSONValue
  /// Whether its bodies are messages of gRPC, and its errors bare sentences.
  let isGRPC: Bool

  init(
    _ name: String, title: String, isGRPC: Bool = false,
    errorBody: @escaping @Sendable (RequestError) -> JSONValue = { ["error": .string($0.message)] }
  ) {
    self.name = name
    self.title = title
    self.isGRPC = isGRPC
    self.errorBody = errorBody
  }

  /// Unknown paths.
  static let other = RouteFamily("other", title: "Other")
}
