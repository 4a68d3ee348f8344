// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import NIOPosix
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import Testing

@testable import SwiftletServing

/// A model without a bundle, layers or a pipeline: it answers with the sum of two numbers.
private struct Adder: Model {
  let signature = Signature(
    name: "adder", target: "sum",
    inputs: ["a", "b"].map { InputSchema(name: $0, type: .number, form: .number, typical: 1) }, featureCount: 2,
    takesNumbers: true, head: NumberHead(targets: [TargetScale(name: "sum")]))
  let rowCost = 2

  func features(of table: Table) throws -> (features: [Float], unseenCount: Int) {
    let columns = try ["a", "b"].map { try table.column($0, for: "the adder").numbers ?? [] }
    return ((0..<table.rowCount).flatMap { row in columns.map { Float($0[row]) } }, 0)
  }

  func prepare(_ numbers: UnsafeBufferPointer<Double>, into features: UnsafeMutableBufferPointer<Float>) {
    for i in numbers.indices { features[i] = Float(numbers[i]) }
  }

  func answer(features: UnsafeBufferPointer<Float>, into answers: UnsafeMutableBufferPointer<Double>) {
    for row in answers.indices { answers[row] = Double(features[2 * row] + features[2 * row + 1]) }
  }
}

@Suite("Models that are no bundles")
struct OtherModelTests {
  private let responder: Responder
  private let loop: any EventLoop = MultiThreadedEventLoopGroup.singleton.any()

  init() throws {
    let repository = try ModelRepository(
      models: [Adder()], limits: BatchLimits(ServerOptions(), pool: .singleton), logger: silent)
    responder = Responder(
      repository, options: ServerOptions(), routes: RouteTable(RouteTable.routes([:])), logger: silent)
  }

  private func ask(_ method: HTTPMethod, _ path: String, _ body: String = "", type: String = "application/json")
    async throws -> ServerResponse
  {
    let headers: HTTPHeaders = ["Host": "localhost:8080", "Content-Type": type]
    let request = ServerRequest(method, path, headers: headers, body: ByteBuffer(string: body))
    let (responder, loop) = (responder, loop)
    return try await loop.flatSubmit {
      switch responder.respond(to: request, on: loop) {
      case .now(let response): loop.makeSucceededFuture(response)
      case .later(let future): future
      case .stream: loop.makeFailedFuture(ChannelError.inappropriateOperationForState)
      }
    }.get()
  }

  @Test("every protocol answers for a model of a program, and its pages describe it")
  func served() async throws {
    let infer = #"{"inputs":[{"name":"features","shape":[2,2],"datatype":"FP32","data":[1,2,3,4]}]}"#
    let answer = try await ask(.POST, "/v2/models/adder/infer", infer).json
    #expect(answer["outputs"]?.array?.first?["data"] == [3, 7])
    let named = #"{"instances":[{"a":1,"b":2}]}"#
    #expect(try await ask(.POST, "/v1/models/adder:predict", named).json["predictions"] == [3])
    #expect(try await ask(.POST, "/invocations", "b,a\n4,3\n", type: "text/csv").text == "7.0\n")
    let metadata = try await ask(.GET, "/v2/models/adder").json
    #expect(metadata["outputs"] == [["name": "prediction", "datatype": "FP32", "shape": [-1, 1]]])
    #expect(try await ask(.GET, "/openapi.json").text.contains("adder"))
    let description = playgroundDescription(of: Adder().signature)
    #expect(description["inputs"]?.array?.count == 2 && description["targets"]?.array?.count == 1)
  }

  @Test("a model that cannot answer for its own example is refused")
  func refused() {
    #expect(throws: FormatError.self) {
      try ModelRepository(models: [Broken()], limits: BatchLimits(), logger: silent)
    }
  }
}

/// Answers with what is not a number.
private struct Broken: Model {
  let signature = Adder().signature
  let rowCost = 1
  func features(of table: Table) throws -> (features: [Float], unseenCount: Int) { ([], 0) }
  func prepare(_ numbers: UnsafeBufferPointer<Double>, into features: UnsafeMutableBufferPointer<Float>) {
    features.initialize(repeating: 0)
  }
  func answer(features: UnsafeBufferPointer<Float>, into answers: UnsafeMutableBufferPointer<Double>) {
    answers.initialize(repeating: .nan)
  }
}
