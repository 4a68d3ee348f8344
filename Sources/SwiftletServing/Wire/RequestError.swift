// SPDX-License-Identifier: Apache-2.0
//
// RequestError: what is wrong with a request, as a status and a sentence.
//
// The sentence names the input, what was expected and what came. It never holds a path of this machine:
// what a server tells of itself helps whoever attacks it.
//
// Before    ServerResponse.swift     After    Routing/Endpoint.swift

import NIOHTTP1
import SwiftletFormats

/// A request that cannot be answered.
package struct RequestError: Error, Equatable {
  package let status: HTTPResponseStatus
  package let message: String
  package var headers: [String: String] = [:]
  /// Which count of refusals it belongs to.
  var rejection: Rejection?

  package init(
    _ status: HTTPResponseStatus, _ message: String, headers: [String: String] = [:], rejection: Rejection? = nil
  ) {
    (self.status, self.message, self.headers, self.rejection) = (status, message, headers, rejection)
  }

  /// 400: the request itself is wrong.
  static func bad(_ message: String) -> RequestError { RequestError(.badRequest, message) }
  /// 404: there is no such thing.
  static func notFound(_ message: String) -> RequestError { RequestError(.notFound, message) }

  /// The body that all protocols here agree on.
  var response: ServerResponse { response(["error": .string(message)]) }

  /// The same with the members that clients of MLflow read.
  var invocationResponse: ServerResponse {
    let codes: [UInt: JSONValue] = [400: "BAD_REQUEST", 404: "RESOURCE_DOES_NOT_EXIST", 503: "TEMPORARILY_UNAVAILABLE"]
    let code = codes[status.code] ?? (status.code < 500 ? "BAD_REQUEST" : "INTERNAL_ERROR")
    return response(["error": .string(message), "error_code": code, "message": .string(message)])
  }

  private func response(_ body: JSONValue) -> ServerResponse {
    var response = ServerResponse.json(body, status)
    response.headers = headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    response.rejection = rejection
    return response
  }
}

/// Why a request was turned away that another server, or another moment, would have answered.
package enum Rejection: String, Sendable, CaseIterable {
  case queueFull = "queue_full"
  case timeout
  case tooLarge = "too_large"
  case draining
}
