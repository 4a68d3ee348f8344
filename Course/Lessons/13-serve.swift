// SPDX-License-Identifier: Apache-2.0
//
// 13 · Serve it and call it
//
// You will learn   that a served model is a function that is called over HTTP, from any language.
// It prints        Course/Expected/13-serve.txt
// Try changing     a measurement to null, a name to one that there is not, the path to /docs.

import Foundation
import SwiftletServing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

// Port 0 takes any that is free. `swiftlet serve Models/iris` does the same on port 8080, until you stop it.
var options = ServerOptions()
options.address.port = 0
let server = try ModelServer(paths: ["Models/iris"], options: options)
let (ports, opened) = AsyncStream<Int>.makeStream()
let serving = Task { try await server.run { opened.yield($0) } }
let port = await ports.first { _ in true } ?? 0

/// Sends a request, with a body or without one, and prints the status and the answer.
func call(_ path: String, _ body: String? = nil) async throws {
  guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else { return }
  var request = URLRequest(url: url)
  request.httpMethod = body == nil ? "GET" : "POST"
  request.httpBody = body.map { Data($0.utf8) }
  request.setValue("application/json", forHTTPHeaderField: "Content-Type")
  let (answer, response) = try await URLSession.shared.data(for: request)
  let status = (response as? HTTPURLResponse)?.statusCode ?? 0
  print("\(body == nil ? "GET" : "POST") \(path)")
  if let body { print("  \(body)") }
  print("  \(status) \(String(decoding: answer, as: UTF8.self))")
}

try await call("/v2/health/ready")
try await call("/v2/models/iris/ready")
try await call("/v1/models/iris:predict", #"{"instances": [[5.1, 3.5, 1.4, 0.2], [6.3, 3.3, 6.0, 2.5]]}"#)
try await call("/v1/models/iris:predict", #"{"instances": [[5.1, 3.5, "wide", 0.2]]}"#)
serving.cancel()
try await serving.value

// Exercises
// 1. Ask for one flower by the names of its measurements, leave one of them out, and then send it as null.
// 2. Send a thousand flowers one by one, then all at once. How many answers a second are that?
// Solutions/solutions-13.swift
