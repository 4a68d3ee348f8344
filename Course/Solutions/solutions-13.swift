// SPDX-License-Identifier: Apache-2.0
//
// Solutions to 13 · Serve it and call it

import Foundation
import SwiftletServing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

var options = ServerOptions()
options.address.port = 0
let server = try ModelServer(paths: ["Models/iris"], options: options)
let (ports, opened) = AsyncStream<Int>.makeStream()
let serving = Task { try await server.run { opened.yield($0) } }
let port = await ports.first { _ in true } ?? 0

func ask(_ body: String) async throws -> (status: Int, answer: String) {
  guard let url = URL(string: "http://127.0.0.1:\(port)/v1/models/iris:predict") else { return (0, "") }
  var request = URLRequest(url: url)
  request.httpMethod = "POST"
  request.httpBody = Data(body.utf8)
  request.setValue("application/json", forHTTPHeaderField: "Content-Type")
  let (answer, response) = try await URLSession.shared.data(for: request)
  return ((response as? HTTPURLResponse)?.statusCode ?? 0, String(decoding: answer, as: UTF8.self))
}

// 1. A name may not be left out: it could be a slip. A value may be null: it is filled in as in training.
let three = #""sepal_length_cm": 5.1, "sepal_width_cm": 3.5, "petal_length_cm": 1.4"#
let short = try await ask("{\"instances\": [{\(three)}]}")
print("\(short.status) \(short.answer)")
print("with null: \(try await ask("{\"instances\": [{\(three), \"petal_width_cm\": null}]}").status)")

// 2. One request for all is far faster: the way there and back is paid once.
let flower = "[5.1, 3.5, 1.4, 0.2]"
let clock = ContinuousClock()
let oneByOne = try await clock.measure { for _ in 0..<1000 { _ = try await ask("{\"instances\": [\(flower)]}") } }
let rows = Array(repeating: flower, count: 1000).joined(separator: ", ")
let together = try await clock.measure { _ = try await ask("{\"instances\": [\(rows)]}") }
print("together a thousand are \(oneByOne > together * 5 ? "more than five times" : "hardly") as fast")
serving.cancel()
try await serving.value
