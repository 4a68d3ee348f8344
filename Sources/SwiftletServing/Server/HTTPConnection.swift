// SPDX-License-Identifier: Apache-2.0
//
// HTTPConnection: one client's connection, from bytes to whole requests.
//
// Hummingbird's server accepts connections and closes them in order; this handler stands at the end of
// each one's pipeline. It works on the event loop itself: a request that can be answered at once is answered
// without waking another thread, which is most of the speed. It also holds the limits on time.
//
// A client may send requests ahead. They are answered in their order: while an answer is being made on another
// thread, or the client does not read those that it has, what has come already waits here, and the rest in the
// client's own socket. Unread answers would otherwise fill the memory.
//
// Before    StreamedBody.swift     After    HTTPAnswers.swift

import Logging
import NIOCore
import NIOHTTP1

/// Collects the parts of a request and has it answered.
final class HTTPConnection: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  enum Phase {
    /// Between two requests.
    case idle
    /// A head has come, and its body is coming.
    case reading
    /// The request is whole, and its answer is not there yet.
    case answering
    /// A part of the answer is there, and the rest is being made.
    case streaming(StreamedBody)
    /// Nothing more is read: the last response is on its way.
    case closing
  }

  let responder: Responder
  private let services: PortServices
  var phase = Phase.idle
  /// What the last request of this connection asked, so that the next one like it is understood at once.
  var familiar = FamiliarRequest()
  /// Parts of requests that came while nothing could be taken, and what the client did besides.
  var waiting = CircularBuffer<HTTPServerRequestPart>(initialCapacity: 0)
  private var waitingError: HTTPParserError?
  var hasEnded = false
  private var wantsToRead = false
  /// Whether the server closes its connections.
  var isLeaving = false
  /// Whether the bytes that came last made up a part of a request. Where they did not, a head is on its way.
  private var hasPart = false
  private(set) var headIsComing = false
  var incoming: IncomingRequest?
  /// What the request that is being answered takes of the memory for bodies.
  var charge: BodyCharge?
  private(set) var seat: ConnectionTable.Seat?
  /// Who asks. The system is called for it, so it is kept.
  private(set) var client: SocketAddress?
  let deadline = ConnectionDeadline()
  /// Whether the deadline ends the connection even where the client still reads.
  var isEnding = false
  /// What the client had not read when that was last looked at, and when it last took some of it or asked something.
  private var unsent = (bytes: Int?.none, moved: NIODeadline.uptimeNanoseconds(0))
  var rest: Rest?
  private var upgrade: UpgradeRefusal

  init(responder: Responder, decoder: ByteToMessageHandler<HTTPRequestDecoder>, services: PortServices = .http) {
    self.responder = responder
    self.services = services
    upgrade = UpgradeRefusal(decoder)
  }

  var options: ServerOptions { responder.options }

  // MARK: From the client

  func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { begin(context) }
  }

  func handlerRemoved(context: ChannelHandlerContext) { leave() }

  func channelActive(context: ChannelHandlerContext) {
    begin(context)
    context.fireChannelActive()
  }

  private func begin(_ context: ChannelHandlerContext) {
    guard seat == nil else { return }
    let seat = responder.connections.admit(context.channel)
    self.seat = seat
    client = context.remoteAddress
    // An extra one that asks nothing would stand in the way of the next probe.
    if seat.isExtra { closeAt(context.eventLoop.now + .seconds(2), context) } else { expectRequest(context) }
  }

  /// Hands its place to the handlers of another version of HTTP, which take over the connection.
  func handOver() -> (seat: ConnectionTable.Seat?, client: SocketAddress?) {
    defer { seat = nil }
    return (seat, client)
  }

  private func leave() {
    deadline.cancel()
    if let seat { responder.connections.leave(seat) }
    seat = nil
    incoming = nil
  }

  func channelInactive(context: ChannelHandlerContext) {
    leave()
    switch phase {
    case .reading: phase = .closing
    case .streaming(let body): body.cancel()
    default: break
    }
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    hasPart = true
    let part = unwrapInboundIn(data)
    if upgrade.isDecided(by: part) {
      context.eventLoop.assumeIsolated().execute { self.upgrade.refuse(context, self.options) }
    }
    if waiting.isEmpty, canTake(context) { take(part, context) } else { waiting.append(part) }
  }

  /// Whether the next part of a request is looked at: one answer is made at a time, and only while the client reads.
  private func canTake(_ context: ChannelHandlerContext) -> Bool {
    switch phase {
    case .answering, .streaming: false
    default: context.channel.isWritable
    }
  }

  private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
    switch (phase, part) {
    case (.idle, .head(let head)):
      begin(head, context)
    case (.reading, .body(let piece)):
      collect(piece, context)
    case (.reading, .end):
      answer(context)
    case (.closing, .body(let piece)):
      drop(piece.readableBytes, context)
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
    switch (phase, context.channel.isWritable) {
    case (.streaming(let body), true):
      deadline.lift()
      body.goOn()
    case (.streaming, false): expectRequest(context)  // or at least that the client reads
    default: goOn(context)
    }
    context.fireChannelWritabilityChanged()
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    let limit = TimeAmount.milliseconds(Int64(clamping: options.limits.readTimeoutMilliseconds))
    switch phase {
    case .reading:
      // A body that came with its head needs no deadline: it is here.
      if let incoming { expire(incoming.request.received + limit, context) }
    case .idle where !hasPart && !headIsComing:
      headIsComing = true
      expire(context.eventLoop.now + limit, context)
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
      closeAt(context.eventLoop.now + .seconds(5), context)
    case (is ConnectionTable.GiveWay, _):
      giveWay(context)
    case (is ChannelShouldQuiesceEvent, _):
      isLeaving = true  // after the answer
    case (ChannelEvent.inputClosed, .answering), (ChannelEvent.inputClosed, .streaming):
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
    if case .dataReceivedInErrorState(_, let bytes)? = error as? ByteToMessageDecoderError {
      return drop(bytes.readableBytes, context)
    }
    guard let error = error as? HTTPParserError else {
      return context.close(promise: nil)
    }
    switch phase {
    case .answering, .streaming: waitingError = error  // what came before it is answered first
    case .closing: break
    case .idle, .reading: refuse(error, context)
    }
  }

  private func refuse(_ error: HTTPParserError, _ context: ChannelHandlerContext) {
    let refusal =
      error == .headerOverflow
      ? RequestError(.requestHeaderFieldsTooLarge, "The head of the request is larger than this server reads.")
      : RequestError(.badRequest, "This is not an HTTP/1.1 request.")
    refuse(refusal, context)
  }

  // MARK: Reading

  private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    phase = .reading
    headIsComing = false
    seat?.becomeBusy()
    do {
      incoming = try IncomingRequest(head, received: context.eventLoop.now, from: client, options)
      try services.checkHTTP(options)
      if seat?.isExtra == true { try responder.admitExtra(head) }
      if incoming?.asksFirst == true {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
      }
    } catch { refuse(error, context) }
  }

  private func collect(_ piece: ByteBuffer, _ context: ChannelHandlerContext) {
    do { try incoming?.add(piece, options, responder.budget) } catch { refuse(error, context) }
  }

  /// Goes on with what came while nothing could be taken.
  func goOn(_ context: ChannelHandlerContext) {
    while !waiting.isEmpty, canTake(context) { take(waiting.removeFirst(), context) }
    guard canTake(context) else { return }
    if let error = waitingError, case .idle = phase { refuse(error, context) }
    if wantsToRead {
      wantsToRead = false
      context.read()
    }
  }

  // MARK: Time

  private var idleTimeout: TimeAmount { .milliseconds(Int64(clamping: options.limits.idleTimeoutMilliseconds)) }
  /// How often it is looked whether a client that has not read everything goes on reading.
  private var lookingInterval: TimeAmount { .nanoseconds(idleTimeout.nanoseconds / 8) }

  /// Gives the client time for its next request, or for reading what it has not read. What it reads is looked at more
  /// often: its time counts from the last byte that it took.
  func expectRequest(_ context: ChannelHandlerContext) {
    let now = context.eventLoop.now
    if case .idle = phase { seat?.becomeIdle(at: now) }
    unsent = (nil, now)
    expire(now + lookingInterval, context)
  }

  /// When the connection is given up, unless the client takes some of what there is to read for it.
  private func end(_ context: ChannelHandlerContext) -> NIODeadline {
    let bytes = unsentBytes(context)
    if let before = unsent.bytes, bytes != before { unsent.moved = context.eventLoop.now }
    unsent.bytes = bytes
    let end = unsent.moved + idleTimeout
    return bytes > 0 ? min(end, context.eventLoop.now + lookingInterval) : end
  }

  func expire(_ time: NIODeadline, _ context: ChannelHandlerContext) {
    deadline.set(time, on: context.eventLoop) { self.giveUp(context) }
  }

  private func giveUp(_ context: ChannelHandlerContext) {
    switch phase {
    case .reading: refuse(RequestError(.requestTimeout, "The body did not arrive in time."), context)
    case .idle where headIsComing:
      refuse(RequestError(.requestTimeout, "The head of the request did not arrive in time."), context)
    default:
      let end = end(context)
      if isEnding || end <= context.eventLoop.now { context.close(promise: nil) } else { expire(end, context) }
    }
  }
}
