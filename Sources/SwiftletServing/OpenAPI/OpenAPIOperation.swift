// SPDX-License-Identifier: Apache-2.0
//
// The request and the answer of a route, as the document describes them.
//
// Before    OpenAPIDocument.swift     After    OpenAPIModelSchemas.swift
// Source    OpenAPI Specification 3.1.0, section 4.8.10

import SwiftletFormats

/// How the OpenAPI document describes a route.
enum RouteSchema: Sendable {
  /// Not at all.
  case hidden
  /// In the same way for every server and every model.
  case fixed(OpenAPIOperation)
  /// By what the model takes; `nil` for a model that has no such question.
  case ofModel(@Sendable (OpenAPIModelSchemas) -> OpenAPIOperation?)

  /// It gives some object.
  static let object = RouteSchema.fixed(OpenAPIOperation(response: OpenAPISchemas.object))
  /// It gives a status alone.
  static let empty = RouteSchema.fixed(OpenAPIOperation(mediaType: nil))
  /// It gives text.
  static func text(_ mediaType: String) -> RouteSchema { .fixed(OpenAPIOperation(mediaType: mediaType)) }
}

/// The schemas of a request and its answer.
struct OpenAPIOperation: Sendable {
  private let body: JSONValue?
  private let isBodyRequired: Bool
  private let example: JSONValue?
  private let response: JSONValue?
  private let mediaType: String?
  /// Other media types of the body, with their schemas.
  var otherBodies: [JSONValue.Member] = []

  init(
    body: JSONValue? = nil, isBodyRequired: Bool = true, example: JSONValue? = nil, response: JSONValue? = nil,
    mediaType: String? = "application/json"
  ) {
    self.body = body
    self.isBodyRequired = isBodyRequired
    self.example = example
    self.response = response
    self.mediaType = mediaType
  }

  /// The operation of a route under a path, which names a model where the route is one of models.
  func json(of route: Route, at path: String, model: String? = nil) -> JSONValue {
    let words = path.split { !$0.isLetter && !$0.isNumber } + [Substring(route.method.rawValue.lowercased())]
    var members: [JSONValue.Member] = [
      .init("summary", .string(route.summary)),
      .init("tags", [.string(route.isOpen ? Operations.family.title : route.family.title)]),
      .init("operationId", .string(words.joined(separator: "_"))),
    ]
    if let model {
      members += [.init("x-swiftlet-route", .string(route.name)), .init("x-swiftlet-model", .string(model))]
    }
    if let body {
      var content: [JSONValue.Member] = [.init("schema", body)]
      if let example { content.append(.init("example", example)) }
      members.append(
        .init(
          "requestBody",
          [
            "required": .bool(isBodyRequired),
            "content": .object([.init("application/json", .object(content))] + otherBodies),
          ]))
    }
    members.append(.init("responses", .object(responses)))
    return .object(members)
  }

  private var responses: [JSONValue.Member] {
    var success: [JSONValue.Member] = [.init("description", "The answer.")]
    if let mediaType {
      let content: JSONValue = response.map { ["schema": $0] } ?? .object([])
      success.append(.init("content", .object([.init(mediaType, content)])))
    }
    var responses: [JSONValue.Member] = [.init("200", .object(success))]
    if body != nil {
      responses += [
        OpenAPIOperation.error("400", "The request is wrong; the sentence says why."),
        OpenAPIOperation.error("413", "The body is too large."),
      ]
    }
    responses.append(OpenAPIOperation.error("default", "The request could not be answered; the sentence says why."))
    return responses
  }

  private static func error(_ code: String, _ description: String) -> JSONValue.Member {
    .init(
      code,
      [
        "description": .string(description),
        "content": ["application/json": ["schema": ["$ref": "#/components/schemas/Error"]]],
      ])
  }
}

enum OpenAPISchemas {
  static let object: JSONValue = ["type": "object"]
  static let error: JSONValue = [
    "type": "object", "required": ["error"],
    "properties": ["error": ["type": "string", "description": "What is wrong, in one sentence."]],
  ]
}
