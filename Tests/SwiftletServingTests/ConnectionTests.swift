// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOPosix
import SwiftletModels
import Synchronization
import SwiftletTestSupport
import Testing

@testable import SwiftletServing

@Suite("Connections as clients and proxies keep them", .serialized, .endsWhenStuck)
struct ConnectionTests {
  private static let body = #"{"instances":[[1,5,2]]}"#
  private static func post(_ headers: String = "", host: String = "Host: localhost\r\n") -> String {
    "POST /v1/models/flowers:predict HTTP/1.1\r\n\(host)\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }
  private static let offer =
    "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAA\r\n"
  private static let probe = "GET /v2/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"

  private func statuses(_ text: String) -> [String] {
    text.matches(of: /HTTP\/1\.1 (\d{3})/).map { String($0.1) }
  }

  // MARK: Forms of HTTP

  @Test("an offer of another protocol is passed over, and what follows is answered, in one piece or in many")
  func upgrade() throws {
    let offered = Self.post(Self.offer)
    for pieces in [
      [offered, Self.post()], [offered + Self.post() + offered + Self.post()], (offered + Self.post()).map { "\($0)" },
    ] {
      let connection = try StillConnection()
      for piece in pieces { try connection.send(piece) }
      #expect(statuses(try connection.received()) == Array(repeating: "200", count: pieces.count == 1 ? 4 : 2))
    }
    let probes = try StillConnection()
    try probes.send("GET /v2/health/live HTTP/1.1\r\nHost: localhost\r\n\(Self.offer)\r\n" + Self.probe)
    try probes.send(Self.probe)
    #expect(statuses(try probes.received()) == ["200", "200", "200"])
    let tunnel = try StillConnection()
    try tunnel.send("CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n" + Self.probe)
    #expect(statuses(try tunnel.received()) == ["404", "200"])
  }

  @Test(
    "hosts, targets and codings as RFC 9110 and 9112 have them",
    arguments: [
      (post(host: ""), "400"), (post(host: "Host: localhost\r\nHost: localhost\r\n"), "400"),
      ("GET /v2 HTTP/1.0\r\n\r\n", "200"), ("GET http://localhost:8080/v2 HTTP/1.1\r\nHost: evil.test\r\n\r\n", "200"),
      ("GET http://evil.test/v2 HTTP/1.1\r\nHost: localhost\r\n\r\n", "403"),
      ("GET http://localhost?x HTTP/1.1\r\nHost: localhost\r\n\r\n", "200"),
      ("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", "204"),
      ("POST /v2 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "501"),
    ])
  func forms(request: String, status: String) throws {
    let connection = try StillConnection()
    try connection.send(request)
    #expect(statuses(try connection.received()) == [status])
  }

  @Test("a body comes in as many segments as the network makes; only chunks are counted")
  func segments() throws {
    let connection = try StillConnection { $0.limits.maxBodyPieces = 3 }
    for character in Self.post() { try connection.send("\(character)") }
    #expect(statuses(try connection.received()) == ["200"])
  }

  @Test("a connection that stays open says for how long")
  func keepAlive() throws {
    let connection = try StillConnection { $0.limits.idleTimeoutMilliseconds = 75_500 }
    try connection.send(Self.post())
    #expect(try connection.received().contains("\r\nConnection: keep-alive\r\nKeep-Alive: timeout=75\r\n"))
    #expect(ServerOptions().limits.idleTimeoutMilliseconds == 75_000)
  }

  // MARK: Refusals

  @Test("after a refusal what still comes is read and dropped, as long as it comes and is not too much")
  func stagedClose() throws {
    for request in ["POST /v2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n", "GARBAGE\r\n\r\n"] {
      let connection = try StillConnection {
        $0.limits.maxBodyBytes = 1000
        $0.limits.readTimeoutMilliseconds = 60_000
      }
      try connection.send(request)
      #expect(statuses(try connection.received()).count == 1)
      for _ in 0..<5 {
        connection.wait(1900)
        #expect(connection.isOpen)
        try connection.send(String(repeating: " ", count: 2000))
      }
      connection.wait(1999)
      #expect(connection.isOpen)
      connection.wait(1)
      #expect(!connection.isOpen)
    }
    let endless = try StillConnection { $0.limits.maxBodyBytes = 1000 }
    try endless.send("POST /v2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n")
    for _ in 0..<20 where endless.isOpen { try endless.send(String(repeating: " ", count: 1000)) }
    #expect(!endless.isOpen)
  }

  @Test("every refusal is in the log, with who was refused")
  func refusalsAreLogged() throws {
    let lines = Lines()
    for request in [
      "POST /v2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n", "hello\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: localhost\r\nX: \(String(repeating: "a", count: 40_000))\r\n\r\n",
    ] {
      let connection = try StillConnection(logger: lines.logger) { $0.operation.logsRequests = true }
      try connection.send(request)
    }
    let late = try StillConnection(logger: lines.logger) { $0.operation.logsRequests = true }
    try late.send("POST /v2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n1")
    late.wait(500)
    #expect(lines.all.map { $0["status"]?.description } == ["413", "400", "431", "408"])
    #expect(lines.all.allSatisfy { $0["client"]?.description == "127.0.0.1:1" })
  }

  // MARK: Room

  @Test("the connection that is idle the longest gives way; where all are busy the next one is extra")
  func seats() throws {
    let table = ConnectionTable(limit: 2)
    let channels = (0..<3).map { _ in EmbeddedChannel() }
    let seats = channels.prefix(2).map { table.admit($0) }
    #expect(seats.allSatisfy { !$0.isExtra })
    #expect(table.admit(channels[2]).isExtra)
    seats[0].becomeIdle(at: .uptimeNanoseconds(9))
    seats[1].becomeIdle(at: .uptimeNanoseconds(8))
    let events = EventCounter()
    try channels[1].pipeline.syncOperations.addHandler(events)
    let third = table.admit(channels[2])
    #expect(!third.isExtra)
    #expect(events.count == 1)
    #expect(!table.admit(channels[2]).isExtra)
    #expect(table.admit(channels[2]).isExtra)
    table.leave(third)
    #expect(table.count == 5)
  }

  @Test("a full server answers probes: idle connections give way, and busy ones leave room for that")
  func fullOfConnections() async throws {
    let server = try await LiveServer { $0.limits.maxConnections = 2 }
    func held(_ text: String, until end: String?) async throws -> any Channel {
      let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connect(host: "127.0.0.1", port: server.port).get()
      try await channel.writeAndFlush(ByteBuffer(string: text))
      return channel
    }
    let closing = Self.probe.replacingOccurrences(of: "\r\n\r\n", with: "\r\nConnection: close\r\n\r\n")
    var idle: [any Channel] = []
    for _ in 0..<4 { idle.append(try await held(Self.probe, until: "live")) }
    #expect(try await server.exchange([closing]).contains("200 OK"))
    for channel in idle { try? await channel.close() }
    let head = "POST /v1/models/flowers:predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{"
    while server.responder.connections.count > 0 { try await Task.sleep(for: .milliseconds(5)) }
    let busy = [try await held(head, until: nil), try await held(head, until: nil)]
    while server.responder.connections.count < 2 { try await Task.sleep(for: .milliseconds(5)) }
    var answers: [String] = []
    // Until both heads have been read one of them may still be taken for idle.
    for _ in 0..<200 where answers.last?.contains(" 503 ") != true {
      answers.append(try await server.exchange([Self.post()], until: "}"))
    }
    #expect(answers.last?.contains("Retry-After: 1") == true)
    #expect(try await server.exchange([closing]).contains("200 OK"))
    for channel in busy { try? await channel.close() }
    try await server.stop()
  }

  @Test("all bodies on their way share one budget, and give it back")
  func budget() throws {
    let server = try TestServer(
      [TestModels.numbers()], options: StillConnection.options { $0.limits.maxTotalBodyBytes = 300_000 })
    let part =
      "POST /v2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 250000\r\n\r\n" + String(repeating: " ", count: 200_000)
    let first = try StillConnection(of: server)
    try first.send(part)
    #expect(server.responder.budget.usedBytes == 200_000 - BodyBudget.free)
    try first.send(String(repeating: " ", count: 20_000))
    #expect(server.responder.budget.usedBytes == 220_000 - BodyBudget.free)
    let second = try StillConnection(of: server)
    try second.send(part)
    let third = try StillConnection(of: server)
    try third.send(part)
    let text = try third.received()
    #expect(text.contains("503 ") && text.contains("Retry-After: 1"), "\(text)")
    let small = try StillConnection(of: server)
    try small.send(Self.post())
    #expect(statuses(try small.received()) == ["200"])
    for connection in [first, second, third] { connection.close() }
    #expect(server.responder.budget.usedBytes == 0)
  }

  @Test("a system without descriptors is asked again after a pause, not at once")
  func outOfDescriptors() throws {
    let reads = ReadCounter()
    let channel = EmbeddedChannel()
    try channel.pipeline.syncOperations.addHandlers(reads, AcceptGate(limit: 9, logger: silent))
    channel.read()
    #expect(reads.count == 1)
    channel.pipeline.fireErrorCaught(IOError(errnoCode: EMFILE, reason: "accept"))
    for _ in 0..<5 { channel.read() }
    #expect(reads.count == 1)
    channel.embeddedEventLoop.advanceTime(by: AcceptGate.pause)
    #expect(reads.count == 2)
    _ = try? channel.finish()
  }

  @Test("large bodies, and those that are packed, are read beside the event loop")
  func largeBodies() async throws {
    let places = Mutex<[Bool]>([])
    let route = Route.post("/where", .other, schema: .hidden) { call in
      places.withLock { $0.append(call.loop.inEventLoop) }
      return .now(.text("here"))
    }
    let server = try TestServer([TestModels.numbers()], routes: [route])
    NIOThreadPool.singleton.start()
    for count in [10, Responder.largeBody + 1] {
      #expect(try await server.post("/where", String(repeating: " ", count: count)).text == "here")
    }
    #expect(places.withLock { $0 } == [true, false])
  }

  @Test("an answer that is not read keeps its connection for one idle timeout, from the last byte that was read")
  func unread() throws {
    for late in [Int64(0), 1500] {
      let connection = try StillConnection(isRead: false)
      try connection.send(Self.post())
      connection.wait(late)
      if late > 0 { #expect(try connection.read().contains("200 OK")) }
      connection.wait(1999)
      #expect(connection.isOpen)
      connection.wait(late > 0 ? 251 : 1)  // every 250 ms it is looked whether something was read
      #expect(!connection.isOpen)
    }
  }

  @Test("an answer that is read slowly arrives whole, however long that takes")
  func slowReader() async throws {
    let server = try await LiveServer {
      $0.limits.maxRowsPerRequest = 200_000
      $0.limits.idleTimeoutMilliseconds = 1000
    }
    let rows = Array(repeating: "[1,5,2]", count: 120_000).joined(separator: ",")
    let body = "{\"instances\":[\(rows)]}"
    let request =
      "POST /v1/models/flowers:predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    let counter = SlowReader()
    let client = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.socketOption(.so_rcvbuf), value: 65_536).channelOption(.autoRead, value: false)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(counter) }
      }
      .connect(host: "127.0.0.1", port: server.port).get()
    try await client.writeAndFlush(ByteBuffer(string: request))
    let start = ContinuousClock.now
    while !counter.isWhole, client.isActive {
      client.read()
      try await Task.sleep(for: .milliseconds(15))
    }
    #expect(counter.isWhole)
    #expect(ContinuousClock.now - start > .seconds(1))
    try? await client.close()
    try await server.stop()
  }

  @Test("what keeps a port closed is said with its remedy")
  func listening() {
    let options = ServerOptions()
    func sentence(_ code: CInt) -> String {
      ModelServer.sentence(about: IOError(errnoCode: code, reason: "bind"), options)
    }
    #expect(sentence(EADDRINUSE) == "127.0.0.1:8080 is in use by another program; choose another port with --port.")
    #expect(sentence(EACCES).contains("--port 8080"))
    #expect(sentence(EADDRNOTAVAIL).contains("--host 0.0.0.0"))
    #expect(
      ModelServer.sentence(about: SocketAddressError.unknown(host: "nowhere", port: 1), options).contains("--host"))
    // What it is called where the name is looked up for a server.
    let unknown = #expect(throws: (any Error).self) {
      try SocketAddress.makeAddressResolvingHost("nowhere.invalid", port: 1)
    }
    #expect(unknown.map { ModelServer.sentence(about: $0, options).contains("--host") } == true)
  }
}

private final class EventCounter: ChannelInboundHandler {
  typealias InboundIn = Never
  private(set) var count = 0
  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    count += event is ConnectionTable.GiveWay ? 1 : 0
  }
}

private final class ReadCounter: ChannelOutboundHandler {
  typealias OutboundIn = Never
  private(set) var count = 0
  func read(context: ChannelHandlerContext) { count += 1 }
}

/// Counts an answer's bytes by its own Content-Length.
private final class SlowReader: ChannelInboundHandler, Sendable {
  typealias InboundIn = ByteBuffer
  private let state = Mutex<(left: Int?, head: String)>((nil, ""))
  var isWhole: Bool { state.withLock { $0.left == 0 } }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    state.withLock { state in
      if let left = state.left {
        state.left = left - buffer.readableBytes
        return
      }
      state.head += String(buffer: buffer)
      guard let end = state.head.range(of: "\r\n\r\n"),
        let length = state.head.firstMatch(of: /Content-Length: (\d+)/).flatMap({ Int($0.1) })
      else { return }
      state.left = length - state.head[end.upperBound...].utf8.count
    }
  }
}
