// SPDX-License-Identifier: Apache-2.0
//
// The document that describes the interface, made from the models that are loaded.
//
// Every model has paths of its own in it, with the names, categories and ranges of its columns, and with an example
// that really predicts. The server answers exactly what the document allows: a
// tester that tries both finds no difference.
//
// Before    Security/PageHeaders.swift     After    OpenAPIOperation.swift
// Source    OpenAPI Specification 3.1.0; JSON Schema 2020-12

import SwiftletFormats
import SwiftletModels

/// `/openapi.json`.
struct OpenAPIDocument {
  private let responder: Responder
  init(_ responder: Responder) { self.responder = responder }

  var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("openapi", "3.1.0"),
      .init(
        "info",
        [
          "title": "Swiftlet", "version": .string(swiftletVersion),
          "summary": "Trained models that answer over HTTP.",
          "description":
            "The Open Inference Protocol under /v2, TensorFlow Serving and KServe 1 under /v1, SageMaker and MLflow under /invocations.",
          "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
        ]), .init("servers", [["url": "./"]]), .init("paths", .object(paths)),
      .init("components", .object(components)),
    ]
    if responder.options.access.apiKey != nil { members.append(.init("security", [["key": .array([])]])) }
    return .object(members)
  }

  private var components: [JSONValue.Member] {
    var components: [JSONValue.Member] = [.init("schemas", ["Error": OpenAPISchemas.error])]
    if responder.options.access.apiKey != nil {
      components.append(.init("securitySchemes", ["key": ["type": "http", "scheme": "bearer"]]))
    }
    return components
  }

  /// The routes about no model, those of each model, and, where there is one model only, those that mean it.
  private var paths: [JSONValue.Member] {
    let models = responder.repository.current.latest.map { (name: $0.name, OpenAPIModelSchemas($0, responder.options)) }
    var paths = Paths()
    let ofModels = responder.routes.routes.filter { $0.name.contains(OpenAPIDocument.placeholder) }
    let others = responder.routes.routes.filter { !$0.name.contains(OpenAPIDocument.placeholder) }
    for route in others {
      if case .fixed(let operation) = route.schema { paths.add(operation, of: route, at: route.name) }
    }
    for (name, schemas) in models {
      for route in ofModels {
        let path = route.name.replacing(OpenAPIDocument.placeholder, with: name)
        paths.add(operation(route, schemas), of: route, at: path, model: name)
      }
    }
    for route in others where models.count == 1 {
      if case .ofModel(let operation) = route.schema { paths.add(operation(models[0].1), of: route, at: route.name) }
    }
    return paths.members
  }

  private static let placeholder = "{model}"

  private func operation(_ route: Route, _ schemas: OpenAPIModelSchemas) -> OpenAPIOperation? {
    switch route.schema {
    case .hidden: nil
    case .fixed(let operation): operation
    case .ofModel(let operation): operation(schemas)
    }
  }
}

/// The document's paths in their order, each with its methods.
private struct Paths {
  private(set) var members: [JSONValue.Member] = []
  private var positions: [String: Int] = [:]

  mutating func add(_ operation: OpenAPIOperation?, of route: Route, at path: String, model: String? = nil) {
    guard let operation else { return }
    let method = JSONValue.Member(route.method.rawValue.lowercased(), operation.json(of: route, at: path, model: model))
    guard let position = positions[path] else {
      positions[path] = members.count
      members.append(.init(path, .object([method])))
      return
    }
    let methods = members[position].value.members ?? []
    if !methods.contains(where: { $0.name == method.name }) { members[position].value = .object(methods + [method]) }
  }
}
