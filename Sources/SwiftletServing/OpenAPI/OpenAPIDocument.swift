// SPDX-License-Identifier: Apache-2.0
//
// The document that describes the interface, made from the models that are loaded.
//
// Before    Observability/CompatibleMetrics.swift     After    Playground/StaticAssets.swift
// Source    OpenAPI Specification 3.1.0

import SwiftletFormats

struct OpenAPIDocument {
  let responder: Responder
  init(_ responder: Responder) { self.responder = responder }
  var json: JSONValue { ["openapi": "3.1.0", "info": ["title": "Swiftlet", "version": .string(ServerVersion.number)], "paths": .object([])] }
}
