// SPDX-License-Identifier: Apache-2.0
//
// gRPC without a socket: graphs of ONNX, and pictures as files. Each is asked the same over HTTP.

import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import SwiftletFormats
import SwiftletInterchange
import Testing

@testable import SwiftletServing

@Suite("gRPC: graphs and pictures")
struct GRPCModelTests {
  private static let picture = Picture(width: 3, height: 2, channels: 1, bytes: [0, 255, 7, 1, 2, 3])
  /// 19 by 13 pixels of gray, written by Pillow 13.0.0: the case "JPEG in gray" of the tests of pictures.
  private static let jpeg: [UInt8] = Array(
    Data(base64Encoded: gray) ?? Data())
  private static let gray =
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAx"
    + "NDQ0Hyc5PTgyPC4zNDL/wAALCAANABMBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUF"
    + "BAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW"
    + "V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi"
    + "4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AK9lfa94qf8AtC7uLaOyi5AYgEkVUe/uvEWtH+1ZY47CJTGik4YntWLN4X8XGdza"
    + "hDBuPln/AGe1d9D4Q059GeL94qplxtbHIrhDp8WqPJdzswkt32ptOBgVsR+L9Tt41hRl2oNoyK//2Q=="

  /// Bytes behind their lengths, as raw_input_contents and V2's binary tensors have them.
  private static func block(_ files: [[UInt8]]) -> [UInt8] {
    files.flatMap { file in withUnsafeBytes(of: UInt32(file.count).littleEndian) { Array($0) } + file }
  }

  private static func question(_ files: [[UInt8]], isRaw: Bool, shape: [Int]? = nil) -> InferQuestion {
    var question = InferQuestion(model: "pictures")
    question.inputs = [.init(name: "image", datatype: "BYTES", shape: shape ?? [files.count])]
    if isRaw {
      question.blocks = [block(files)]
    } else {
      question.inputs[0].contents = { contents in for file in files { contents.write(8, bytes: file) } }
    }
    return question
  }

  /// The outputs of V2 over HTTP as bytes: every bit of every number.
  private static func binary(_ server: TestServer, _ model: String, _ head: String, _ bytes: [UInt8]) async throws
    -> [UInt8]
  {
    let response = try await server.ask(
      .POST, "/v2/models/\(model)/infer",
      headers: ["Inference-Header-Content-Length": "\(head.utf8.count)"], bytes: Array(head.utf8) + bytes)
    let length = try #require(
      response.header("Inference-Header-Content-Length").flatMap { Int($0) }, "\(response.status)")
    return Array(response.body.readableBytesView.dropFirst(length))
  }

  private func reply(_ response: ServerResponse) throws -> InferReply {
    try #require(response.status == .ok, "\(String(buffer: response.body))")
    return try InferReply(bytes: response.body)
  }

  @Test("a PNG and a JPEG are answered as over HTTP, bit for bit, in contents and as bytes")
  func pictures() async throws {
    let server = try TestServer([TestModels.pictures()])
    #expect(Self.jpeg.count > 400)
    let files = [Self.picture.png(), Self.jpeg, Self.picture.converted(channels: 3).resized(width: 6, height: 4).png()]
    let block = Self.block(files)
    let head =
      #"{"inputs":[{"name":"image","shape":[3],"datatype":"BYTES","parameters":{"binary_data_size":\#(block.count)}}],"#
      + #""parameters":{"binary_data_output":true}}"#
    let expected = try await Self.binary(server, "pictures", head, block)
    let raw = try reply(try await server.call("ModelInfer", Self.question(files, isRaw: true).bytes))
    #expect(raw.blocks.flatMap { $0 } == expected && !expected.isEmpty)
    let listed = try reply(try await server.call("ModelInfer", Self.question(files, isRaw: false).bytes))
    #expect(listed.blocks.isEmpty)
    #expect(try listed.described() == raw.described())
    let column = try reply(try await server.call("ModelInfer", Self.question(files, isRaw: true, shape: [3, 1]).bytes))
    #expect(column.blocks == raw.blocks)
    // In base64, as JSON has them, they are the same pictures.
    let texts = files.map { Array(Data($0).base64EncodedString().utf8) }
    let inBase64 = try reply(try await server.call("ModelInfer", Self.question(texts, isRaw: false).bytes))
    #expect(try inBase64.described() == raw.described())
    // A row of pixels, which the PNG is, gets the first row of the same answer.
    var pixels = InferQuestion(model: "pictures")
    pixels.inputs = [.init(name: "image", datatype: "UINT8", shape: [1, 2, 3])]
    pixels.blocks = [[0, 255, 7, 1, 2, 3]]
    let alone = try reply(try await server.call("ModelInfer", pixels.bytes))
    #expect(zip(alone.blocks, raw.blocks).allSatisfy { $1.starts(with: $0) })
  }

  @Test("a damaged picture is INVALID_ARGUMENT with the sentence of HTTP, at every length", arguments: [true, false])
  func damaged(isRaw: Bool) async throws {
    let server = try TestServer([TestModels.pictures()])
    let whole = Self.picture.png()
    func refusal(_ files: [[UInt8]], shape: [Int]? = nil) async throws -> String {
      let response = try await server.call("ModelInfer", Self.question(files, isRaw: isRaw, shape: shape).bytes)
      #expect(response.status == .badRequest && GRPCStatus(response.status) == .invalidArgument)
      return String(buffer: response.body)
    }
    func overHTTP(_ file: [UInt8]) async throws -> String {
      let response = try await server.ask(
        .POST, "/v1/models/pictures:predict", headers: ["Content-Type": "image/png"], bytes: file)
      return response.error ?? response.text
    }
    for length in stride(from: 8, to: whole.count - 12, by: 5) {
      let cut = Array(whole[..<length])
      let sentence = try await refusal([cut])
      #expect(try await sentence == overHTTP(cut), "\(length) bytes")
    }
    #expect(try await refusal([whole, Array(whole.dropLast(20))]).hasPrefix("picture 1: is a damaged PNG"))
    #expect(try await refusal([whole, [1, 2, 3]]).hasPrefix("picture 1 is not a picture"))
    #expect(try await refusal([Array(Self.jpeg.prefix(200))]).hasPrefix("picture 0: is a damaged JPEG"))
    #expect(try await refusal([whole], shape: [2]).contains("2 elements") || isRaw)
    #expect(try await !refusal([[0xFF, 0xFE]]).isEmpty)
    let large = Picture(width: 4097, height: 4096, channels: 1, bytes: Array(repeating: 0, count: 4097 * 4096)).png()
    #expect(try await refusal([large]).hasPrefix("The pictures of a request have at most 16777216 pixels together"))
  }

  @Test("pictures for a model of columns are refused")
  func wrongModel() async throws {
    let server = try TestServer([TestModels.numbers(), TestModels.mixed()])
    var question = Self.question([Self.picture.png()], isRaw: true)
    for (model, input) in [("flowers", "features"), ("penguins", "island")] {
      question.model = model
      question.inputs[0].name = input
      let response = try await server.call("ModelInfer", question.bytes)
      #expect(response.status == .badRequest, "\(model): \(String(buffer: response.body))")
    }
  }

  @Test("large pictures are not decoded on an event loop")
  func pool() async throws {
    let server = try TestServer([TestModels.pictures()])
    let large = Picture(width: 300, height: 200, channels: 1, bytes: Array(repeating: 9, count: 60000)).png()
    let path = "/inference.GRPCInferenceService/ModelInfer"
    let message = Self.question([large], isRaw: true).bytes
    let request = ServerRequest(
      .POST, path, headers: ["Host": "localhost:8081"],
      body: GRPCFrame.framed(ByteBuffer(bytes: message), .init()))
    let (responder, loop) = (server.responder, server.loop)
    let isLater = try await loop.submit { () -> Bool in
      var familiar = FamiliarRequest()
      if case .later = responder.respond(toCall: request, GRPCMethod.at(path), on: loop, familiar: &familiar) {
        return true
      }
      return false
    }.get()
    #expect(isLater)
    _ = try reply(try await server.call("ModelInfer", message))
  }

  // MARK: Graphs

  /// A server of what the bundles are exported to.
  private func graphServer() throws -> TestServer {
    let folder = try TemporaryFolder()
    for bundle in [try TestModels.numbers(), try TestModels.mixed(), try TestModels.regression()] {
      let url = URL(fileURLWithPath: folder.path + "/\(bundle.name).onnx")
      try Data(GraphExport.onnx(bundle)).write(to: url)
    }
    return try TestServer(paths: [folder.path], keeping: folder)
  }

  @Test("a graph of numbers is answered as over HTTP, bit for bit, in contents and as bytes")
  func graphs() async throws {
    let server = try graphServer()
    for (model, width, values) in [("flowers", 3, [1, 5, 2, 2, 7, 9]), ("prices", 2, [80, 3, 95.5, 2])]
      as [(String, Int, [Float])]
    {
      var question = InferQuestion.block(values, width: width)
      question.model = model
      let block = question.blocks[0]
      let head =
        #"{"inputs":[{"name":"features","shape":[2,\#(width)],"datatype":"FP32","parameters":{"binary_data_size":"#
        + #"\#(block.count)}}],"parameters":{"binary_data_output":true}}"#
      let expected = try await Self.binary(server, model, head, block)
      let raw = try reply(try await server.call("ModelInfer", question.bytes))
      #expect(raw.blocks.flatMap { $0 } == expected && !expected.isEmpty)
      var listed = InferQuestion.rows(values, width: width)
      listed.model = model
      #expect(try reply(try await server.call("ModelInfer", listed.bytes)).described() == raw.described())
    }
  }

  @Test("a graph with columns of texts, missing values and unknown categories; its metadata and its refusals")
  func mixedGraph() async throws {
    let server = try graphServer()
    let response = try await server.post(
      "/v2/models/penguins/infer",
      #"{"inputs":[{"name":"bill","shape":[2,1],"datatype":"FP32","data":[39,null]},"#
        + #"{"name":"island","shape":[2,1],"datatype":"BYTES","data":["Dream","Mars"]},"#
        + #"{"name":"female","shape":[2,1],"datatype":"BYTES","data":["yes","no"]}]}"#)
    var question = InferQuestion(model: "penguins")
    func texts(_ words: [String]) -> @Sendable (inout ProtobufWriter) -> Void {
      { contents in for word in words { contents.write(8, string: word) } }
    }
    question.inputs = [
      .init(name: "bill", shape: [2, 1]) { contents in
        for number in [Float(39), .nan] { contents.write(6, float: number) }
      },
      .init(name: "island", datatype: "BYTES", shape: [2, 1], contents: texts(["Dream", "Mars"])),
      .init(name: "female", datatype: "BYTES", shape: [2, 1], contents: texts(["yes", "no"])),
    ]
    let found = try reply(try await server.call("ModelInfer", question.bytes))
    #expect(JSONValue.array(try found.described()) == response.json["outputs"], "\(response.text)")
    #expect(found.outputs.map(\.name).sorted() == ["label", "probabilities"])

    var request = ProtobufWriter()
    request.write(1, string: "penguins")
    let metadata = try await server.call("ModelMetadata", request.bytes)
    #expect(String(decoding: metadata.body.readableBytesView, as: UTF8.self).contains("onnx_onnxv1"))
    question.inputs.removeLast()
    question.inputs[0].name = "beak"
    let refused = try await server.call("ModelInfer", question.bytes)
    #expect(refused.status == .badRequest)
    #expect(String(buffer: refused.body).hasPrefix("unexpected inference input 'beak' for model 'penguins'."))
  }
}
