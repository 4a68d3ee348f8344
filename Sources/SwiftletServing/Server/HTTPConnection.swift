// SPDX-License-Identifier: Apache-2.0
//
// HTTPConnection: one client's connection, from bytes to whole requests and back.
//
// Hummingbird's server accepts connections and closes them in order; this handler stands at the end of
// each one's pipeline. It works on the event loop itself: a request that can be answered at once is answered
// without waking another thread, which is most of the speed. It also holds the limits: how large a body may be,
// in how many pieces it may come, and how long anything may take.
//
// A client may send requests ahead. They are answered in their order: while an answer is being made on another
// thread, or the client does not read those that it has, what has come already waits here, and the rest in the
// client's own socket. Answers that nobody reads would otherwise fill the memory.
//
// Before    ConnectionDeadline.swift     After    HTTPChannel.swift

import Logging
import NIOCore
import NIOHTTP1

/// Collects the parts of a request, asks for the answer, writes it.
final class HTTPConnection: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

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
  /// What the last request of this connection asked, so that the next one like it is understood at once.
  private var familiar = FamiliarRequest()
  /// Parts of requests that came while nothing could be taken, and what the client did besides.
  private var waiting = CircularBuffer<HTTPServerRequestPart>(initialCapacity: 0)
  private var waitingError: HTTPParserError?
  private var hasEnded = false
  private var wantsToRead = false
  /// Whether the server closes its connections.
  private var isLeaving = false
  /// Whether the bytes that came last made up a part of a request. Where they did not, a head is on its way.
  private var hasPart = false
  private var headIsComing = false
  private var body = ByteBuffer()
  private var pieceCount = 0
  private let deadline = ConnectionDeadline()

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
    deadline.cancel()
    if case .reading = phase { phase = .closing }
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    hasPart = true
    if waiting.isEmpty, canTake(context) {
      take(unwrapInboundIn(data), context)
    } else {
      waiting.append(unwrapInboundIn(data))
    }
  }

  /// Whether the next part of a request is looked at: one answer is made at a time, and only while the client reads.
  private func canTake(_ context: ChannelHandlerContext) -> Bool {
    if case .answering = phase { return false }
    return context.channel.isWritable
  }

  private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
    switch (phase, part) {
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

  func read(context: ChannelHandlerContext) {
    if canTake(context) {
      context.read()
    } else {
      wantsToRead = true
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    goOn(context)
    context.fireChannelWritabilityChanged()
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    let limit = TimeAmount.milliseconds(Int64(clamping: options.readTimeoutMilliseconds))
    switch phase {
    case .reading(_, let received):
      // A body that came with its head needs no deadline: it is here.
      expire(received + limit, context)
    case .idle where !hasPart && !headIsComing:
      headIsComing = true
      expire(.now() + limit, context)
    default: break
    }
    hasPart = false
    context.fireChannelReadComplete()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch (event, phase) {
    case (is ChannelShouldQuiesceEvent, .idle):
      closeOnceWritten(context)
    case (is ChannelShouldQuiesceEvent, .closing):
      expire(.now() + .seconds(5), context)
    case (is ChannelShouldQuiesceEvent, _):
      isLeaving = true  // after the answer
    case (ChannelEvent.inputClosed, .answering):
      hasEnded = true  // the client may still read
    case (ChannelEvent.inputClosed, _) where !waiting.isEmpty:
      hasEnded = true
    case (ChannelEvent.inputClosed, _):
      closeOnceWritten(context)
    default:
      context.fireUserInboundEventTriggered(event)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? HTTPParserError else {
      return context.close(promise: nil)
    }
    switch phase {
    case .answering: waitingError = error  // what came before it is answered first
    case .closing: break
    case .idle, .reading: refuse(error, context)
    }
  }

  private func refuse(_ error: HTTPParserError, _ context: ChannelHandlerContext) {
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
    headIsComing = false
    body = ByteBuffer()
    pieceCount = 0
    if let length = head.headers.first(name: "content-length") {
      guard let length = Int(length), length >= 0, length <= options.maxBodyBytes else {
        return refuse(tooLarge, context)
      }
    }
    if head.version == .http1_1, head.headers.first(name: "expect")?.lowercased() == "100-continue" {
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
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
    deadline.lift()
    responder.state.requestBegan()
    let request = ServerRequest(head.method, head.uri, headers: head.headers, body: body, received: received)
    body = ByteBuffer()
    switch responder.respond(to: request, on: context.eventLoop, familiar: &familiar) {
    case .now(let response):
      write(response, to: head, context)
    case .later(let future):
      future.hop(to: context.eventLoop).assumeIsolated().whenComplete { result in
        let response =
          (try? result.get()) ?? RequestError(.internalServerError, "The request could not be answered.").response()
        self.write(response, to: head, context)
        self.goOn(context)
      }
    }
  }

  private func write(_ response: ServerResponse, to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    responder.state.requestEnded()
    guard context.channel.isActive else { return }
    // A server that stops sends its clients away after their answer, so that none of them asks into a closing door.
    let isLast = isLeaving || responder.state.isDraining || hasEnded && waiting.isEmpty
    let keepsAlive = head.isKeepAlive && !response.closesConnection && !isLast
    send(response, version: head.version, isHead: head.method == .HEAD, keepsAlive: keepsAlive, context)
    if keepsAlive {
      phase = .idle
      expectRequest(context)
    } else {
      phase = .closing
    }
  }

  /// Goes on with what came while nothing could be taken.
  private func goOn(_ context: ChannelHandlerContext) {
    while !waiting.isEmpty, canTake(context) { take(waiting.removeFirst(), context) }
    guard canTake(context) else { return }
    if let error = waitingError, case .idle = phase { refuse(error, context) }
    if wantsToRead {
      wantsToRead = false
      context.read()
    }
  }

  /// Answers before the request is whole, and closes.
  private func refuse(_ error: RequestError, _ context: ChannelHandlerContext) {
    phase = .closing
    body = ByteBuffer()
    responder.metrics.refused(error.status)
    send(error.response(), version: .http1_1, isHead: false, keepsAlive: false, context)
  }

  private func send(
    _ response: ServerResponse, version: HTTPVersion, isHead: Bool, keepsAlive: Bool, _ context: ChannelHandlerContext
  ) {
    let connection: StaticString? = keepsAlive ? version.minor == 0 ? "keep-alive" : nil : "close"
    let bytes = response.bytes(
      date: responder.clock.date(), connection: connection, isHead: isHead, allocator: context.channel.allocator)
    guard !keepsAlive else { return context.writeAndFlush(wrapOutboundOut(bytes), promise: nil) }
    // A client that never reads its last answer would otherwise hold the connection, and a server that stops.
    expectRequest(context)
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.assumeIsolated().whenComplete { _ in self.closeGently(context) }
    context.writeAndFlush(wrapOutboundOut(bytes), promise: written)
  }

  /// Closes once the client has taken what was written before, for which it has a moment.
  private func closeOnceWritten(_ context: ChannelHandlerContext) {
    phase = .closing
    expire(.now() + .seconds(5), context)
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
    context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
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

  private func expire(_ time: NIODeadline, _ context: ChannelHandlerContext) {
    deadline.set(time, on: context.eventLoop) { self.giveUp(context) }
  }

  private func giveUp(_ context: ChannelHandlerContext) {
    switch phase {
    case .reading: refuse(RequestError(.requestTimeout, "The body did not arrive in time."), context)
    case .idle where headIsComing:
      refuse(RequestError(.requestTimeout, "The head of the request did not arrive in time."), context)
    default: context.close(promise: nil)
    }
  }
}
