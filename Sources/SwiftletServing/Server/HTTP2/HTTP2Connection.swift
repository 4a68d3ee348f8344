// SPDX-License-Identifier: Apache-2.0
//
// HTTP2Connection: one client's connection that speaks HTTP/2, from frames to whole requests.
//
// NIO's handler before this one turns bytes into frames, holds them against the state of their stream, and keeps what
// the client's windows have no room for. It could make a channel for each stream as well, but most requests here are
// small and answered at once, so this handler gathers the frames of each request itself.
//
// Many requests may be on their way at once, and each is answered when it can be. Only while the client does not
// read its answers are whole requests kept back: unread answers would otherwise fill the memory.
//
// Before    Server/UpgradeRefusal.swift     After    HTTP2Deadlines.swift
// Source    RFC 9113

import DequeModule
import NIOCore
import NIOHPACK
import NIOHTTP1
import NIOHTTP2

/// Collects the frames of requests and has them answered.
final class HTTP2Connection: ChannelDuplexHandler {
  typealias InboundIn = HTTP2Frame
  typealias OutboundIn = HTTP2Frame
  typealias OutboundOut = HTTP2Frame

  /// A stream whose request is whole.
  enum Stream {
    /// It is answered once the client has read other answers.
    case waiting
    /// Its answer is being made.
    case answering
    /// A part of its answer is sent, and the rest is being made.
    case streaming(Task<Void, Never>)
  }

  /// Bytes of bodies that the client may have on the way to it in one stream, or in all, before it hears of more room.
  static let windowSize = 1 << 20
  /// Bytes of answers that may wait for the client before further requests are kept back.
  static let unsentLimit = 8 << 20

  let responder: Responder
  /// Requests that are coming.
  var incoming: [HTTP2StreamID: IncomingRequest] = [:]
  /// Requests that are whole and not answered yet.
  var streams: [HTTP2StreamID: Stream] = [:]
  /// Requests that were answered before they were whole, and since when. What still comes of them is dropped for a
  /// while: some clients do not look at an answer before they have sent everything, or lose it when they are stopped.
  var refused: [HTTP2StreamID: NIODeadline] = [:]
  /// What the requests that are being answered take of the memory for bodies.
  var charges: [HTTP2StreamID: BodyCharge] = [:]
  private(set) var seat: ConnectionTable.Seat?
  /// Who asks.
  let client: SocketAddress?
  var familiar = FamiliarRequest()
  /// Answers whose last frame is not sent yet, and the bytes of their bodies.
  var unsent = (count: 0, bytes: 0)
  var hasAnswered = false
  /// Whether the client was told to go elsewhere.
  var isLeaving = false
  private var waiting = Deque<(id: HTTP2StreamID, request: IncomingRequest)>()
  private var lastStream = HTTP2StreamID.rootStream
  /// Whether bytes of the client are being read. NIO's handler flushes at the end of them.
  private var isReading = false
  let deadline = ConnectionDeadline()
  /// What is answered at this port.
  let services: PortServices
  /// Calls of gRPC whose messages come and go one by one.
  var calls: [HTTP2StreamID: CallStream] = [:]

  /// - Parameter place: What the connection had while its version was not known.
  init(
    _ responder: Responder, _ place: (seat: ConnectionTable.Seat?, client: SocketAddress?), services: PortServices
  ) {
    self.responder = responder
    self.services = services
    seat = place.seat
    client = place.client
  }

  var options: ServerOptions { responder.options }

  // MARK: From the client

  func handlerAdded(context: ChannelHandlerContext) {
    let initial = HTTP2Connection.initialWindowSize
    send(.windowUpdate(windowSizeIncrement: HTTP2Connection.windowSize - initial), on: .rootStream, context)
    flush(context)
    setDeadline(context)
  }

  /// What RFC 9113 gives a connection to begin with.
  private static let initialWindowSize = 65_535

  func channelInactive(context: ChannelHandlerContext) {
    leaveSeat()
    incoming = [:]
    charges = [:]
    for id in Array(streams.keys) + Array(calls.keys) { forget(id) }
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { leaveSeat() }

  private func leaveSeat() {
    deadline.cancel()
    if let seat { responder.connections.leave(seat) }
    seat = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    isReading = true
    let frame = unwrapInboundIn(data)
    switch frame.payload {
    case .headers(let headers):
      if incoming[frame.streamID] == nil, calls[frame.streamID] == nil {
        begin(frame.streamID, headers, context)
      } else if !headers.headers.allSatisfy({ isAllowed(field: $0.name, $0.value) }) {  // behind the body
        reset(frame.streamID, context)
      }
      if headers.endStream { end(frame.streamID, context) }
    case .data(let data): collect(data, frame.streamID, context)
    default: break  // settings, pings and the like are NIO's
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isReading = false
    setDeadline(context)
    context.fireChannelReadComplete()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case let event as NIOHTTP2WindowUpdatedEvent:
      giveRoom(event, context)
    case let event as StreamClosedEvent:
      forget(event.streamID)
      closeIfDone(context)
    case is ChannelShouldQuiesceEvent:
      leave(context)
      endCalls(context)
    case is ConnectionTable.GiveWay:
      if isIdle {
        leave(context)
        endCalls(context)
      }
    case ChannelEvent.inputClosed:
      isLeaving = true  // no need to say so
      closeIfDone(context)
    default:
      context.fireUserInboundEventTriggered(event)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // An error of one stream has reset that stream; after any other, NIO's handler has said why the connection ends.
    if !(error is NIOHTTP2Errors.StreamError) { context.close(promise: nil) }
  }

  // MARK: Reading

  private func begin(
    _ id: HTTP2StreamID, _ headers: HTTP2Frame.FramePayload.Headers, _ context: ChannelHandlerContext
  ) {
    guard streams[id] == nil, id > lastStream else { return }  // what comes after a request is not looked at
    lastStream = id
    var isCall = false
    do {
      let head = try HTTPRequestHead(headers.headers, limit: options.limits.maxHeaderCount)
      isCall = try services.isCall(head, options)
      var request = try IncomingRequest(head, received: context.eventLoop.now, from: client, options)
      request.form.isCall = isCall
      if seat?.isExtra == true { try isCall ? responder.admitExtra(call: head.uri) : responder.admitExtra(head) }
      if isCall, case let method = GRPCMethod.at(head.uri), method.kind != .single {
        return try beginCall(id, request.request, method, context)
      }
      incoming[id] = request
      if request.asksFirst, !headers.endStream { send(.headers(.init(headers: [":status": "100"])), on: id, context) }
    } catch is MalformedRequest {
      reset(id, context)
    } catch { refuse(error, id, isCall: isCall, isWhole: headers.endStream, context) }
  }

  /// Gives up a stream whose fields no request may have.
  private func reset(_ id: HTTP2StreamID, _ context: ChannelHandlerContext) {
    incoming[id] = nil
    calls.removeValue(forKey: id)?.cancel()
    send(.rstStream(.protocolError), on: id, context)
    flush(context)
  }

  private func collect(_ data: HTTP2Frame.FramePayload.Data, _ id: HTTP2StreamID, _ context: ChannelHandlerContext) {
    guard case .byteBuffer(let piece) = data.data else { return }
    if let call = calls[id] { return collect(piece, id, call, isLast: data.endStream, context) }
    do {
      if piece.readableBytes > 0 { try incoming[id]?.add(piece, options, responder.budget) }
      if data.endStream {
        refused[id] = nil
        end(id, context)
      }
    } catch { refuse(error, id, isCall: incoming[id]?.form.isCall == true, isWhole: data.endStream, context) }
  }

  private func end(_ id: HTTP2StreamID, _ context: ChannelHandlerContext) {
    if let call = calls[id] {
      call.hasEnded = true
      return advance(id, call, context)
    }
    guard let request = incoming.removeValue(forKey: id) else { return }  // it was refused
    if unsent.bytes < HTTP2Connection.unsentLimit {
      answer(id, request, context)
    } else {
      streams[id] = .waiting
      waiting.append((id, request))
    }
  }

  /// Goes on with the requests that were kept back.
  func goOn(_ context: ChannelHandlerContext) {
    while unsent.bytes < HTTP2Connection.unsentLimit, let (id, request) = waiting.popFirst() {
      guard case .waiting = streams[id] else { continue }
      streams[id] = nil
      answer(id, request, context)
    }
    for (id, call) in calls where call.isWaiting { advance(id, call, context) }
    setDeadline(context)
    closeIfDone(context)
  }

  /// Lets the client send more, once half of what it may send has come.
  private func giveRoom(_ event: NIOHTTP2WindowUpdatedEvent, _ context: ChannelHandlerContext) {
    let id = event.streamID
    if let call = calls[id] {
      call.window = event.inboundWindowSize ?? call.window
      return giveRoom(id, call, context)
    }
    guard let size = event.inboundWindowSize, size <= HTTP2Connection.windowSize / 2 else { return }
    guard id == .rootStream || incoming[id] != nil || refused[id] != nil else { return }
    let increment = HTTP2Connection.windowSize - size
    send(.windowUpdate(windowSizeIncrement: increment), on: id, context)
  }

  /// The client is no longer interested in a stream.
  private func forget(_ id: HTTP2StreamID) {
    incoming[id] = nil
    refused[id] = nil
    charges[id] = nil
    calls.removeValue(forKey: id)?.cancel()
    if case .streaming(let task) = streams.removeValue(forKey: id) { task.cancel() }
  }

  // MARK: Leaving

  /// Tells the client that no further request is taken on this connection, and closes it after the last answer.
  func leave(_ context: ChannelHandlerContext) {
    if !isLeaving {
      isLeaving = true
      send(.goAway(lastStreamID: lastStream, errorCode: .noError, opaqueData: nil), on: .rootStream, context)
      flush(context)
    }
    closeIfDone(context)
  }

  func closeIfDone(_ context: ChannelHandlerContext) {
    let isDone = incoming.isEmpty && streams.isEmpty && calls.isEmpty && unsent.count == 0
    if isLeaving, isDone { context.close(promise: nil) }
  }

  // MARK: Writing

  func send(_ payload: HTTP2Frame.FramePayload, on id: HTTP2StreamID, _ context: ChannelHandlerContext) {
    context.write(wrapOutboundOut(HTTP2Frame(streamID: id, payload: payload)), promise: nil)
  }

  func flush(_ context: ChannelHandlerContext) {
    if !isReading { context.flush() }
  }
}
