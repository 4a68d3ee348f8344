// SPDX-License-Identifier: Apache-2.0
//
// gRPC without a socket: what the messages mean, and that their answers are those of V2 over HTTP.

import NIOCore
import NIOHTTP1
import SwiftletFormats
import Testing

@testable import SwiftletServing

@Suite("gRPC: messages and their answers")
struct GRPCTests {
  /// The same question in the JSON of V2, and the outputs that it is answered with.
  private func outputs(_ server: TestServer, _ model: String, _ body: String) async throws -> JSONValue {
    let response = try await server.post("/v2/models/\(model)/infer", body)
    return response.json["outputs"] ?? .string(response.text)
  }

  private func reply(_ response: ServerResponse) throws -> InferReply {
    try #require(response.status == .ok, "\(String(buffer: response.body))")
    return try InferReply(bytes: response.body)
  }

  @Test("bare numbers, in contents and as bytes, are answered as in JSON, in the form in which they came")
  func numbers() async throws {
    let server = try TestServer.ofAllKinds()
    let expected = try await outputs(
      server, "flowers",
      #"{"inputs":[{"name":"features","shape":[2,3],"datatype":"FP32","data":[1,5,2,2,7,9]}]}"#)
    for question in [InferQuestion.rows([1, 5, 2, 2, 7, 9]), .block([1, 5, 2, 2, 7, 9])] {
      let reply = try reply(try await server.call("ModelInfer", question.bytes))
      #expect(JSONValue.array(try reply.described()) == expected)
      #expect(reply.model == "flowers" && reply.version == "1" && reply.id == "")
      #expect(reply.blocks.isEmpty == question.blocks.isEmpty)
      #expect(reply.parameters.isEmpty)
    }
  }

  @Test("numbers, categories and truth values by column, missing ones among them")
  func columns() async throws {
    let server = try TestServer.ofAllKinds()
    let expected = try await outputs(
      server, "penguins",
      #"{"inputs":[{"name":"bill","shape":[2,1],"datatype":"FP32","data":[39,null]},"#
        + #"{"name":"island","shape":[2,1],"datatype":"BYTES","data":["Dream","Mars"]},"#
        + #"{"name":"female","shape":[2],"datatype":"BOOL","data":[true,false]}]}"#)
    var question = InferQuestion(model: "penguins", version: "1")
    question.inputs = [
      .init(name: "bill", shape: [2, 1]) { contents in
        for number in [Float(39), .nan] { contents.write(6, float: number) }  // not packed
      },
      .init(name: "island", datatype: "BYTES", shape: [2, 1]) { contents in
        for text in ["Dream", "Mars"] { contents.write(8, string: text) }
      },
      .init(name: "female", datatype: "BOOL", shape: [2]) { $0.write(1, bytes: [1, 0] as [UInt8]) },
    ]
    let reply = try reply(try await server.call("ModelInfer", question.bytes))
    #expect(JSONValue.array(try reply.described()) == expected)
    // Texts as bytes, beside numbers in contents: the block belongs to the input that has no contents.
    question.inputs[1].contents = nil
    question.blocks = [[5, 0, 0, 0] + Array("Dream".utf8) + [4, 0, 0, 0] + Array("Mars".utf8)]
    let mixed = try self.reply(try await server.call("ModelInfer", question.bytes))
    #expect(JSONValue.array(try mixed.described()) == expected)
  }

  @Test(
    "every type of numbers, from its own field",
    arguments: [
      ("INT8", 2, false), ("INT16", 2, false), ("INT32", 2, false), ("INT64", 3, false), ("UINT8", 4, false),
      ("UINT16", 4, false), ("UINT32", 4, false), ("UINT64", 5, false), ("FP64", 7, true),
    ])
  func types(datatype: String, field: Int, isDouble: Bool) async throws {
    let server = try TestServer.ofAllKinds()
    let expected = try await outputs(
      server, "prices", #"{"inputs":[{"name":"features","shape":[1,2],"datatype":"FP32","data":[80,3]}]}"#)
    var question = InferQuestion(model: "prices")
    question.inputs = [
      .init(name: "features", datatype: datatype, shape: [1, 2]) { contents in
        for number in [80, 3] {
          if isDouble {
            contents.write(field, double: Double(number))
          } else {
            contents.write(field, signed: Int64(number))
          }
        }
      }
    ]
    let reply = try reply(try await server.call("ModelInfer", question.bytes))
    #expect(JSONValue.array(try reply.described()) == expected)
  }

  @Test("pixels, and lists of a model that recommends")
  func others() async throws {
    let server = try TestServer([TestModels.pictures(), TestModels.tastes()])
    var question = InferQuestion(model: "pictures")
    question.inputs = [.init(name: "image", datatype: "UINT8", shape: [1, 2, 3])]
    question.blocks = [[0, 20, 40, 60, 80, 100]]
    let pixels = try reply(try await server.call("ModelInfer", question.bytes))
    let expected = try await outputs(
      server, "pictures",
      #"{"inputs":[{"name":"image","shape":[1,2,3],"datatype":"UINT8","data":[0,20,40,60,80,100]}]}"#)
    #expect(JSONValue.array(try pixels.described()) == expected)
    question = InferQuestion(model: "tastes", parameters: [("top", { $0.write(2, signed: 1) })])
    question.inputs = [
      .init(name: "customer", datatype: "BYTES", shape: [2]) { contents in
        for name in ["anna", "ben"] { contents.write(8, string: name) }
      }
    ]
    let lists = try reply(try await server.call("ModelInfer", question.bytes))
    let expectedLists = try await outputs(
      server, "tastes",
      #"{"inputs":[{"name":"customer","shape":[2],"datatype":"BYTES","data":["anna","ben"]}],"parameters":{"top":1}}"#)
    #expect(JSONValue.array(try lists.described()) == expectedLists)
  }

  @Test("an id, chosen outputs, and the most probable labels")
  func choices() async throws {
    let server = try TestServer([TestModels.numbers()])
    var question = InferQuestion.rows([1, 5, 2])
    question.id = "42"
    question.outputs = [("label", 0), ("probabilities", 2)]
    let reply = try reply(try await server.call("ModelInfer", question.bytes))
    let expected = try await outputs(
      server, "flowers",
      #"{"inputs":[{"name":"features","shape":[1,3],"datatype":"FP32","data":[1,5,2]}],"#
        + #""outputs":[{"name":"label"},{"name":"probabilities","parameters":{"classification":2}}]}"#)
    let described = JSONValue.array(try reply.described())
    #expect(reply.id == "42" && described == expected)
    // Without an id of its own it has that of the request, as over HTTP.
    let named = try await server.call(
      "ModelInfer", InferQuestion.rows([1, 5, 2]).bytes, headers: [("x-request-id", "r")])
    #expect(try self.reply(named).id == "r" && named.header("x-request-id") == "r")
  }

  @Test("what the server and its models are")
  func descriptions() async throws {
    let server = try TestServer.ofAllKinds()
    func texts(_ method: String, _ name: String = "", field: Int) async throws -> [String] {
      var request = ProtobufWriter()
      request.write(1, string: name)
      let response = try await server.call(method, request.bytes)
      try #require(response.status == .ok)
      return try response.body.readMessage { reader in
        var texts: [String] = []
        while let next = try reader.next() { if next.number == field { texts.append("\(try next.text)") } }
        return texts
      }
    }
    #expect(try await server.call("ServerLive", []).body == ByteBuffer(bytes: [8, 1]))
    #expect(try await server.call("ServerReady", []).body == ByteBuffer(bytes: [8, 1]))
    #expect(try await texts("ServerMetadata", field: 1) == ["swiftlet"])
    #expect(try await texts("ModelMetadata", "flowers", field: 2) == ["1"])
    let config = try await texts("ModelConfig", "penguins", field: 1)
    #expect(config.count == 1 && config[0].contains("island"))
    #expect(try await texts("ModelStatistics", "flowers", field: 1).count == 1)
    #expect(try await texts("ModelStatistics", field: 1).count == 4)
    #expect(try await texts("RepositoryIndex", field: 1).count == 4)
    for (name, isReady) in [("flowers", true), ("nope", false)] {
      var request = ProtobufWriter()
      request.write(1, string: name)
      let response = try await server.call("ModelReady", request.bytes)
      #expect(response.status == .ok && response.body == ByteBuffer(bytes: [8, isReady ? 1 : 0]))
    }
    server.responder.state.beginDraining()
    #expect(try await server.call("ServerReady", []).body == ByteBuffer(bytes: [8, 0]))
    #expect(try await server.call("ServerLive", []).body == ByteBuffer(bytes: [8, 1]))
  }

  @Test("loading and unloading, as KServe and as Triton ask for it")
  func loading() async throws {
    func named(_ field: Int, _ parameter: String? = nil) -> [UInt8] {
      var request = ProtobufWriter()
      request.write(field, string: "flowers")
      if let parameter {
        request.message(3) { entry in
          entry.write(1, string: parameter)
          entry.message(2) { $0.write(4, bytes: [1, 2] as [UInt8]) }  // bytes_param, which other parameters do not have
        }
      }
      return request.bytes
    }
    let strict = try TestServer([TestModels.numbers()])
    #expect(try await strict.call("RepositoryModelUnload", named(1)).status == .forbidden)
    var options = ServerOptions.patient
    options.access.allowsLoading = true
    let server = try TestServer([TestModels.numbers()], options: options)
    for field in [1, 2] {
      #expect(try await server.call("RepositoryModelUnload", named(field)).status == .ok)
      #expect(try await server.call("ModelInfer", InferQuestion.rows([1, 5, 2]).bytes).status.code >= 400)
      #expect(try await server.call("RepositoryModelLoad", named(field)).status == .ok)
      #expect(try await server.call("ModelInfer", InferQuestion.rows([1, 5, 2]).bytes).status == .ok)
    }
    #expect(try await server.call("RepositoryModelLoad", named(2, "config")).status == .forbidden)
    #expect(try await server.call("RepositoryModelLoad", named(2, "file:1/model")).status == .forbidden)
  }

  @Test("is counted, by method and model")
  func metrics() async throws {
    let server = try TestServer([TestModels.numbers()])
    _ = try await server.call("ModelInfer", InferQuestion.rows([1, 5, 2]).bytes)
    _ = try await server.call("ModelInfer", InferQuestion.rows([1, 5], width: 2).bytes)
    let text = try await server.get("/metrics").text
    #expect(text.contains(#"swiftlet_requests_total{protocol="grpc",model="flowers",version="1",code="200"} 1"#))
    #expect(text.contains(#"swiftlet_requests_total{protocol="grpc",model="flowers",version="1",code="400"} 1"#))
  }

  @Test("times and sentences as headers have them")
  func headers() {
    func timeout(_ text: String) -> TimeAmount? { GRPCStatus.timeout(["grpc-timeout": text]) }
    #expect(timeout("100m") == .milliseconds(100) && timeout("1H") == .hours(1) && timeout("99999999n") != nil)
    #expect(timeout("5S") == .seconds(5) && timeout("7u") == .microseconds(7) && timeout("2M") == .minutes(2))
    for wrong in ["", "m", "1", "-1m", "1.5S", "123456789S", "1x", "９m"] { #expect(timeout(wrong) == nil, "\(wrong)") }
    #expect(GRPCStatus.encoded("a \"b\"") == "a \"b\"")
    #expect(GRPCStatus.encoded("5 % é\n") == "5 %25 %C3%A9%0A")
  }
}
