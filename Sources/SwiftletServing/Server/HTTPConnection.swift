// SPDX-License-Identifier: Apache-2.0
//
// HTTPConnection: one client's connection, from bytes to whole requests and back.
//
// Hummingbird's server accepts connections and closes them in order; this handler stands at the end of
// each one's pipeline. It works on the event loop itself: a request that can be answered at once is answered
// without waking another thread, which is most of the speed. It also holds the limits: how large a body may be,
// in how many pieces it may come, and how long anything may take.
//
// Before    ServerState.swift     After    HTTPChannel.swift

import Logging
import NIOCore
import NIOHTTP1

/// Collects the parts of a request, asks for the answer, writes it.
final class HTTPConnection: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private enum Phase {
    /// Between two requests.
    case idle
    /// A head has come, and its body is coming.
    case reading(HTTPRequestHead, received: NIODeadline)
    /// The request is whole, and its answer is not there yet.
    case answering
    /// Nothing more is read: the last response is on its way.
    case closing
  }

  private let responder: Responder
  private var phase = Phase.idle
  private var body = ByteBuffer()
  private var pieceCount = 0
  private var deadline: NIODeadline?
  private var timer: Scheduled<Void>?

  init(responder: Responder) { self.responder = responder }

  private var options: ServerOptions { responder.options }

  // MARK: From the client

  func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { expectRequest(context) }
  }

  func channelActive(context: ChannelHandlerContext) {
    expectRequest(context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    timer = nil
    if case .reading = phase { phase = .closing }
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch (phase, unwrapInboundIn(data)) {
    case (.idle, .head(let head)):
      begin(head, context)
    case (.reading, .body(let piece)):
      collect(piece, context)
    case (.reading(let head, let received), .end):
      answer(head, received, context)
    default:
      break  // what comes after a refusal is not looked at
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    // A body that came with its head needs no deadline: it is here.
    if case .reading(_, let received) = phase {
      expire(received + .milliseconds(Int64(clamping: options.readTimeoutMilliseconds)), context)
    }
    context.fireChannelReadComplete()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case ChannelEvent.inputClosed = event {
      if case .answering = phase { return }  // the client may still read
      context.close(promise: nil)
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? HTTPParserError else {
      return context.close(promise: nil)
    }
    if case .answering = phase { return context.close(promise: nil) }
    if case .closing = phase { return }
    let refusal =
      error == .headerOverflow
      ? RequestError(.requestHeaderFieldsTooLarge, "The head of the request is larger than this server reads.")
      : RequestError(.badRequest, "This is no request of HTTP/1.1.")
    refuse(refusal, context)
  }

  // MARK: Reading

  private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let received = NIODeadline.now()
    phase = .reading(head, received: received)
    body = ByteBuffer()
    pieceCount = 0
    if let length = head.headers.first(name: "content-length") {
      guard let length = Int(length), length >= 0, length <= options.maxBodyBytes else {
        return refuse(tooLarge, context)
      }
    }
    if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
      context.writeAndFlush(
        wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
    }
  }

  private func collect(_ piece: ByteBuffer, _ context: ChannelHandlerContext) {
    pieceCount += 1
    guard body.readableBytes + piece.readableBytes <= options.maxBodyBytes, pieceCount <= options.maxBodyPieces else {
      return refuse(tooLarge, context)
    }
    if body.readableBytes == 0 {
      body = piece
    } else {
      body.writeImmutableBuffer(piece)
    }
  }

  private var tooLarge: RequestError {
    RequestError(
      .payloadTooLarge,
      "The body is larger than the \(options.maxBodyBytes) bytes, or comes in more than the \(options.maxBodyPieces) pieces, that this server reads."
    )
  }

  // MARK: Answering

  private func answer(_ head: HTTPRequestHead, _ received: NIODeadline, _ context: ChannelHandlerContext) {
    phase = .answering
    deadline = nil
    responder.state.requestBegan()
    let request = ServerRequest(head.method, head.uri, headers: head.headers, body: body, received: received)
    body = ByteBuffer()
    switch responder.respond(to: request, on: context.eventLoop) {
    case .now(let response):
      write(response, to: head, context)
    case .later(let future):
      future.hop(to: context.eventLoop).assumeIsolated().whenComplete { result in
        let response =
          (try? result.get()) ?? RequestError(.internalServerError, "The request could not be answered.").response
        self.write(response, to: head, context)
      }
    }
  }

  private func write(_ response: ServerResponse, to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    responder.state.requestEnded()
    guard context.channel.isActive else { return }
    // A server that stops sends its clients away after their answer, so that none of them asks into a closing door.
    let keepsAlive = head.isKeepAlive && !response.closesConnection && !responder.state.isDraining
    send(response, version: head.version, isHead: head.method == .HEAD, keepsAlive: keepsAlive, context)
    if keepsAlive {
      phase = .idle
      expectRequest(context)
    } else {
      phase = .closing
    }
  }

  /// Answers before the request is whole, and closes.
  private func refuse(_ error: RequestError, _ context: ChannelHandlerContext) {
    phase = .closing
    body = ByteBuffer()
    responder.metrics.refused(error.status)
    send(error.response, version: .http1_1, isHead: false, keepsAlive: false, context)
  }

  private func send(
    _ response: ServerResponse, version: HTTPVersion, isHead: Bool, keepsAlive: Bool, _ context: ChannelHandlerContext
  ) {
    var headers = HTTPHeaders()
    headers.reserveCapacity(8 + response.headers.count)
    if let mediaType = response.mediaType { headers.add(name: "Content-Type", value: mediaType) }
    if response.status != .noContent {
      headers.add(name: "Content-Length", value: String(response.body.readableBytes))
    }
    headers.add(name: "Date", value: responder.clock.date())
    headers.add(name: "X-Content-Type-Options", value: "nosniff")
    for (name, value) in response.headers { headers.add(name: name, value: value) }
    if !keepsAlive {
      headers.add(name: "Connection", value: "close")
    } else if version.minor == 0 {
      headers.add(name: "Connection", value: "keep-alive")
    }
    context.write(
      wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: response.status, headers: headers))),
      promise: nil)
    if !isHead, response.body.readableBytes > 0 {
      context.write(wrapOutboundOut(.body(.byteBuffer(response.body))), promise: nil)
    }
    if keepsAlive {
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    } else {
      let written = context.eventLoop.makePromise(of: Void.self)
      written.futureResult.assumeIsolated().whenComplete { _ in self.closeGently(context) }
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }
  }

  /// Closes the way out and leaves the way in open for a moment: a connection that is closed with unread
  /// bytes is reset, and the client may then lose the response that it was about to read.
  private func closeGently(_ context: ChannelHandlerContext) {
    context.close(mode: .output, promise: nil)
    expire(.now() + .seconds(1), context)
  }

  // MARK: Time

  private func expectRequest(_ context: ChannelHandlerContext) {
    expire(.now() + .milliseconds(Int64(clamping: options.idleTimeoutMilliseconds)), context)
  }

  /// Sets when the connection is given up. There is one timer, which looks at the deadline when it rings,
  /// so that a request costs no timer.
  private func expire(_ deadline: NIODeadline, _ context: ChannelHandlerContext) {
    let isEarlier = self.deadline.map { deadline < $0 } ?? false
    self.deadline = deadline
    if timer != nil, !isEarlier { return }
    timer?.cancel()
    schedule(at: deadline, context)
  }

  private func schedule(at deadline: NIODeadline, _ context: ChannelHandlerContext) {
    timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.ring(context) }
  }

  private func ring(_ context: ChannelHandlerContext) {
    timer = nil
    guard let deadline else { return }  // an answer is being made, which has limits of its own
    if NIODeadline.now() < deadline { return schedule(at: deadline, context) }
    if case .reading = phase {
      refuse(RequestError(.requestTimeout, "The body did not arrive in time."), context)
    } else {
      context.close(promise: nil)
    }
  }
}
