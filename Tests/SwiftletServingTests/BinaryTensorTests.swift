// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import SwiftletFormats
import Testing

@testable import SwiftletServing

@Suite("Open Inference Protocol: tensors in bytes, and compressed bodies")
struct BinaryTensorTests {
  private let server: TestServer
  init() throws { server = try TestServer.ofAllKinds() }

  private static let row: [Float] = [1, 5, 2]
  private static var rowBytes: [UInt8] {
    row.flatMap { bits in withUnsafeBytes(of: bits.bitPattern.littleEndian) { Array($0) } }
  }

  private func ask(_ json: String, _ block: [UInt8], length: String? = nil, headers: HTTPHeaders = [:]) async throws
    -> ServerResponse
  {
    var headers = headers
    headers.add(name: "Inference-Header-Content-Length", value: length ?? String(json.utf8.count))
    return try await server.ask(.POST, "/v2/models/flowers/infer", headers: headers, bytes: Array(json.utf8) + block)
  }

  private static func input(size: Int, shape: String = "[1,3]", type: String = "FP32") -> String {
    #"{"inputs":[{"name":"x","shape":\#(shape),"datatype":"\#(type)","parameters":{"binary_data_size":\#(size)}}]}"#
  }

  private var expected: ServerResponse {
    get async throws {
      try await server.post(
        "/v2/models/flowers/infer", #"{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,5,2]}]}"#)
    }
  }

  @Test("bytes behind the JSON are the same request as numbers in it")
  func bytesIn() async throws {
    let response = try await ask(Self.input(size: 12), Self.rowBytes)
    #expect(try await response.json == expected.json)
  }

  @Test("outputs come as bytes, JSON first, in the order in which they are listed")
  func bytesOut() async throws {
    let json = Self.input(size: 12).dropLast() + #","parameters":{"binary_data_output":true}}"#
    let response = try await ask(String(json), Self.rowBytes)
    #expect(response.mediaType == "application/octet-stream")
    let length = try #require(response.header("Inference-Header-Content-Length").flatMap(Int.init))
    let bytes = Array(response.body.readableBytesView)
    let head = try JSONValue.parse(Array(bytes[..<length])[...], name: "head")
    let sizes = head["outputs"]?.array?.compactMap { $0["parameters"]?["binary_data_size"]?.integer }
    let label = try #require(try await expected.json["outputs"]?.array?[1]["data"]?.array?.first?.string)
    #expect(sizes == [12, 4 + label.utf8.count])
    #expect(bytes.count == length + 12 + 4 + label.utf8.count)
    #expect(Array(bytes.suffix(label.utf8.count)) == Array(label.utf8))
    #expect(bytes[length + 12] == UInt8(label.utf8.count))
  }

  @Test("an output may ask for JSON while the request asks for bytes")
  func mixed() async throws {
    let json =
      Self.input(size: 12).dropLast()
      + #","parameters":{"binary_data_output":true},"outputs":[{"name":"label","parameters":{"binary_data":false}},{"name":"probabilities"}]}"#
    let response = try await ask(String(json), Self.rowBytes)
    let length = try #require(response.header("Inference-Header-Content-Length").flatMap(Int.init))
    let head = try JSONValue.parse(Array(response.body.readableBytesView.prefix(length))[...], name: "head")
    #expect(head["outputs"]?.array?[0]["data"]?.array?.count == 1)
    #expect(head["outputs"]?.array?[1]["parameters"]?["binary_data_size"] == 12)
  }

  @Test("a request of bytes alone is one row, answered in bytes")
  func raw() async throws {
    let response = try await ask("", Self.rowBytes, length: "0")
    #expect(response.status == .ok)
    #expect(response.header("Inference-Header-Content-Length") != nil)
    #expect(try await ask("", Array(Self.rowBytes.dropLast()), length: "0").status == .badRequest)
  }

  @Test("BYTES elements are lengths and texts")
  func texts() async throws {
    let json =
      #"{"inputs":[{"name":"bill","shape":[1,1],"datatype":"FP32","data":[39]},{"name":"island","shape":[1,1],"datatype":"BYTES","parameters":{"binary_data_size":9}},{"name":"female","shape":[1,1],"datatype":"BOOL","parameters":{"binary_data_size":1}}]}"#
    func ask(_ block: [UInt8]) async throws -> ServerResponse {
      try await server.ask(
        .POST, "/v2/models/penguins/infer", headers: ["Inference-Header-Content-Length": String(json.utf8.count)],
        bytes: Array(json.utf8) + block)
    }
    #expect(try await ask([5, 0, 0, 0] + Array("Dream".utf8) + [1]).status == .ok)
    #expect(try await ask([255, 255, 255, 255] + Array("Dream".utf8) + [1]).status == .badRequest)
    #expect(try await ask([5, 0, 0, 0, 0xFF, 0xFE, 0, 0, 0, 1]).status == .badRequest)
  }

  @Test(
    "half precision is read exactly",
    arguments: [(UInt16(0x3C00), 1.0), (0xC000, -2), (0x3555, 0.333251953125), (1, 0x1p-24)])
  func half(bits: UInt16, value: Double) { #expect(Double(float(half: bits)) == value) }

  @Test(
    "sizes that do not fit are 400, whatever they are",
    arguments: [
      (input(size: 11), "12"), (input(size: 9_223_372_036_854_775_807), nil), (input(size: -1), nil),
      (input(size: 12), "99999"), (input(size: 12), "-1"), (input(size: 12), "x"),
      (input(size: 12), "18446744073709551616"),
      (input(size: 12, shape: "[4611686018427387904,4]"), nil), (input(size: 12, shape: "[2,3]"), nil),
      (input(size: 24, shape: "[2,3]"), nil), (input(size: 6, type: "FP16"), nil),
    ] as [(String, String?)])
  func sizes(json: String, length: String?) async throws {
    let response = try await ask(json, Self.rowBytes, length: length)
    #expect(response.status == .badRequest, "\(json)")
    #expect(response.error != nil)
  }

  @Test("both data and a size, a size without the header, and bytes left over are 400")
  func contradictions() async throws {
    let both =
      #"{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3],"parameters":{"binary_data_size":12}}]}"#
    #expect(try await ask(both, Self.rowBytes).error?.contains("Input must set only one") == true)
    let left = try await ask(Self.input(size: 12), Self.rowBytes + [0])
    #expect(left.error?.contains("unexpected additional input data") == true)
    #expect(try await server.post("/v2/models/flowers/infer", Self.input(size: 12)).status == .badRequest)
  }

  @Test(
    "gzip and deflate in both directions; the header length is that of the plain JSON", arguments: ["gzip", "deflate"])
  func compression(encoding: String) async throws {
    let format: ZlibFormat = encoding == "gzip" ? .gzip : .zlib
    let json = Self.input(size: 12)
    let packed = try #require((Array(json.utf8) + Self.rowBytes).withUnsafeBytes { deflated($0, format) })
    let response = try await server.ask(
      .POST, "/v2/models/flowers/infer",
      headers: ["Inference-Header-Content-Length": String(json.utf8.count), "Content-Encoding": encoding], bytes: packed
    )
    #expect(try await response.json == expected.json)
    let metadata = try await server.get("/openapi.json", headers: ["Accept-Encoding": "br, \(encoding);q=1.0"])
    #expect(metadata.header("Content-Encoding") == encoding)
    let plain = try metadata.body.withUnsafeReadableBytes { try inflated($0, format, limit: 1 << 24) }
    #expect(try JSONValue.parse(plain[...], name: "t")["openapi"] == "3.1.0")
  }

  @Test("an unknown encoding is 415, damaged bytes are 400, and a bomb is 413")
  func hostileCompression() async throws {
    let path = "/v2/models/flowers/infer"
    let unknown = try await server.post(path, "x", headers: ["Content-Encoding": "br"])
    #expect(unknown.status == .unsupportedMediaType)
    #expect(unknown.header("Accept-Encoding") == "gzip, deflate")
    #expect(try await server.post(path, "not gzip", headers: ["Content-Encoding": "gzip"]).status == .badRequest)
    let bomb = try #require([UInt8](repeating: 0, count: 64 << 20).withUnsafeBytes { deflated($0, .gzip) })
    #expect(bomb.count < 1 << 20)
    let exploded = try await server.ask(.POST, path, headers: ["Content-Encoding": "gzip"], bytes: bomb)
    #expect(exploded.status == .payloadTooLarge)
  }
}
