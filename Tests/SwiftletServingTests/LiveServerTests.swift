// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOPosix
import SwiftletModels
import SwiftletTestSupport
import Testing

@testable import SwiftletServing

@Suite("A server on a socket", .serialized, .endsWhenStuck)
struct LiveServerTests {
  private static let body = #"{"instances":[[1,5,2]]}"#
  private static func post(_ body: String = body, _ headers: String = "") -> String {
    "POST /v1/models/flowers:predict HTTP/1.1\r\nHost: localhost\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  @Test("requests in one piece, in many, and one behind the other are answered in their order")
  func pieces() async throws {
    let server = try await LiveServer()
    let request = Self.post()
    let close = Self.post(Self.body, "Connection: close\r\n")
    let whole = try await server.exchange([close])
    #expect(whole.hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(whole.contains("\"predictions\""))
    #expect(whole.contains("X-Content-Type-Options: nosniff"))
    let split = try await server.exchange(close.map { String($0) })
    #expect(split.contains("\"predictions\""))
    let pipelined = try await server.exchange([request + request + close])
    #expect(pipelined.components(separatedBy: "\"predictions\"").count == 4)
    try await server.stop()
  }

  @Test("requests sent ahead wait while an answer is being made, and what is no request behind them is refused last")
  func sentAhead() async throws {
    let server = try await LiveServer { $0.batching.maxDelayMicroseconds = 20_000 }
    let names = (0..<50).map { "name-\($0)" }
    let requests = names.map { Self.post(Self.body, "X-Request-Id: \($0)\r\n") }.joined()
    let text = try await server.exchange([requests + "GARBAGE\r\n\r\n"])
    let answered = text.components(separatedBy: "\r\n").filter { $0.hasPrefix("X-Request-Id: name-") }
    #expect(answered == names.map { "X-Request-Id: \($0)" })
    #expect(text.components(separatedBy: "HTTP/1.1 200 OK").count == 51)
    #expect(text.components(separatedBy: "HTTP/1.1 400 Bad Request").count == 2)
    #expect(text.contains("This is not an HTTP/1.1 request."))
    try await server.stop()
  }

  @Test("what a connection remembers of its last request holds for that request only")
  func rememberedRequests() async throws {
    let server = try await LiveServer()
    let good = Self.post()
    let evil = good.replacingOccurrences(of: "Host: localhost", with: "Host: evil.test")
    let list = good.replacingOccurrences(of: "Host: localhost", with: "Host: localhost, evil.test")
    let lost = good.replacingOccurrences(of: "flowers", with: "weeds")
    let last = Self.post(Self.body, "Connection: close\r\n")
    let text = try await server.exchange([good + good + evil + list + good + lost + last])
    let statuses = text.components(separatedBy: "HTTP/1.1 ").dropFirst().map { String($0.prefix(3)) }
    #expect(statuses == ["200", "200", "403", "403", "200", "404", "200"])
    try await server.stop()
  }

  @Test("a header's value never ends its line")
  func headerLines() {
    var response = ServerResponse.text("body")
    response.headers = [("X-Good", "yes"), ("X-Bad", "a\r\nSet-Cookie: b"), ("X-Worse", "a\nb")]
    let bytes = response.bytes(date: "today", connection: "Connection: close\r\n", allocator: ByteBufferAllocator())
    #expect(
      String(buffer: bytes)
        == "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 4\r\nDate: today\r\n"
        + "X-Content-Type-Options: nosniff\r\nX-Good: yes\r\nConnection: close\r\n\r\nbody")
  }

  @Test("a HEAD has the length of the body and no body; HTTP/1.0 is closed after its answer")
  func oldAndShort() async throws {
    let server = try await LiveServer()
    let head = try await server.exchange(["HEAD /v2 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"])
    #expect(head.hasPrefix("HTTP/1.1 200 OK"))
    #expect(head.hasSuffix("\r\n\r\n"))
    #expect(head.contains("Content-Length: 1"))
    let old = try await server.exchange(["GET /v2 HTTP/1.0\r\nHost: localhost\r\n\r\n"])
    #expect(old.contains("\"swiftlet\""))
    try await server.stop()
  }

  @Test("a client that asks first is told to go on")
  func expectContinue() async throws {
    let server = try await LiveServer()
    let head =
      "POST /v1/models/flowers:predict HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nConnection: close\r\n"
    let text = try await server.exchange(
      [head + "Content-Length: \(Self.body.utf8.count)\r\n\r\n", Self.body], pause: .milliseconds(50))
    #expect(text.hasPrefix("HTTP/1.1 100 Continue\r\n"))
    #expect(text.contains("HTTP/1.1 200 OK"))
    try await server.stop()
  }

  @Test(
    "what is no request, or too much of one, is refused and the connection closed",
    arguments: [
      ("GARBAGE\r\n\r\n", "400 Bad Request"),
      ("GET /v2 HTTP/1.1\r\nHost: localhost\r\nX: \(String(repeating: "x", count: 20_000))\r\n\r\n", "431 "),
      (
        "GET /v2 HTTP/1.1\r\nHost: localhost\r\n" + (0..<150).map { "X-\($0): 1\r\n" }.joined() + "\r\n", "431 "
      ),
      ("POST /v2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999999\r\n\r\n", "413 "),
      ("POST /v2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", "400 "),
      ("POST /v2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000\r\nExpect: 100-continue\r\n\r\n", "413 "),
    ])
  func refusals(request: String, status: String) async throws {
    let server = try await LiveServer { $0.limits.maxBodyBytes = 1000 }
    let text = try await server.exchange([request])
    #expect(text.contains("HTTP/1.1 \(status)"), "\(text)")
    #expect(text.contains("{\"error\":"))
    #expect(text.contains("Connection: close"))
    // And the server goes on.
    #expect(try await server.exchange([Self.post(Self.body, "Connection: close\r\n")]).contains("predictions"))
    try await server.stop()
  }

  @Test("a body that grows too large on the way, or comes in too many pieces, is 413")
  func chunks() async throws {
    let server = try await LiveServer {
      $0.limits.maxBodyBytes = 10_000
      $0.limits.maxBodyPieces = 500
    }
    let head = "POST /v1/models/flowers:predict HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    let large = "1000\r\n" + String(repeating: " ", count: 4096) + "\r\n"
    #expect(try await server.exchange([head, large, large, large]).contains("413 "))
    let tiny = String(repeating: "1\r\n \r\n", count: 600)
    #expect(try await server.exchange([head, tiny]).contains("413 "))
    let good = "\(String(Self.body.utf8.count, radix: 16))\r\n\(Self.body)\r\n0\r\n\r\n"
    #expect(try await server.exchange([head, good], until: "predictions").contains("200 OK"))
    try await server.stop()
  }

  @Test("a server that stops finishes what is on its way, and then takes no more")
  func stopping() async throws {
    let loop = MultiThreadedEventLoopGroup.singleton.any()
    let answer = loop.makePromise(of: ServerResponse.self)
    let (arrivals, arrival) = AsyncStream<Void>.makeStream()
    let waiting = Route.post("/wait", .other, schema: .hidden) { _ in
      arrival.yield()
      return .later(answer.futureResult)
    }
    let server = try await LiveServer(routes: [waiting])
    async let text = server.exchange(["POST /wait HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"])
    _ = await arrivals.first { _ in true }
    server.responder.state.beginDraining()
    async let stopped: Void = server.stop()
    answer.succeed(.text("at last"))
    try await stopped
    #expect(try await text.hasSuffix("at last"))
    await #expect(throws: (any Error).self) { try await server.exchange([Self.post()]) }
  }

  @Test(
    "a client that never reads its last answer holds neither its connection nor a server that stops",
    .endsWhenStuck)
  func unread() async throws {
    let server = try await LiveServer {
      $0.limits.maxRowsPerRequest = 100_000
      $0.limits.maxBodyBytes = 8 << 20
      $0.limits.idleTimeoutMilliseconds = 600_000
    }
    // The answer is larger than what the sockets hold.
    let rows = Array(repeating: "[1,5,2]", count: 100_000).joined(separator: ",")
    let request = ByteBuffer(string: Self.post("{\"instances\":[\(rows)]}", "Connection: close\r\n"))
    let client = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.autoRead, value: false)
      .connect(host: "127.0.0.1", port: server.port).get()
    try await client.writeAndFlush(request)
    while server.responder.repository.current.models["flowers"]?.latest?.statistics.read().success.count != 1 {
      try await Task.sleep(for: .milliseconds(50))
    }
    try await server.stop()  // within the time limit, which is half of the idle timeout even on a busy machine
    try await client.close()
  }

  @Test("a reload while requests come fails none of them")
  func reloading() async throws {
    let server = try await LiveServer()
    let folder = server.folder
    let writer = Task {
      for seed in 2..<12 {
        try TestModels.numbers(seed: UInt64(seed)).save(to: folder + "/flowers")
        server.responder.repository.reload(isPatient: false)
        try await Task.sleep(for: .milliseconds(10))
      }
    }
    let request = Self.post()
    for _ in 0..<40 {
      let text = try await server.exchange([request + Self.post(Self.body, "Connection: close\r\n")])
      #expect(text.components(separatedBy: "200 OK").count == 3)
    }
    try await writer.value
    try await server.stop()
  }
}
