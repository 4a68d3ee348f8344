// SPDX-License-Identifier: Apache-2.0
//
// Route: a method and a path, with everything the server must know about it.
//
// A protocol's folder lists its routes, and everything else follows from the lists: which methods a path takes, whether
// it needs the key, its name in metrics and logs, the form of its errors, and its place in the OpenAPI document.
//
// Before    Repository/ModelProbe.swift     After    RouteFamily.swift

import NIOCore
import NIOHTTP1

/// A method, a path, and its answer.
final class Route: Sendable {
  /// The method; a route for GET answers HEAD as well.
  let method: HTTPMethod
  /// The path, as ``PathPattern`` reads it.
  let pattern: String
  let family: RouteFamily
  /// Whether it needs no key: probes and pages have none.
  let isOpen: Bool
  /// Its purpose, for the OpenAPI document.
  let summary: String
  let schema: RouteSchema
  let answer: @Sendable (Call) throws -> Reply

  /// The path as metrics, logs and the OpenAPI document name it.
  let name: String

  init(
    _ method: HTTPMethod, _ pattern: String, _ family: RouteFamily, isOpen: Bool = false, summary: String = "",
    schema: RouteSchema, _ answer: @escaping @Sendable (Call) throws -> Reply
  ) {
    self.method = method
    self.pattern = pattern
    self.family = family
    self.isOpen = isOpen
    self.summary = summary
    self.schema = schema
    self.answer = answer
    name = PathPattern.name(of: pattern)
  }

  /// A route that is read.
  static func get(
    _ pattern: String, _ family: RouteFamily, isOpen: Bool = false, summary: String = "",
    schema: RouteSchema = .object, _ answer: @escaping @Sendable (Call) throws -> ServerResponse
  ) -> Route {
    Route(.GET, pattern, family, isOpen: isOpen, summary: summary, schema: schema) { .now(try answer($0)) }
  }

  /// A route that takes a body. Its answer may come later.
  static func post(
    _ pattern: String, _ family: RouteFamily, summary: String = "", schema: RouteSchema,
    _ answer: @escaping @Sendable (Call) throws -> Reply
  ) -> Route {
    Route(.POST, pattern, family, summary: summary, schema: schema, answer)
  }

  /// The methods that it answers.
  var methods: [HTTPMethod] { method == .GET ? [.GET, .HEAD] : [method] }
  func takes(_ method: HTTPMethod) -> Bool { method == self.method || method == .HEAD && self.method == .GET }
}

/// A request whose path was understood: what a route answers.
struct Call {
  let server: Responder
  let request: ServerRequest
  let path: PathParameters
  let loop: any EventLoop

  /// The model that the path names.
  func model() throws -> ServedModel {
    try server.repository.model(path.model ?? "", version: path.version)
  }
}
