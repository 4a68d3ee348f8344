// SPDX-License-Identifier: Apache-2.0

import Foundation
import HummingbirdCore
import NIOCore
import NIOPosix
import SwiftletModels
import Testing

@testable import SwiftletServing

/// A server on a port of its own, and bytes to and from it: what a polite client's library would not send.
private final class LiveServer: Sendable {
  let port: Int
  let responder: Responder
  private let server: Server<HTTPChannel>
  private let task: Task<Void, any Error>
  private let keeper: TestServer

  init(_ change: (inout ServerOptions) -> Void = { _ in }) async throws {
    var options = ServerOptions()
    options.idleTimeoutMilliseconds = 500
    options.readTimeoutMilliseconds = 500
    change(&options)
    keeper = try TestServer([TestModels.numbers()], options: options)
    responder = keeper.responder
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    let server = Server(
      childChannelSetup: HTTPChannel(responder: responder),
      configuration: ServerConfiguration(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { continuation.yield($0.localAddress?.port ?? 0) },
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: silent)
    self.server = server
    task = Task { try await server.run() }
    var iterator = ports.makeAsyncIterator()
    port = try #require(await iterator.next())
  }

  func stop() async throws {
    try await server.shutdownGracefully()
    try await task.value
  }

  /// Sends the pieces with a pause between them, and returns all that comes until the server closes or is silent.
  func exchange(_ pieces: [String], pause: Duration = .zero, until end: String? = nil) async throws -> String {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(
      host: "127.0.0.1", port: port
    ) { channel in
      channel.eventLoop.makeCompletedFuture {
        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
      }
    }
    return try await channel.executeThenClose { inbound, outbound in
      var text = ""
      let sending = Task {
        for piece in pieces {
          try await outbound.write(ByteBuffer(string: piece))
          if pause > .zero { try await Task.sleep(for: pause) }
        }
      }
      defer { sending.cancel() }
      do {
        for try await buffer in inbound {
          text += String(buffer: buffer)
          if let end, text.contains(end) { break }
        }
      } catch is IOError {}  // reset: what came before it is what counts
      return text
    }
  }
}

@Suite("A server on a socket", .serialized)
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
    let server = try await LiveServer { $0.maxBatchDelayMicroseconds = 20_000 }
    let names = (0..<50).map { "name-\($0)" }
    let requests = names.map { Self.post(Self.body, "X-Request-Id: \($0)\r\n") }.joined()
    let text = try await server.exchange([requests + "GARBAGE\r\n\r\n"])
    let answered = text.components(separatedBy: "\r\n").filter { $0.hasPrefix("X-Request-Id: name-") }
    #expect(answered == names.map { "X-Request-Id: \($0)" })
    #expect(text.components(separatedBy: "HTTP/1.1 200 OK").count == 51)
    #expect(text.components(separatedBy: "HTTP/1.1 400 Bad Request").count == 2)
    #expect(text.contains("This is no request of HTTP/1.1."))
    try await server.stop()
  }

  @Test("what a connection remembers of its last request holds for that request only")
  func rememberedRequests() async throws {
    let server = try await LiveServer()
    let good = Self.post()
    let evil = good.replacingOccurrences(of: "Host: localhost", with: "Host: evil.test")
    let list = good.replacingOccurrences(of: "Host: localhost", with: "Host: localhost, evil.test")
    let twice = good.replacingOccurrences(of: "Host: localhost", with: "Host: localhost\r\nHost: localhost")
    let lost = good.replacingOccurrences(of: "flowers", with: "weeds")
    let last = Self.post(Self.body, "Connection: close\r\n")
    let text = try await server.exchange([good + good + evil + list + twice + good + lost + last])
    let statuses = text.components(separatedBy: "HTTP/1.1 ").dropFirst().map { String($0.prefix(3)) }
    #expect(statuses == ["200", "200", "403", "403", "403", "200", "404", "200"])
    try await server.stop()
  }

  @Test("a header's value never ends its line")
  func headerLines() {
    var response = ServerResponse.text("body")
    response.headers = [("X-Good", "yes"), ("X-Bad", "a\r\nSet-Cookie: b"), ("X-Worse", "a\nb")]
    let bytes = response.bytes(date: "today", connection: "close", isHead: false, allocator: ByteBufferAllocator())
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
    let server = try await LiveServer { $0.maxBodyBytes = 1000 }
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
    let server = try await LiveServer { ($0.maxBodyBytes, $0.maxBodyPieces) = (10_000, 500) }
    let head = "POST /v1/models/flowers:predict HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    let large = "1000\r\n" + String(repeating: " ", count: 4096) + "\r\n"
    #expect(try await server.exchange([head, large, large, large]).contains("413 "))
    let tiny = String(repeating: "1\r\n \r\n", count: 600)
    #expect(try await server.exchange([head, tiny]).contains("413 "))
    let good = "\(String(Self.body.utf8.count, radix: 16))\r\n\(Self.body)\r\n0\r\n\r\n"
    #expect(try await server.exchange([head, good], until: "predictions").contains("200 OK"))
    try await server.stop()
  }

  @Test("slow heads and slow bodies are 408, silence is closed")
  func slowness() async throws {
    let server = try await LiveServer { $0.idleTimeoutMilliseconds = 2_000 }
    let clock = ContinuousClock()
    let start = clock.now
    #expect(try await server.exchange([""]).isEmpty)
    #expect(clock.now - start > .seconds(1.9))
    let headless = clock.now
    for beginning in ["GET /v2 HTT", Self.post() + "GET /v2"] {
      let text = try await server.exchange([beginning, "P", "/"], pause: .milliseconds(50))
      #expect(text.contains("408 ") && text.contains("The head of the request did not arrive in time."), "\(text)")
    }
    let drip = try await server.exchange(
      ["GET /v2 HTTP/1.1\r\n"] + (0..<40).map { "X-\($0): 1\r\n" }, pause: .milliseconds(50))
    #expect(drip.contains("408 "))
    #expect(clock.now - headless < .seconds(6))
    let body = try await server.exchange(
      ["POST /v2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n"] + (0..<40).map { _ in "x" },
      pause: .milliseconds(50))
    #expect(body.contains("408 "), "\(body)")
    let idle = try await server.exchange([Self.post()])
    #expect(idle.contains("200 OK"))
    #expect(clock.now - start < .seconds(12))
    try await server.stop()
  }

  @Test("a server that stops finishes what is on its way, and then takes no more")
  func stopping() async throws {
    // The delay keeps the request waiting while the server is told to stop.
    let server = try await LiveServer { $0.maxBatchDelayMicroseconds = 400_000 }
    async let answer = server.exchange([Self.post()])
    try await Task.sleep(for: .milliseconds(150))
    server.responder.state.beginDraining()
    try await server.stop()
    #expect(try await answer.contains("\"predictions\""))
    await #expect(throws: (any Error).self) { try await server.exchange([Self.post()]) }
  }

  @Test(
    "a client that never reads its last answer holds neither its connection nor a server that stops",
    .timeLimit(.minutes(1)))
  func unread() async throws {
    let server = try await LiveServer {
      ($0.maxRowsPerRequest, $0.maxBodyBytes, $0.readTimeoutMilliseconds) = (100_000, 8 << 20, 20_000)
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
    let start = ContinuousClock.now
    try await server.stop()
    #expect(ContinuousClock.now - start < .seconds(8))
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

extension LiveServer {
  fileprivate var folder: String { keeper.folder }
}
