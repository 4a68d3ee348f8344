// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import NIOPosix
import SwiftletFormats
import Synchronization
import SwiftletTestSupport
import Testing

@testable import SwiftletServing

@Suite("Answers that are sent while they are made", .serialized, .endsWhenStuck)
struct StreamTests {
  private let family = RouteFamily("events", title: "Events")
  private static let events = (0..<5).map { "data: event \($0)\n\n" }

  /// A few events, with a yield between them.
  private func eventRoute(started: (@Sendable () -> Void)? = nil) -> Route {
    Route(.GET, "/events", family, schema: .hidden) { _ in
      let stream = ResponseStream { writer in
        started?()
        for event in Self.events {
          try await writer.write(ByteBuffer(string: event))
          await Task.yield()
        }
      }
      return .stream(ServerResponse(mediaType: "text/event-stream"), stream)
    }
  }

  /// A stream that never ends by itself.
  private func endlessRoute(_ piece: String, ended: AsyncStream<Bool>.Continuation) -> Route {
    Route(.GET, "/endless", family, schema: .hidden) { _ in
      let stream = ResponseStream { writer in
        defer { ended.yield(Task.isCancelled) }
        while true { try await writer.write(ByteBuffer(string: piece)) }
      }
      return .stream(ServerResponse(mediaType: "text/event-stream"), stream)
    }
  }

  private static func get(_ path: String, _ version: String = "1.1", _ headers: String = "") -> String {
    "GET \(path) HTTP/\(version)\r\nHost: localhost\r\n\(headers)\r\n"
  }

  @Test("HTTP/1.1 gets pieces with their lengths, and the connection goes on")
  func chunked() async throws {
    let lines = Lines()
    let server = try await LiveServer(
      routes: [eventRoute()], logger: lines.logger
    ) { $0.operation.logsRequests = true }
    // Sent ahead: what comes after a streamed answer waits for its end.
    let text = try await server.exchange([
      Self.get("/events", "1.1", "X-Request-Id: first\r\n") + Self.get("/v2", "1.1", "Connection: close\r\n")
    ])
    let answers = text.components(separatedBy: "HTTP/1.1 200 OK\r\n").dropFirst()
    #expect(answers.count == 2)
    let first = try #require(answers.first)
    #expect(first.contains("Transfer-Encoding: chunked\r\n") && first.contains("X-Request-Id: first\r\n"))
    #expect(!first.contains("Content-Length"))
    let chunks = Self.events.map { String($0.utf8.count, radix: 16) + "\r\n\($0)\r\n" }
    #expect(first.hasSuffix("\r\n\r\n" + chunks.joined() + "0\r\n\r\n"), "\(first)")
    #expect(answers.last?.contains("\"swiftlet\"") == true)
    let counts = server.responder.metrics.read()
    #expect(counts.requests.first { $0.key.family == "events" }?.value == 1)
    let line = try #require(lines.all.first { $0["route"] == "/events" })
    #expect(line["bytes_out"].map { "\($0)" } == "\(Self.events.joined().utf8.count)")
    #expect(line["is_whole"] == nil)
    #expect(server.responder.state.inFlight == 0)
    try await server.stop()
  }

  @Test("HTTP/1.0 gets the bytes alone, and their end is that of the connection")
  func untilClosed() async throws {
    let server = try await LiveServer(routes: [eventRoute()])
    let text = try await server.exchange([Self.get("/events", "1.0", "Connection: keep-alive\r\n")])
    #expect(!text.contains("Transfer-Encoding") && text.contains("Connection: close\r\n"))
    #expect(text.hasSuffix("\r\n\r\n" + Self.events.joined()))
    try await server.stop()
  }

  @Test("HEAD gets the head, and nothing is made")
  func head() async throws {
    let (starts, started) = AsyncStream<Void>.makeStream()
    let server = try await LiveServer(routes: [eventRoute { started.yield() }])
    let request = "HEAD /events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    let text = try await server.exchange([request])
    #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n") && text.hasSuffix("\r\n\r\n"))
    #expect(text.contains("Transfer-Encoding: chunked"))
    started.finish()
    #expect(await starts.first { _ in true } == nil)
    #expect(server.responder.metrics.read().requests.first { $0.key.family == "events" }?.value == 1)
    #expect(server.responder.state.inFlight == 0)
    try await server.stop()
  }

  @Test("a client that goes away in the middle cancels what is being made")
  func leaving() async throws {
    let (ends, ended) = AsyncStream<Bool>.makeStream()
    let server = try await LiveServer(routes: [endlessRoute("data: again\n\n", ended: ended)])
    let text = try await server.exchange([Self.get("/endless")], until: "data: again")
    #expect(text.contains("200 OK"))
    #expect(await ends.first { _ in true } == true)
    while server.responder.state.inFlight > 0 { await Task.yield() }
    #expect(server.responder.metrics.read().requests.first { $0.key.family == "events" }?.value == 1)
    try await server.stop()
  }

  @Test("a client that does not read makes the writing wait, and gets everything in the end")
  func backpressure() async throws {
    let pieceCount = 1024
    let piece = ByteBuffer(repeating: UInt8(ascii: "x"), count: 1 << 16)
    let written = Atomics()
    let route = Route(.GET, "/large", family, schema: .hidden) { _ in
      let stream = ResponseStream { writer in
        for _ in 0..<pieceCount {
          try await writer.write(piece)
          written.add()
        }
      }
      return .stream(ServerResponse(mediaType: "text/plain"), stream)
    }
    let server = try await LiveServer(routes: [route])
    let (pieces, arrived) = AsyncStream<Int>.makeStream()
    let client = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.autoRead, value: false)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(ByteCounter(arrived))
        }
      }
      .connect(host: "127.0.0.1", port: server.port).get()
    try await client.writeAndFlush(ByteBuffer(string: Self.get("/large", "1.0")))
    // Until nothing has been written for a second.
    var (before, still) = (-1, 0)
    while still < 20 {
      try await Task.sleep(for: .milliseconds(50))
      still = written.count == before ? still + 1 : 0
      before = written.count
    }
    #expect(written.count < pieceCount)
    try await client.setOption(.autoRead, value: true).get()
    client.read()
    var total = 0
    for await count in pieces { total += count }
    #expect(total > pieceCount << 16 && total < pieceCount << 16 + 1000)
    try await server.stop()
  }

  @Test("what breaks off does not look whole, and says so in the log")
  func broken() async throws {
    let lines = Lines()
    let route = Route(.GET, "/broken", family, schema: .hidden) { _ in
      let stream = ResponseStream { writer in
        try await writer.write(ByteBuffer(string: "half"))
        throw RequestError.bad("no more")
      }
      return .stream(ServerResponse(mediaType: "text/plain"), stream)
    }
    let server = try await LiveServer(
      routes: [route], logger: lines.logger
    ) { $0.operation.logsRequests = true }
    let text = try await server.exchange([Self.get("/broken")])
    #expect(text.hasSuffix("4\r\nhalf\r\n"))
    #expect(lines.all.first { $0["route"] == "/broken" }?["is_whole"] == "false")
    try await server.stop()
  }

  @Test("a sequence of pieces is a body, and errors before the first piece are answered as ever")
  func sequences() async throws {
    let (pieces, made) = AsyncStream<ByteBuffer>.makeStream()
    for event in Self.events { made.yield(ByteBuffer(string: event)) }
    made.finish()
    let routes = [
      Route(.GET, "/sequence", family, schema: .hidden) { _ in .stream(ServerResponse(), ResponseStream(pieces)) },
      Route(.GET, "/refusal", family, schema: .hidden) { _ in throw RequestError.bad("not today") },
    ]
    let server = try TestServer([TestModels.numbers()], routes: routes)
    #expect(try await server.get("/sequence").text == Self.events.joined())
    #expect(try await server.get("/refusal").error == "not today")
  }
}

private final class Atomics: Sendable {
  private let value = Atomic<Int>(0)
  var count: Int { value.load(ordering: .relaxed) }
  func add() { value.add(1, ordering: .relaxed) }
}

/// Counts what a client reads.
private final class ByteCounter: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  private let counts: AsyncStream<Int>.Continuation
  init(_ counts: AsyncStream<Int>.Continuation) { self.counts = counts }
  func channelRead(context: ChannelHandlerContext, data: NIOAny) { counts.yield(unwrapInboundIn(data).readableBytes) }
  func channelInactive(context: ChannelHandlerContext) { counts.finish() }
}
