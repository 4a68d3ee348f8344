// SPDX-License-Identifier: Apache-2.0
//
// gRPC without a socket: messages that are refused, and by which sentence.

import NIOCore
import NIOHTTP1
import SwiftletFormats
import Testing

@testable import SwiftletServing

@Suite("gRPC: refusals")
struct GRPCRefusalTests {
  @Test(
    "refuses with the sentence of V2",
    arguments: [
      (
        InferQuestion.rows([1, 5], width: 2), #"{"name":"features","shape":[1,2],"datatype":"FP32","data":[1,5]}"#
      ),
      (
        InferQuestion(inputs: [.init(name: "features", shape: [1, 3])]),
        #"{"name":"features","shape":[1,3],"datatype":"FP32","data":[]}"#
      ),
      (
        InferQuestion(inputs: [.init(name: "speed", shape: [1, 1]) { $0.write(6, float: 1) }]),
        #"{"name":"speed","shape":[1,1],"datatype":"FP32","data":[1]}"#
      ),
      (
        InferQuestion(inputs: [.init(name: "features", datatype: "FP31", shape: [1, 3])]),
        #"{"name":"features","shape":[1,3],"datatype":"FP31","data":[1,5,2]}"#
      ),
      (
        InferQuestion(inputs: [.init(name: "features", shape: [1, -3])]),
        #"{"name":"features","shape":[1,-3],"datatype":"FP32","data":[1,5,2]}"#
      ),
    ])
  func refusals(question: InferQuestion, input: String) async throws {
    let server = try TestServer([TestModels.numbers()])
    let response = try await server.call("ModelInfer", question.bytes)
    let expected = try await server.post("/v2/models/flowers/infer", #"{"inputs":[\#(input)]}"#)
    #expect(response.status == .badRequest && expected.status == .badRequest)
    #expect(String(buffer: response.body) == expected.error)
  }

  @Test("unknown models and versions are not found, a lie in the bytes is refused")
  func more() async throws {
    let server = try TestServer([TestModels.numbers()])
    func refusal(_ change: (inout InferQuestion) -> Void) async throws -> String {
      var question = InferQuestion.block([1, 5, 2])
      change(&question)
      let response = try await server.call("ModelInfer", question.bytes)
      return "\(response.status.code) \(String(buffer: response.body))"
    }
    #expect(try await refusal { $0.model = "nope" } == "404 Request for unknown model: 'nope' is not found")
    #expect(
      try await refusal { $0.version = "9" } == "404 Request for unknown model: 'flowers' version 9 is not found")
    #expect(
      try await refusal { $0.blocks = [[1, 2, 3]] }
        == #"400 The input "features" of shape [1, 3] and datatype FP32 has 12 bytes, but 3 came."#)
    #expect(
      try await refusal { $0.blocks.append([1]) }
        == "400 raw_input_contents has the bytes of 2 inputs, and 1 of 1 inputs have no contents of their own.")
    #expect(
      try await refusal { $0.inputs[0].shape = [1 << 40, 1 << 40] }.hasPrefix(
        #"400 The shape of the input "features" is ["#))
    #expect(
      try await refusal { question in
        question.blocks = []
        question.inputs[0].contents = { $0.write(2, signed: 1) }
      } == #"400 The input "features" is of datatype FP32, whose values come in fp32_contents."#)
    #expect(
      try await refusal { question in
        question.blocks = []
        question.inputs[0].contents = { contents in
          contents.write(6, float: 1)
          contents.write(7, double: 1)
        }
      } == "400 The contents of an input are of one type, and these are of several.")
    #expect(
      try await refusal { question in
        question.outputs = [("speed", 0)]
      }.hasPrefix("400 unexpected inference output 'speed'"))
    #expect(
      try await refusal { $0.inputs = [] }
        == "400 The request needs inputs: tensors with name, shape, datatype and contents.")
    let broken = try await server.call("ModelInfer", [0x0A, 0x40])
    #expect(broken.status == .badRequest)
    #expect(String(buffer: broken.body) == "The message cannot be read: a field announces 64 bytes and 0 are left.")
    let unknown = try await server.call("ModelForget", [])
    #expect(unknown.status == .notImplemented)
  }

  @Test("every length of a message, and every byte of it changed, is answered or refused, and never a defect")
  func damage() async throws {
    let server = try TestServer.ofAllKinds()
    var whole = InferQuestion.block([1, 5, 2])
    whole.id = "id"
    whole.outputs = [("probabilities", 2)]
    let bytes = whole.bytes
    for length in bytes.indices {
      let response = try await server.call("ModelInfer", Array(bytes[..<length]))
      #expect(response.status.code < 500, "\(length)")
    }
    for position in bytes.indices {
      for change in [0x01, 0x80, 0xFF] as [UInt8] {
        var damaged = bytes
        damaged[position] ^= change
        let response = try await server.call("ModelInfer", damaged)
        #expect(response.status.code < 500, "\(position)")
      }
    }
  }
}
