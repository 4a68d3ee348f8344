// SPDX-License-Identifier: Apache-2.0
//
// RequestError: what is wrong with a request, as a status and a sentence.
//
// The sentence names the input, what was expected and what came. It never has a path of this machine, which
// could help an attacker.
//
// Before    ServerResponse.swift     After    ResponseWriter.swift

import NIOHTTP1

/// A request that cannot be answered.
package struct RequestError: Error, Equatable {
  package let status: HTTPResponseStatus
  package let message: String
  package var headers: [String: String] = [:]
  /// The count of refusals to which it belongs.
  var rejection: Rejection?

  package init(
    _ status: HTTPResponseStatus, _ message: String, headers: [String: String] = [:], rejection: Rejection? = nil
  ) {
    self.status = status
    self.message = message
    self.headers = headers
    self.rejection = rejection
  }

  /// 400: the request itself is wrong.
  static func bad(_ message: String) -> RequestError { RequestError(.badRequest, message) }
  /// 404: there is no such thing.
  static func notFound(_ message: String) -> RequestError { RequestError(.notFound, message) }

  /// The response, in the form that a family's clients read.
  func response(in family: RouteFamily = .other) -> ServerResponse {
    var response: ServerResponse =
      family.isGRPC ? .text(message, status) : .json(family.errorBody(self), status)
    response.headers = headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    response.rejection = rejection
    return response
  }
}

/// Why this server refused a valid request.
package enum Rejection: String, Sendable, CaseIterable {
  case queueFull = "queue_full"
  case timeout
  case tooLarge = "too_large"
  case memoryFull = "memory_full"
  case connectionsFull = "connections_full"
  case draining
}
