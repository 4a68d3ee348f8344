// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import SwiftletFormats
import Testing

@testable import SwiftletServing

@Suite("Pictures in requests")
struct PictureRequestTests {
  private let server: TestServer
  private static let path = "/v1/models/pictures:predict"
  /// The picture of the model's tests, 2 by 3 pixels of gray.
  private static let picture = Picture(width: 3, height: 2, channels: 1, bytes: [0, 255, 7, 1, 2, 3])
  private static let png = picture.png()
  private static let base64 = Data(png).base64EncodedString()

  init() throws { server = try TestServer.ofAllKinds() }

  private func lines() async throws -> JSONValue {
    try await server.post(Self.path, #"{"instances":[[[0,255,7],[1,2,3]]]}"#).json
  }

  private static func form(_ parts: [(head: String, bytes: [UInt8])], boundary: String = "x-1") -> [UInt8] {
    var body: [UInt8] = []
    for part in parts { body += Array("--\(boundary)\r\n\(part.head)\r\n\r\n".utf8) + part.bytes + [13, 10] }
    return body + Array("--\(boundary)--\r\n".utf8)
  }

  private func send(_ bytes: [UInt8], _ type: String, to path: String = Self.path) async throws -> ServerResponse {
    try await server.ask(.POST, path, headers: ["Content-Type": type], bytes: bytes)
  }

  @Test("a PNG is the same question as its pixels: in base64, as a body, in a form, and as a tensor")
  func forms() async throws {
    let lines = try await lines()
    for row in [
      #"{"b64":"\#(Self.base64)"}"#, #"{"image":{"b64":"\#(Self.base64)"}}"#,
      #"{"image_bytes":{"b64":"\#(Self.base64)"}}"#,
    ] {
      #expect(try await server.post(Self.path, #"{"instances":[\#(row)]}"#).json == lines, "\(row)")
    }
    #expect(try await send(Self.png, "image/png").json == lines)
    let form = Self.form([("Content-Disposition: form-data; name=\"image\"; filename=\"17.png\"", Self.png)])
    #expect(try await send(form, "multipart/form-data; boundary=x-1").json == lines)
    #expect(try await send(form, "multipart/form-data; boundary=\"x-1\"; charset=utf-8").json == lines)
    let label = lines["predictions"]?.array?.first?["label"] ?? .null
    let invoked = try await send(Self.png, "application/x-image", to: "/endpoints/pictures/invocations")
    #expect(invoked.json == ["predictions": [label]])
    let tensor = #"{"inputs":[{"name":"image","shape":[1],"datatype":"BYTES","data":["\#(Self.base64)"]}]}"#
    let answered = try await server.post("/v2/models/pictures/infer", tensor)
    #expect(answered.json["outputs"]?.array?.contains { $0["data"] == [label] } == true, "\(answered.text)")
    let object = tensor.replacing("[\"\(Self.base64)\"]", with: #"[{"b64":"\#(Self.base64)"}]"#)
    #expect(try await server.post("/v2/models/pictures/infer", object).json == answered.json)
    let head =
      #"{"inputs":[{"name":"image","shape":[1,1],"datatype":"BYTES","parameters":{"binary_data_size":\#(Self.png.count + 4)}}]}"#
    let size = withUnsafeBytes(of: UInt32(Self.png.count).littleEndian) { Array($0) }
    let binary = try await server.ask(
      .POST, "/v2/models/pictures/infer", headers: ["Inference-Header-Content-Length": "\(head.utf8.count)"],
      bytes: Array(head.utf8) + size + Self.png)
    #expect(binary.json["outputs"] == answered.json["outputs"], "\(binary.text)")
  }

  @Test("a picture of another size and color gets those of the model; several are several rows")
  func adapted() async throws {
    let bytes = Self.picture.converted(channels: 3).resized(width: 6, height: 4)
    let two = Self.form([
      ("Content-Disposition: form-data; name=\"image\"", Self.png),
      ("Content-Disposition: form-data; name=image", bytes.png()),
    ])
    let answered = try await send(two, "multipart/form-data; boundary=x-1")
    let row = try await lines()["predictions"]?.array?.first ?? .null
    #expect(answered.json["predictions"] == [row, row], "\(answered.text)")
  }

  @Test("the playground asks which pixels an answer depends on, and a model without pictures says that it has none")
  func saliency() async throws {
    let tensor = #"{"inputs":[{"name":"image","shape":[1,2,3],"datatype":"UINT8","data":[0,255,7,1,2,3]}]}"#
    let map = try await server.post("/playground/models/pictures/saliency", tensor).json
    let label = try await lines()["predictions"]?.array?.first?["label"]
    #expect(map["subject"] == label && map["width"] == 3 && map["height"] == 2)
    let values = map["values"]?.array?.compactMap(\.number) ?? []
    #expect(values.count == 6 && values.max() == 1 && values.allSatisfy { (0...1).contains($0) })
    let file = #"{"inputs":[{"name":"image","shape":[1],"datatype":"BYTES","data":["\#(Self.base64)"]}]}"#
    #expect(try await server.post("/playground/models/pictures/saliency", file).json == map)
    for (path, body, sentence) in [
      ("flowers", tensor, "looks at no pictures"), ("pictures", "{}", "needs \"inputs\""),
      ("pictures", tensor.replacing("[1,2,3]", with: "[2,1,3]"), "unexpected shape"),
    ] {
      let refused = try await server.post("/playground/models/\(path)/saliency", body)
      #expect(
        refused.status == .badRequest && refused.text.contains(sentence.replacing("\"", with: "\\\"")),
        "\(refused.text)")
    }
    #expect(try await server.post("/playground/models/none/saliency", tensor).status == .notFound)
  }

  @Test("what is wrong with a picture or its form is 400, with a sentence")
  func refusals() async throws {
    func message(_ bytes: [UInt8], _ type: String, to path: String = Self.path) async throws -> String {
      let response = try await send(bytes, type, to: path)
      #expect(response.status == .badRequest)
      return response.json["error"]?.string ?? ""
    }
    let form = "multipart/form-data; boundary=x-1"
    let head = "Content-Disposition: form-data; name=\"image\""
    #expect(try await message(Array(Self.png.dropLast(20)), "image/png").hasPrefix("picture 0: is a damaged PNG"))
    #expect(try await message([1, 2, 3], "image/jpeg").hasPrefix("picture 0 is not a picture"))
    #expect(
      try await message(Self.png, "image/png", to: "/v1/models/flowers:predict")
        == "The model \"flowers\" takes rows of a table, not pictures.")
    #expect(
      try await message([], "multipart/form-data")
        == "A form of multipart/form-data needs a boundary in its Content-Type.")
    #expect(try await message([1], form) == "The form does not begin with its boundary, \"--x-1\".")
    #expect(try await message(Self.form([]), form) == "The form has no parts.")
    #expect(
      try await message(Self.form([("A: b", [1])]), form)
        == "Part 0 of the form has no Content-Disposition with a name.")
    #expect(
      try await message(Self.form([("Content-Disposition: form-data; name=\"file\"", Self.png)]), form)
        == "The form has the field \"file\", and the model \"pictures\" takes \"image\": curl -F image=@FILE.")
    let whole = Self.form([(head, Self.png)])
    for length in 0..<(whole.count - 4) {
      #expect(try await send(Array(whole[..<length]), form).status == .badRequest, "\(length) bytes")
    }
    #expect(try await message(Self.form([(head, [])]), form).hasPrefix("picture 0 is not a picture"))
    let large = Picture(width: 4097, height: 4096, channels: 1, bytes: Array(repeating: 0, count: 4097 * 4096)).png()
    #expect(
      try await message(large, "image/png").hasPrefix("The pictures of a request have at most 16777216 pixels together")
    )
  }

  @Test("an object in a tensor is a picture in base64 or refused")
  func objects() async throws {
    func message(_ model: String, _ name: String, _ type: String, _ data: String) async throws -> String {
      let body = #"{"inputs":[{"name":"\#(name)","shape":[1],"datatype":"\#(type)","data":[\#(data)]}]}"#
      let response = try await server.post("/v2/models/\(model)/infer", body)
      #expect(response.status == .badRequest)
      return response.json["error"]?.string ?? ""
    }
    let file = #"{"b64":"\#(Self.base64)"}"#
    #expect(
      try await message("pictures", "image", "UINT8", file)
        == "The input \"image\" holds pictures, so its datatype is BYTES and not UINT8.")
    #expect(
      try await message("penguins", "island", "BYTES", file)
        == "The input \"island\" holds {\"b64\": …}, and the model \"penguins\" takes no pictures.")
    for other in [#"{"b64":1}"#, #"{"image":"x"}"#, "{}", #"{"b64":"x","b":1}"#] {
      #expect(try await message("pictures", "image", "BYTES", other).hasPrefix("A tensor holds numbers, text"))
    }
    #expect(try await message("pictures", "image", "BYTES", #"{"b64":"?"}"#) == "A picture in base64 is damaged.")
  }

  @Test("a GIF, a text and nothing are refused as pictures", arguments: ["R0lGODlhAAAA", "aGVsbG8=", ""])
  func noPicture(base64: String) async throws {
    let response = try await server.post("/v1/models/pictures:predict", #"{"instances":[{"b64":"\#(base64)"}]}"#)
    #expect(response.status == .badRequest && response.text.contains("picture 0 is not a picture"), "\(response.text)")
  }

  @Test("a large picture is not decoded on an event loop, and is answered from the pool")
  func pool() async throws {
    let large = Picture(width: 300, height: 200, channels: 1, bytes: Array(repeating: 9, count: 60000)).png()
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let request = ServerRequest(
      .POST, Self.path, headers: ["Content-Type": "image/png", "Host": "localhost"], body: ByteBuffer(bytes: large))
    let responder = server.responder
    let isLater = try await loop.submit { () -> Bool in
      if case .later = responder.respond(to: request, on: loop) { true } else { false }
    }.get()
    #expect(isLater)
    let answered = try await send(large, "image/png")
    #expect(answered.status == .ok, "\(answered.text)")
  }

  @Test("the document names the media types, and the lines of each channel")
  func document() async throws {
    let document = try await server.get("/openapi.json").json
    let content = document["paths"]?[Self.path]?["post"]?["requestBody"]?["content"]
    #expect(content?.members?.map(\.name) == ["application/json", "multipart/form-data", "image/png", "image/jpeg"])
    let flowers = document["paths"]?["/v1/models/flowers:predict"]?["post"]?["requestBody"]?["content"]
    #expect(flowers?.members?.map(\.name) == ["application/json"])
  }
}
