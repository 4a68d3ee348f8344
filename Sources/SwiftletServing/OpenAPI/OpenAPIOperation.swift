// SPDX-License-Identifier: Apache-2.0
//
// One path of the document: what it is for, what it takes, what it gives.
//
// Before    OpenAPIDocument.swift     After    OpenAPIModelPaths.swift
// Source    OpenAPI Specification 3.1.0, section 4.8.10

import SwiftletFormats

/// A path with one method.
struct OpenAPIOperation {
  let path: String
  let summary: String
  let tag: String
  /// The schema of the body; without one it is asked with GET.
  let body: JSONValue?
  let isBodyRequired: Bool
  let example: JSONValue?
  let response: JSONValue?
  let mediaType: String?

  init(
    _ path: String, _ summary: String, _ tag: String, body: JSONValue? = nil, isBodyRequired: Bool = true,
    example: JSONValue? = nil, response: JSONValue? = nil, mediaType: String? = "application/json"
  ) {
    (self.path, self.summary, self.tag, self.body) = (path, summary, tag, body)
    self.isBodyRequired = isBodyRequired
    (self.example, self.response, self.mediaType) = (example, response, mediaType)
  }

  var member: JSONValue.Member { .init(path, .object([.init(body == nil ? "get" : "post", operation)])) }

  private var operation: JSONValue {
    var members: [JSONValue.Member] = [
      .init("summary", .string(summary)), .init("tags", [.string(tag)]), .init("operationId", .string(operationId)),
    ]
    if let body {
      var content: [JSONValue.Member] = [.init("schema", body)]
      if let example { content.append(.init("example", example)) }
      members.append(
        .init(
          "requestBody",
          ["required": .bool(isBodyRequired), "content": .object([.init("application/json", .object(content))])]))
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
        OpenAPIOperation.error("400", "The request is wrong; the sentence says how."),
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

  /// The path as one word.
  private var operationId: String {
    path.split { !$0.isLetter && !$0.isNumber }.joined(separator: "_") + (body == nil ? "_get" : "_post")
  }
}

enum OpenAPISchemas {
  static let object: JSONValue = ["type": "object"]
  static let error: JSONValue = [
    "type": "object", "required": ["error"],
    "properties": ["error": ["type": "string", "description": "What is wrong, in one sentence."]],
  ]
}
