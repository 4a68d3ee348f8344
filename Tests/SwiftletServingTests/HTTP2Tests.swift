// SPDX-License-Identifier: Apache-2.0
//
// HTTP/2 on the port of HTTP/1.1, with NIO's client at the other end and no socket between them.

import NIOCore
import NIOHPACK
import NIOHTTP1
import NIOHTTP2
import NIOPosix
import SwiftletFormats
import Testing

@testable import SwiftletServing

@Suite("HTTP/2 with prior knowledge")
struct HTTP2Tests {
  private let predict = "/v1/models/flowers:predict"
  private let rows = #"{"instances":[[1,5,2]]}"#

  @Test("answers what HTTP/1.1 answers, in any pieces", arguments: [Int.max, 1, 7])
  func answers(step: Int) async throws {
    let other = try await TestServer([TestModels.numbers()]).post(predict, rows)
    let pair = try Pair()  // all on one thread from here on
    let id = pair.begin("POST", predict, ["x-request-id": "mine"])
    pair.body(String(rows.prefix(5)), on: id, isLast: false)
    pair.body(String(rows.dropFirst(5)), on: id)
    try pair.exchange(step: step)
    let answer = try #require(pair.answers[id])
    #expect(answer.status == "200" && answer.isWhole)
    #expect(answer.fields.first(name: "x-request-id") == "mine")
    #expect(answer.fields.first(name: "content-length") == String(answer.body.readableBytes))
    #expect(answer.fields.first(name: "content-type") == "application/json")
    #expect(answer.fields.first(name: "date") != nil)
    #expect(String(buffer: answer.body) == other.text)
    #expect(pair.server.responder.state.inFlight == 0)
  }

  @Test("many requests at once, 404, 405, HEAD and trailers")
  func many() throws {
    let pair = try Pair()
    let posts = (0..<20).map { _ in pair.begin("POST", predict) }
    for id in posts.reversed() { pair.body(rows, on: id, isLast: false) }
    for id in posts { pair.send(.headers(.init(headers: ["x-sum": "1"], endStream: true)), on: id) }
    try pair.exchange()
    for id in posts { #expect(pair.answers[id]?.status == "200", "\(id)") }
    #expect(try pair.get("/nothing").status == "404")
    #expect(try pair.get(predict).fields.first(name: "allow") != nil)
    let head = pair.begin("HEAD", "/v2", isWhole: true)
    try pair.exchange()
    let answer = try #require(pair.answers[head])
    #expect(answer.status == "200" && answer.isWhole && answer.body.readableBytes == 0)
    #expect(answer.fields.first(name: "content-length") != "0")
  }

  @Test("`Host` is the authority, so a page of another site is turned away")
  func host() throws {
    let pair = try Pair()
    let id = pair.begin("GET", "/v2", ["host": "localhost:8080"], isWhole: true)
    let foreign = HTTP2StreamID(101)
    pair.send(
      .headers(
        .init(
          headers: [":method": "GET", ":scheme": "http", ":path": "/v2", ":authority": "evil.example"],
          endStream: true)), on: foreign)
    try pair.exchange()
    #expect(pair.answers[id]?.status == "200")
    #expect(pair.answers[foreign]?.status != "200" && pair.answers[foreign]?.status != nil)
  }

  @Test("a body of eight mebibytes passes the windows; a larger one is 413, and the connection goes on")
  func large() throws {
    let pair = try Pair { $0.limits.maxBodyBytes = 8 << 20 }
    let piece = String(repeating: " ", count: 1 << 14)
    for (count, status) in [(511, "200"), (520, "413")] {
      let id = pair.begin("POST", predict)
      for _ in 0..<count {
        if pair.answers[id]?.status == nil { pair.body(piece, on: id, isLast: false) }
        try pair.exchange()
      }
      if pair.answers[id]?.status == nil { pair.body(rows, on: id) }
      try pair.exchange()
      #expect(pair.answers[id]?.status == status)
      #expect(pair.answers[id]?.reset == nil)
    }
    let declared = pair.begin("POST", predict, ["content-length": "9000000"])
    try pair.exchange()
    #expect(pair.answers[declared]?.status == "413" && pair.answers[declared]?.isWhole == true)
    // The rest is taken and dropped for as long as a request may take to arrive.
    for _ in 0..<200 {
      pair.body(piece, on: declared, isLast: false)
      try pair.exchange()
    }
    #expect(pair.answers[declared]?.reset == nil)
    try pair.wait(500)
    #expect(pair.answers[declared]?.reset == .noError)
    #expect(try pair.get("/v2").status == "200")
  }

  @Test("more fields than the limit are 431, and `Expect` is granted")
  func heads() throws {
    let pair = try Pair { $0.limits.maxHeaderCount = 20 }
    let fields = HPACKHeaders((0..<30).map { ("x-\($0)", "1") })
    #expect(try pair.get("/v2", fields).status == "431")
    let id = pair.begin("POST", predict, ["expect": "100-continue"])
    try pair.exchange()
    #expect(pair.answers[id]?.informational == ["100"])
    pair.body(rows, on: id)
    try pair.exchange()
    #expect(pair.answers[id]?.status == "200")
  }

  private static let whole: [(String, String)] = [
    (":method", "GET"), (":scheme", "http"), (":path", "/v2"), (":authority", "localhost"),
  ]

  @Test(
    "fields that no request may have reset their stream, and the connection goes on",
    arguments: [
      whole.filter { $0.0 != ":method" }, whole.filter { $0.0 != ":scheme" }, whole.filter { $0.0 != ":path" },
      whole.map { ($0.0, $0.0 == ":path" ? "" : $0.1) }, whole.map { ($0.0, $0.0 == ":path" ? "/v2 HTTP/1.1" : $0.1) },
      whole + [whole[2]], whole + [(":status", "200")], whole + [(":x", "1")], [("x", "1")] + whole,
      whole + [("X", "1")], whole + [("x y", "1")], whole + [("x", "1\r\ny: 2")],
      whole + [("x", "\0")], whole + [("connection", "close")], whole + [("transfer-encoding", "chunked")],
      whole + [("upgrade", "h2c")], whole + [("te", "gzip")],
    ])
  func malformed(fields: [(String, String)]) throws {
    let pair = try Pair(isStrict: false)
    let id = HTTP2StreamID(101)
    pair.send(.headers(.init(headers: HPACKHeaders(fields), endStream: true)), on: id)
    try pair.exchange()
    #expect(pair.answers[id]?.reset == .protocolError && pair.answers[id]?.status == nil)
    let next = HTTP2StreamID(103)
    pair.send(.headers(.init(headers: HPACKHeaders(Self.whole + [("te", "trailers")]), endStream: true)), on: next)
    try pair.exchange()
    #expect(pair.answers[next]?.status == "200")
  }

  @Test("behind a body only fields may come that a request may have")
  func malformedTrailers() throws {
    for trailer in [(":path", "/"), ("X-Sum", "1"), ("x-sum", "1\n")] {
      let pair = try Pair(isStrict: false)
      let id = pair.begin("POST", predict)
      pair.body(rows, on: id, isLast: false)
      pair.send(.headers(.init(headers: HPACKHeaders([trailer]), endStream: true)), on: id)
      try pair.exchange()
      #expect(pair.answers[id]?.reset == .protocolError && pair.answers[id]?.status == nil)
      #expect(pair.server.responder.state.inFlight == 0)
    }
  }

  @Test("a body of another length than the one that was said resets its stream")
  func wrongLength() throws {
    let pair = try Pair(isStrict: false)
    let id = pair.begin("POST", predict, ["content-length": "5"])
    pair.body(rows, on: id)
    try pair.exchange()
    #expect(pair.answers[id]?.reset == .protocolError && pair.answers[id]?.status == nil)
  }

  @Test("a body that does not arrive in time is 408; a silent connection is told to go, and closed")
  func time() throws {
    let pair = try Pair()
    let id = pair.begin("POST", predict)
    try pair.exchange()
    try pair.wait(499)
    #expect(pair.answers[id] == nil)
    try pair.wait(1)
    #expect(pair.answers[id]?.status == "408")
    try pair.wait(500)  // what still comes of it is dropped until here
    #expect(pair.answers[id]?.reset == .noError)
    try pair.wait(1999)
    #expect(pair.isOpen && !pair.hasGoneAway)
    try pair.wait(1)
    #expect(!pair.isOpen && pair.hasGoneAway)
  }

  @Test("a server that stops answers, says that it goes, and closes")
  func draining() throws {
    let pair = try Pair()
    let id = pair.begin("POST", predict)
    try pair.exchange()
    pair.server.responder.state.beginDraining()
    pair.body(rows, on: id)
    try pair.exchange()
    #expect(pair.answers[id]?.status == "200")
    #expect(pair.hasGoneAway && !pair.isOpen)
  }

  @Test("a client that opens no window gets its answers later, and others wait until it does")
  func unread() throws {
    let page = String(repeating: "x", count: 1 << 20)
    let route = Route(.GET, "/page", RouteFamily("pages", title: "Pages"), schema: .hidden) { _ in .now(.text(page)) }
    let pair = try Pair(routes: [route], settings: [HTTP2Setting(parameter: .initialWindowSize, value: 0)])
    let ids = (0..<20).map { _ in pair.begin("GET", "/page", isWhole: true) }
    try pair.exchange()
    // The head of an answer needs no window, so heads count how many were made: up to the limit, and one beyond it.
    let made = ids.filter { pair.answers[$0]?.status == "200" }.count
    #expect(made == HTTP2Connection.unsentLimit >> 20)
    #expect(pair.server.responder.state.inFlight == 0)
    try pair.wait(1900)
    pair.send(.windowUpdate(windowSizeIncrement: 1 << 30), on: .rootStream)
    for id in ids { pair.send(.windowUpdate(windowSizeIncrement: 1 << 20), on: id) }
    try pair.exchange()
    for id in ids { #expect(pair.answers[id]?.body.readableBytes == 1 << 20 && pair.answers[id]?.isWhole == true) }
    try pair.wait(1999)
    #expect(pair.isOpen)
  }

  @Test("a client that never reads loses the connection")
  func neverRead() throws {
    let page = String(repeating: "x", count: 1 << 20)
    let route = Route(.GET, "/page", RouteFamily("pages", title: "Pages"), schema: .hidden) { _ in .now(.text(page)) }
    let pair = try Pair(routes: [route], settings: [HTTP2Setting(parameter: .initialWindowSize, value: 0)])
    _ = pair.begin("GET", "/page", isWhole: true)
    try pair.exchange()
    try pair.wait(1999)
    #expect(pair.isOpen)
    try pair.wait(1)
    #expect(!pair.isOpen)
  }

  @Test("a request that is taken back is forgotten")
  func reset() throws {
    let pair = try Pair()
    let id = pair.begin("POST", predict)
    try pair.exchange()
    pair.send(.rstStream(.cancel), on: id)
    try pair.exchange()
    try pair.wait(600)
    #expect(pair.answers[id] == nil)
    #expect(try pair.get("/v2").status == "200")
  }

  @Test("HTTP/1.1 and what only begins like HTTP/2 is HTTP/1.1", arguments: ["GET", "PUT", "PRI"])
  func versions(method: String) async throws {
    let server = try await LiveServer()
    let text = try await server.exchange([
      String(method.prefix(2)), "\(method.dropFirst(2)) /v2 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    ])
    #expect(text.hasPrefix("HTTP/1.1 "), "\(text)")
    try await server.stop()
  }

  @Test("a body that is sent while it is made comes with its end, and one that breaks off without")
  func streams() async throws {
    let family = RouteFamily("events", title: "Events")
    struct Broken: Error {}
    let routes = [false, true].map { breaks in
      Route(.GET, breaks ? "/broken" : "/events", family, schema: .hidden) { _ in
        let stream = ResponseStream { writer in
          for i in 0..<3 { try await writer.write(ByteBuffer(string: "event \(i)\n")) }
          if breaks { throw Broken() }
        }
        return .stream(ServerResponse(mediaType: "text/event-stream"), stream)
      }
    }
    let server = try await LiveServer(routes: routes)
    for (path, isWhole) in [("/events", true), ("/broken", false)] {
      let answer = try await FrameKeeper.get(path, port: server.port)
      #expect(answer.body == "event 0\nevent 1\nevent 2\n")
      #expect(answer.isWhole == isWhole)
    }
    #expect(server.responder.state.inFlight == 0)
    try await server.stop()
  }
}

/// A client on a socket that asks one thing.
private final class FrameKeeper: ChannelInboundHandler {
  typealias InboundIn = HTTP2Frame
  typealias OutboundOut = HTTP2Frame

  private let path: String
  private let result: EventLoopPromise<(body: String, isWhole: Bool)>
  private var body = ByteBuffer()

  init(_ path: String, _ result: EventLoopPromise<(body: String, isWhole: Bool)>) {
    self.path = path
    self.result = result
  }

  static func get(_ path: String, port: Int) async throws -> (body: String, isWhole: Bool) {
    let loop = MultiThreadedEventLoopGroup.singleton.any()
    let result = loop.makePromise(of: (body: String, isWhole: Bool).self)
    let channel = try await ClientBootstrap(group: loop).channelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.addHandlers(NIOHTTP2Handler(mode: .client), FrameKeeper(path, result))
      }
    }.connect(host: "127.0.0.1", port: port).get()
    let answer = try await result.futureResult.get()
    try await channel.close()
    return answer
  }

  func channelActive(context: ChannelHandlerContext) {
    let fields: HPACKHeaders = [":method": "GET", ":scheme": "http", ":path": path, ":authority": "localhost"]
    let frame = HTTP2Frame(streamID: 1, payload: .headers(.init(headers: fields, endStream: true)))
    context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data).payload {
    case .data(let data):
      if case .byteBuffer(var piece) = data.data { body.writeBuffer(&piece) }
      if data.endStream { result.succeed((String(buffer: body), true)) }
    case .rstStream: result.succeed((String(buffer: body), false))
    default: break
    }
  }
}
