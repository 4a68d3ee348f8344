// SPDX-License-Identifier: Apache-2.0
//
// NIO's client of HTTP/2 and a server of ours, with no socket between them.

import Logging
import NIOCore
import NIOEmbedded
import NIOHPACK
import NIOHTTP1
import NIOHTTP2
import NIOPosix
import SwiftletFormats
import Testing

@testable import SwiftletServing

/// A client and a server on one clock, which the test moves.
final class Pair {
  let server: TestServer
  private let loop = EmbeddedEventLoop()
  private let near: EmbeddedChannel
  private let far: EmbeddedChannel
  private let inbox = Inbox()
  private(set) var answers: [HTTP2StreamID: Answer] = [:]
  private(set) var hasGoneAway = false
  private var nextStream = 1

  /// What the client was sent. It does not stay in the channel: `writeInbound` would return a copy of it, and in an
  /// optimized build (Swift 6.3.1) a copy with frames in it crashed when it was given up.
  private final class Inbox: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame
    var frames: [HTTP2Frame] = []
    func channelRead(context: ChannelHandlerContext, data: NIOAny) { frames.append(unwrapInboundIn(data)) }
  }

  struct Answer {
    var fields: HPACKHeaders = [:]
    var trailers: HPACKHeaders = [:]
    var informational: [String] = []
    var body = ByteBuffer()
    var isWhole = false
    var reset: HTTP2ErrorCode?
    var status: String? { fields.first(name: ":status") }
    var json: JSONValue { (try? JSONValue.parse(String(buffer: body), name: "answer")) ?? .null }
  }

  convenience init(
    routes: [Route] = [], settings: HTTP2Settings = [], isStrict: Bool = true, logger: Logger = silent,
    services: PortServices = .http,
    _ change: (inout ServerOptions) -> Void = { _ in }
  ) throws {
    let server = try TestServer(
      [TestModels.numbers()], options: StillConnection.options(change), routes: routes, logger: logger,
      pool: NIOThreadPool(numberOfThreads: 1))
    try self.init(of: server, settings: settings, isStrict: isStrict, services: services)
  }

  /// One of several clients of a server.
  ///
  /// - Parameter isStrict: Whether the client refuses to send what no request may have.
  init(
    of server: TestServer, settings: HTTP2Settings = [], isStrict: Bool = true, services: PortServices = .http
  ) throws {
    self.server = server
    near = EmbeddedChannel(loop: loop)
    far = EmbeddedChannel(loop: loop)
    _ = HTTPChannel(responder: server.responder, services: services).setup(channel: far, logger: silent)
    var configuration = NIOHTTP2Handler.ConnectionConfiguration()
    configuration.initialSettings = settings
    configuration.headerBlockValidation = isStrict ? .enabled : .disabled
    configuration.contentLengthValidation = isStrict ? .enabled : .disabled
    try near.pipeline.syncOperations.addHandlers(
      NIOHTTP2Handler(mode: .client, connectionConfiguration: configuration), inbox)
    far.remoteAddress = try SocketAddress(ipAddress: "127.0.0.1", port: 1)
    for channel in [far, near] { try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait() }
    try exchange()
  }

  deinit {
    _ = try? near.finish(acceptAlreadyClosed: true)
    _ = try? far.finish(acceptAlreadyClosed: true)
  }

  var isOpen: Bool { far.isActive }

  func wait(_ milliseconds: Int64) throws {
    loop.advanceTime(by: .milliseconds(milliseconds))
    try exchange()
  }

  /// Carries bytes in both directions, as many at a time as `step` says, until nothing moves.
  func exchange(step: Int = .max) throws {
    var moved = true
    while moved {
      loop.run()
      let asked = try carry(from: near, to: far, step)
      let answered = try carry(from: far, to: near, step)
      moved = asked || answered
      inbox.frames.forEach(keep)
      inbox.frames = []
    }
  }

  /// - Returns: Whether there was anything to carry.
  private func carry(from: EmbeddedChannel, to: EmbeddedChannel, _ step: Int) throws -> Bool {
    var moved = false
    while var bytes = try from.readOutbound(as: ByteBuffer.self) {
      moved = true
      while to.isActive, let piece = bytes.readSlice(length: min(step, bytes.readableBytes)), piece.readableBytes > 0 {
        try to.writeInbound(piece)
      }
    }
    return moved
  }

  private func keep(_ frame: HTTP2Frame) {
    switch frame.payload {
    case .headers(let headers):
      if let status = headers.headers.first(name: ":status"), status.hasPrefix("1") {
        answers[frame.streamID, default: Answer()].informational.append(status)
      } else if answers[frame.streamID]?.fields.isEmpty == false {
        answers[frame.streamID]?.trailers = headers.headers
        answers[frame.streamID]?.isWhole = headers.endStream
      } else {
        answers[frame.streamID, default: Answer()].fields = headers.headers
        answers[frame.streamID]?.isWhole = headers.endStream
      }
    case .data(let data):
      if case .byteBuffer(var piece) = data.data { answers[frame.streamID]?.body.writeBuffer(&piece) }
      answers[frame.streamID]?.isWhole = data.endStream
    case .rstStream(let code): answers[frame.streamID, default: Answer()].reset = code
    case .goAway: hasGoneAway = true
    default: break
    }
  }

  func send(_ payload: HTTP2Frame.FramePayload, on id: HTTP2StreamID) {
    near.writeAndFlush(HTTP2Frame(streamID: id, payload: payload), promise: nil)
  }

  /// Sends the head of a request, and returns its stream.
  func begin(_ method: String, _ path: String, _ fields: HPACKHeaders = [:], isWhole: Bool = false) -> HTTP2StreamID {
    let id = HTTP2StreamID(nextStream)
    nextStream += 2
    let pseudo: HPACKHeaders = [":method": method, ":scheme": "http", ":path": path, ":authority": "localhost:8080"]
    var all = pseudo
    all.add(contentsOf: fields)
    send(.headers(.init(headers: all, endStream: isWhole)), on: id)
    return id
  }

  func body(_ text: String, on id: HTTP2StreamID, isLast: Bool = true) {
    send(.data(.init(data: .byteBuffer(ByteBuffer(string: text)), endStream: isLast)), on: id)
  }

  func bytes(_ bytes: ByteBuffer, on id: HTTP2StreamID, isLast: Bool = true) {
    send(.data(.init(data: .byteBuffer(bytes), endStream: isLast)), on: id)
  }

  /// Closes the server's side as a server that stops does.
  func quiesce() throws {
    far.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    try exchange()
  }

  func get(_ path: String, _ fields: HPACKHeaders = [:]) throws -> Answer {
    let id = begin("GET", path, fields, isWhole: true)
    try exchange()
    return try #require(answers[id])
  }
}
