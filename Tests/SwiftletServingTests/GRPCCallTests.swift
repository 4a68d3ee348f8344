// SPDX-License-Identifier: Apache-2.0
//
// gRPC on a connection: statuses behind messages, streams, ports, keys, time, and frames that lie. NIO's client of HTTP/2
// is at the other end.

import NIOCore
import NIOHPACK
import NIOHTTP1
import NIOHTTP2
import SwiftletFormats
import Testing

@testable import SwiftletServing

private let service = "inference.GRPCInferenceService"
private let health = "grpc.health.v1.Health"

@Suite("gRPC: calls on a connection")
struct GRPCCallTests {
  private func question(_ id: String = "") -> [UInt8] {
    var question = InferQuestion.block([1, 5, 2])
    question.id = id
    return question.bytes
  }

  /// The answers of a stream: the id of each, with its error if it is one.
  private func streamed(_ answer: Pair.Answer?) throws -> [String] {
    try (answer?.messages ?? []).map { message in
      try message.readMessage { reader in
        var text = ""
        while let field = try reader.next() {
          if field.number == 1 { text += "error: " + (try field.text) }
          if field.number == 2 {
            let reply: InferReply = try field.message()
            text += reply.id + (reply.parameters == ["triton_final_response"] ? "" : "?")
          }
        }
        return text
      }
    }
  }

  @Test("a call in any pieces: the message, and the status behind it", arguments: [Int.max, 1, 7])
  func answers(step: Int) throws {
    let pair = try Pair(services: .grpc)
    let id = pair.call(service + "/ModelInfer", [question("42")], ["x-request-id": "mine"])
    try pair.exchange(step: step)
    let answer = try #require(pair.answers[id])
    #expect(answer.status == "200" && answer.isWhole && answer.trailers.first(name: "grpc-status") == "0")
    #expect(answer.fields.first(name: "content-type") == "application/grpc")
    #expect(answer.fields.first(name: "x-request-id") == "mine")
    #expect(try InferReply(bytes: #require(answer.messages.first)).id == "42" && answer.messages.count == 1)
    #expect(pair.server.responder.state.inFlight == 0)
  }

  @Test("many calls at once; a refused one has its status alone")
  func many() throws {
    let pair = try Pair(services: .grpc)
    let calls = (0..<20).map { pair.call(service + "/ModelInfer", [question("\($0)")]) }
    let wrong = pair.call(service + "/ModelInfer", [InferQuestion.rows([1, 5], width: 2).bytes])
    let unknown = pair.call(service + "/ModelForget", [[]])
    try pair.exchange()
    for (position, id) in calls.enumerated() {
      let answer = try #require(pair.answers[id])
      #expect(try answer.grpcStatus == "0" && InferReply(bytes: #require(answer.messages.first)).id == "\(position)")
    }
    let refusal = try #require(pair.answers[wrong])
    #expect(refusal.status == "200" && refusal.isWhole && refusal.messages.isEmpty && refusal.grpcStatus == "3")
    #expect(refusal.grpcMessage?.contains("Expected [-1,3], got [1,2].") == true)
    #expect(pair.answers[unknown]?.grpcStatus == "12")
  }

  @Test("each port answers what it is for, and one may answer both")
  func ports() throws {
    let both = try Pair(services: [.http, .grpc])
    let call = both.call(service + "/ServerLive", [[]])
    #expect(try both.get("/v2").status == "200")
    #expect(both.answers[call]?.grpcStatus == "0")
    let strict = try Pair(services: .grpc)
    #expect(try strict.get("/v2").status == "415")
    #expect(try strict.get("/v2").json["error"]?.string?.contains("gRPC") == true)
    let web = strict.begin("POST", "/\(service)/ServerLive", ["content-type": "application/grpc-web"], isWhole: true)
    let http = try Pair()
    let lost = http.call(service + "/ServerLive", [[]])
    for pair in [strict, http] { try pair.exchange() }
    #expect(strict.answers[web]?.status == "415")
    #expect(http.answers[lost]?.status == "404")
  }

  @Test("the key is asked of calls and streams, and not of probes; a foreign host is turned away")
  func access() throws {
    let pair = try Pair(services: .grpc) { $0.access.apiKey = "key" }
    let open = [service + "/ServerLive", service + "/ServerReady", health + "/Check"].map { pair.call($0, [[]]) }
    let closed = [service + "/ModelInfer", service + "/ModelStreamInfer", service + "/ServerMetadata"].map {
      pair.call($0, [question()])
    }
    let keyed = [service + "/ModelInfer", service + "/ModelStreamInfer"].map {
      pair.call($0, [question()], ["authorization": "Bearer key"])
    }
    try pair.exchange()
    for id in open + keyed { #expect(pair.answers[id]?.grpcStatus == "0") }
    for id in closed {
      #expect(pair.answers[id]?.grpcStatus == "16")
      #expect(pair.answers[id]?.grpcMessage?.contains("needs its key") == true)
    }
    let foreign = HTTP2StreamID(101)
    pair.send(
      .headers(
        .init(
          headers: [
            ":method": "POST", ":scheme": "http", ":path": "/\(service)/ServerLive", ":authority": "evil.example",
            "content-type": "application/grpc",
          ], endStream: false)), on: foreign)
    pair.bytes(GRPCFrame.framed(ByteBuffer(), .init()), on: foreign)
    try pair.exchange()
    #expect(pair.answers[foreign]?.grpcStatus == "7")
  }

  @Test("bodies that are no message, or lie about their length, are refused")
  func lies() throws {
    let pair = try Pair(services: .grpc) { $0.limits.maxBodyBytes = 1000 }
    func status(_ body: [UInt8], _ method: String = "/ModelInfer", _ fields: HPACKHeaders = [:]) throws -> String? {
      let id = pair.call(service + method, [], fields, isWhole: false)
      pair.bytes(ByteBuffer(bytes: body), on: id)
      try pair.exchange()
      return pair.answers[id]?.grpcStatus
    }
    for method in ["/ModelInfer", "/ModelStreamInfer"] {
      #expect(try status([0, 0, 0, 0, 9, 1], method) == "3")
      #expect(try status([0, 0, 0], method) == "3")
      #expect(try status([2, 0, 0, 0, 0], method) == "3")
      #expect(try status([0, 0xFF, 0xFF, 0xFF, 0xFF], method) == "8")
      #expect(try status([0] + Array(repeating: 1, count: 2000), method) == "8")
    }
    #expect(try status([], "/ModelInfer") == "3")
    #expect(try status([], "/ModelStreamInfer") == "0")
    #expect(try status([0, 0, 0, 0, 0, 0, 0, 0, 0, 0]) == "3")  // two messages where one is expected
    #expect(try status([1, 0, 0, 0, 1, 7], "/ModelInfer", ["grpc-encoding": "snappy"]) == "12")
    #expect(pair.isOpen && pair.server.responder.budget.usedBytes == 0)
  }

  @Test("a stream: answers in order, an error among them, and the end of both sides")
  func stream() throws {
    let pair = try Pair(services: .grpc)
    var wrong = InferQuestion.rows([1, 5], width: 2)
    wrong.id = "b"
    let id = pair.call(service + "/ModelStreamInfer", [question("a"), wrong.bytes], isWhole: false)
    try pair.exchange()
    #expect(pair.answers[id]?.isWhole == false)
    #expect(pair.server.responder.state.inFlight == 0)
    pair.bytes(GRPCFrame.framed(ByteBuffer(bytes: question("c")), .init()), on: id, isLast: false)
    try pair.exchange(step: 1)
    let answers = try streamed(pair.answers[id])
    #expect(answers.count == 3 && answers[0] == "a" && answers[2] == "c")
    #expect(answers[1].hasPrefix("error: unexpected shape for input 'features'") && answers[1].hasSuffix("b?"))
    pair.bytes(ByteBuffer(), on: id)
    try pair.exchange()
    #expect(pair.answers[id]?.isWhole == true && pair.answers[id]?.grpcStatus == "0")
    #expect(pair.isOpen)
  }

  @Test("two hundred messages in one piece neither pile up nor nest")
  func crowd() throws {
    let pair = try Pair(services: .grpc)
    let messages = (0..<200).map { question("\($0)") }
    let id = pair.call(service + "/ModelStreamInfer", messages)
    try pair.exchange()
    #expect(try streamed(pair.answers[id]) == (0..<200).map(String.init))
    #expect(pair.answers[id]?.grpcStatus == "0")
  }

  @Test("a stream may be silent between its messages, and not within one")
  func time() throws {
    let pair = try Pair(services: .grpc) {
      $0.limits.idleTimeoutMilliseconds = 1000
      $0.limits.readTimeoutMilliseconds = 500
    }
    let silent = pair.call(service + "/ModelStreamInfer", [question("a")], isWhole: false)
    try pair.exchange()
    for _ in 0..<10 { try pair.wait(1000) }
    #expect(pair.isOpen && pair.answers[silent]?.isWhole == false)
    let slow = pair.call(service + "/ModelStreamInfer", [], isWhole: false)
    pair.bytes(ByteBuffer(bytes: [0, 0, 0, 0, 9, 1, 2]), on: slow, isLast: false)
    let unary = pair.call(service + "/ModelInfer", [], isWhole: false)
    try pair.exchange()
    for _ in 0..<4 { try pair.wait(300) }
    #expect(pair.answers[slow]?.grpcStatus == "4" && pair.answers[unary]?.grpcStatus == "4")
    #expect(pair.answers[silent]?.isWhole == false)
    let short = pair.call(service + "/ModelStreamInfer", [], ["grpc-timeout": "100m"], isWhole: false)
    try pair.exchange()
    try pair.wait(200)
    #expect(pair.answers[short]?.grpcStatus == "4")
  }

  @Test("a server that stops ends the streams that are open, and its connection")
  func stopping() throws {
    let pair = try Pair(services: .grpc)
    let stream = pair.call(service + "/ModelStreamInfer", [question("a")], isWhole: false)
    let watch = pair.call(health + "/Watch", [[]])
    try pair.exchange()
    #expect(pair.answers[watch]?.messages == [ByteBuffer(bytes: [8, 1])])
    pair.server.responder.state.beginDraining()
    try pair.wait(600)
    #expect(pair.answers[watch]?.messages == [ByteBuffer(bytes: [8, 1]), ByteBuffer(bytes: [8, 2])])
    try pair.wait(600)
    #expect(pair.answers[watch]?.messages.count == 2 && pair.answers[watch]?.isWhole == false)
    let last = pair.call(service + "/ModelInfer", [question()])
    try pair.exchange()
    #expect(pair.answers[last]?.grpcStatus == "0" && pair.hasGoneAway && pair.isOpen)
    try pair.quiesce()
    #expect(pair.answers[stream]?.grpcStatus == "14" && pair.answers[watch]?.grpcStatus == "14")
    #expect(try streamed(pair.answers[stream]) == ["a"])
    try pair.wait(31_000)  // what the client might still send of the stream is waited for
    #expect(!pair.isOpen)
  }

  @Test("health checks by the names of their services")
  func checks() throws {
    let pair = try Pair(services: .grpc)
    func check(_ name: String) throws -> (status: String?, body: [ByteBuffer]?) {
      var request = ProtobufWriter()
      request.write(1, string: name)
      let id = pair.call(health + "/Check", [request.bytes])
      try pair.exchange()
      return (pair.answers[id]?.grpcStatus, pair.answers[id]?.messages)
    }
    for name in ["", service, "readiness", "liveness", health] {
      #expect(try check(name).body == [ByteBuffer(bytes: [8, 1])], "\(name)")
    }
    #expect(try check("nope").status == "5")
    pair.server.responder.state.beginDraining()
    #expect(try check("").body == [ByteBuffer(bytes: [8, 2])])
  }

  @Test("pings without end close the connection")
  func pings() throws {
    let pair = try Pair(services: .grpc)
    for number in 0..<300 {
      pair.send(.ping(HTTP2PingData(withInteger: UInt64(number)), ack: false), on: .rootStream)
    }
    try? pair.exchange()  // the client counts the answers, and has enough of them too
    #expect(!pair.isOpen)
  }

  @Test("compressed messages are inflated within the limit")
  func compression() async throws {
    var options = ServerOptions.patient
    options.limits.maxBodyBytes = 4096
    let server = try TestServer([TestModels.numbers()], options: options)
    func ask(_ message: [UInt8], _ coding: String, format: ZlibFormat = .gzip) async throws -> ServerResponse {
      let packed = try #require(message.withUnsafeBytes { deflated($0, format) })
      let request = ServerRequest(.POST, "", headers: ["Host": "localhost", "grpc-encoding": coding])
      let frame = GRPCFrame(message: ByteBuffer(bytes: packed), isCompressed: true)
      let (responder, loop) = (server.responder, server.loop)
      return try await loop.flatSubmit {
        var familiar = FamiliarRequest()
        let method = GRPCMethod.at("/\(service)/ModelInfer")
        let reply = responder.respond(to: frame, of: request, method, on: loop, familiar: &familiar)
        return Responder.whole(reply, on: loop)
      }.get()
    }
    #expect(try InferReply(bytes: try await ask(question("z"), "gzip").body).id == "z")
    #expect(try InferReply(bytes: try await ask(question("z"), "deflate", format: .zlib).body).id == "z")
    #expect(try await ask(question(), "snappy").status == .notImplemented)
    #expect(try await ask(Array(repeating: 0, count: 1 << 20), "gzip").status == .payloadTooLarge)
  }
}
