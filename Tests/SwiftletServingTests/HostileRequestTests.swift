// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import SwiftletFormats
import SwiftletTensors
import Testing

@testable import SwiftletServing

@Suite("Hostile requests")
struct HostileRequestTests {
  private static let seeds: [(target: String, body: String, headers: HTTPHeaders)] = [
    (
      "/v2/models/flowers/infer",
      #"{"id":"1","inputs":[{"name":"x","shape":[2,3],"datatype":"FP32","data":[[1,5.5,-2e1],[NaN,null,3]]}],"outputs":[{"name":"label","parameters":{"classification":2,"binary_data":true}}],"parameters":{"timeout":5}}"#,
      [:]
    ),
    (
      "/v2/models/penguins/infer",
      #"{"inputs":[{"name":"bill","shape":[1],"datatype":"FP32","data":[3]},{"name":"island","shape":[1,1],"datatype":"BYTES","data":["D\u0041\ud83d\ude00"]},{"name":"female","shape":[1],"datatype":"BOOL","data":[true]}]}"#,
      [:]
    ),
    (
      "/v2/models/flowers/infer",
      #"{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","parameters":{"binary_data_size":12}}]}abcdefghijkl"#,
      ["Inference-Header-Content-Length": "96"]
    ),
    (
      "/v1/models/penguins:predict",
      #"{"instances":[{"bill":1,"island":"Dream","female":"yes"},{"bill":null,"island":null,"female":false}]}"#, [:]
    ),
    ("/v1/models/pictures:predict", #"{"instances":[{"b64":"AP8HAQID"},[[1,2,3],[4,5,6]]]}"#, [:]),
    (
      "/endpoints/penguins/invocations", "island,bill,female\nDream,4.5,yes\n\"Bis\"\"coe\",,no\n",
      ["Content-Type": "text/csv"]
    ),
    (
      "/endpoints/prices/invocations", #"{"dataframe_split":{"columns":["rooms","area"],"data":[[1,2],[3,4]]}}"#,
      ["Content-Type": "application/json"]
    ),
    ("/v2/repository/index", #"{"ready":true}"#, [:]),
  ]

  @Test("changed, cut and doubled bytes are answered or refused, and never more than that", arguments: 0..<8)
  func mutations(seed: Int) async throws {
    let server = try TestServer.ofAllKinds()
    let (target, body, headers) = Self.seeds[seed]
    let original = Array(body.utf8)
    var generator = Generator(seed: UInt64(seed) + 1)
    for round in 0..<600 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
        let position = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[position] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.removeSubrange(position...)
        case 2: bytes.insert(contentsOf: bytes[position...].prefix(40), at: position)
        case 3: bytes.remove(at: position)
        default: bytes[position] = Array("[]{}\",:-9eN\\0".utf8).randomElement(using: &generator) ?? 0
        }
      }
      let response = try await server.ask(.POST, target, headers: headers, bytes: bytes)
      #expect(response.status.code < 500, "round \(round): \(String(decoding: bytes, as: UTF8.self)): \(response.text)")
      if response.status.code >= 400 { #expect(response.error?.isEmpty == false) }
      #expect(!response.text.contains(server.folder))
    }
  }

  @Test("npy arrays with any byte changed or cut are answered or refused")
  func npy() async throws {
    let server = try TestServer.ofAllKinds()
    let original = NPY.encode([1, 2, 3, 4], shape: [2, 2])
    for position in 0..<original.count {
      for bytes in [Array(original[..<position]), original.enumerated().map { $0 == position ? $1 ^ 0x5A : $1 }] {
        let response = try await server.ask(
          .POST, "/endpoints/prices/invocations", headers: ["Content-Type": "application/x-npy"], bytes: bytes)
        #expect(response.status.code < 500)
      }
    }
  }

  @Test("a name that appears twice in an object is refused, wherever it is read")
  func repeatedNames() async throws {
    let server = try TestServer.ofAllKinds()
    let tensor = #""name":"features","shape":[1,3],"datatype":"FP32","data":[1,5,2]"#
    for (target, body) in [
      ("/v2/models/flowers/infer", #"{"id":"a","id":"b","inputs":[{\#(tensor)}]}"#),
      ("/v2/models/flowers/infer", #"{"inputs":[{\#(tensor),"name":"x"}]}"#),
      ("/v1/models/flowers:predict", #"{"inputs":{"length":[1],"width":[5],"length":[2]}}"#),
      ("/v1/models/prices:predict", #"{"instances":[{"area":1,"rooms":2,"area":3}]}"#),
    ] {
      let response = try await server.post(target, body)
      #expect(response.status == .badRequest)
      #expect(response.error?.contains("appears twice in one object") == true, "\(response.text)")
    }
  }

  @Test("depth, counts and sizes have limits")
  func limits() async throws {
    let server = try TestServer.ofAllKinds()
    let path = "/v2/models/flowers/infer"
    let deep = String(repeating: "[", count: 20_000)
    for body in [
      deep, #"{"inputs":"# + deep, #"{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":"# + deep,
      #"{"x":"# + deep,
    ] {
      #expect(try await server.post(path, body).status == .badRequest)
    }
    let input = #"{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}"#
    let outputs = Array(repeating: #"{"name":"label"}"#, count: 100_000).joined(separator: ",")
    #expect(try await server.post(path, #"{"inputs":[\#(input)],"outputs":[\#(outputs)]}"#).status == .badRequest)
    let inputs = Array(repeating: input, count: 5000).joined(separator: ",")
    #expect(try await server.post(path, #"{"inputs":[\#(inputs)]}"#).status == .badRequest)
    let rows = Array(repeating: "[1,5,2]", count: 10_001).joined(separator: ",")
    #expect(try await server.post("/v1/models/flowers:predict", #"{"instances":[\#(rows)]}"#).status == .badRequest)
    let shape = Array(repeating: "1", count: 1000).joined(separator: ",")
    let axes = #"{"inputs":[{"name":"x","shape":[\#(shape)],"datatype":"FP32","data":[1]}]}"#
    #expect(try await server.post(path, axes).status == .badRequest)
  }
}
