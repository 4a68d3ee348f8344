// SPDX-License-Identifier: Apache-2.0
//
// The calls of gRPC on a connection of HTTP/2.
//
// A call of one message is a request like any other, but for its answer: behind the message stand fields with the status.
// A call of many messages stays open, as a ``CallStream``.
//
// Before    HTTP2Answers.swift     After    CallStream.swift
// Source    grpc/grpc, doc/PROTOCOL-HTTP2.md

import NIOCore
import NIOHPACK
import NIOHTTP1
import NIOHTTP2

extension HTTP2Connection {
  private static let success: HPACKHeaders = ["grpc-status": "0"]

  /// Sends the answer to a call of one message.
  func send(call response: ServerResponse, on id: HTTP2StreamID, _ context: ChannelHandlerContext) {
    var fields = callFields(response)
    guard response.status == .ok else {
      fields.add(contentsOf: HTTP2Connection.trailers(response.status, String(buffer: response.body)))
      return send(.headers(.init(headers: fields, endStream: true)), of: 0, on: id, context)
    }
    let message = GRPCFrame.framed(response.body, context.channel.allocator)
    let byteCount = message.readableBytes
    send(.headers(.init(headers: fields)), on: id, context)
    send(.data(.init(data: .byteBuffer(message))), on: id, context)
    send(.headers(.init(headers: HTTP2Connection.success, endStream: true)), of: byteCount, on: id, context)
  }

  private func callFields(_ response: ServerResponse) -> HPACKHeaders {
    var fields: HPACKHeaders = [":status": "200", "content-type": "application/grpc"]
    for header in response.headers where ServerResponse.canBeSent(header.value) {
      let isNamed = header.name == "X-Request-Id" && !hasAnswered
      fields.add(name: header.name.lowercased(), value: header.value, indexing: isNamed ? .indexable : .nonIndexable)
    }
    hasAnswered = true
    return fields
  }

  private static func trailers(_ status: HTTPResponseStatus, _ message: String) -> HPACKHeaders {
    var fields: HPACKHeaders = ["grpc-status": String(GRPCStatus(status).rawValue)]
    fields.add(name: "grpc-message", value: GRPCStatus.encoded(message), indexing: .nonIndexable)
    return fields
  }

  // MARK: Calls of many messages

  /// - Throws: ``RequestError`` 401 and 403 for a client that is not let in.
  func beginCall(
    _ id: HTTP2StreamID, _ request: ServerRequest, _ method: GRPCMethod, _ context: ChannelHandlerContext
  ) throws {
    try responder.gate.checkPlace(request, &familiar)
    try responder.gate.checkKey(request, isOpen: method.route.isOpen)
    let call = CallStream(method, request)
    calls[id] = call
    send(.headers(.init(headers: callFields(ServerResponse()))), on: id, context)
    flush(context)
    guard let timeout = GRPCStatus.timeout(request.headers) else { return }
    call.end(in: timeout, on: context.eventLoop) {
      self.end(call: id, RequestError(.gatewayTimeout, "The time that the client gave the call is over."), context)
    }
  }

  func collect(
    _ piece: ByteBuffer, _ id: HTTP2StreamID, _ call: CallStream, isLast: Bool, _ context: ChannelHandlerContext
  ) {
    call.hasEnded = isLast
    do {
      if piece.readableBytes > 0 { try call.add(piece, at: context.eventLoop.now, options, responder.budget) }
      advance(id, call, context)
    } catch { end(call: id, error, context) }
  }

  /// Answers the messages that are whole, one after the other.
  func advance(_ id: HTTP2StreamID, _ call: CallStream, _ context: ChannelHandlerContext) {
    // An answer that is sent at once calls for the next one before it returns.
    guard !call.isAdvancing else { return }
    call.isAdvancing = true
    defer { call.isAdvancing = false }
    while calls[id] === call, !call.isAnswering {
      if call.isLast { return end(call: id, HTTP2Connection.leaving, context) }
      call.isHeldBack = unsent.bytes >= HTTP2Connection.unsentLimit
      if call.isHeldBack { break }
      do {
        guard let frame = try call.next(limit: options.limits.maxBodyBytes, at: context.eventLoop.now) else {
          if call.hasEnded { try endWhole(id, call, context) }
          break
        }
        guard call.watched == nil else { throw RequestError.bad("This method takes one message.") }
        answer(frame, id, call, context)
      } catch { return end(call: id, error, context) }
    }
    if calls[id] === call { giveRoom(id, call, context) }
  }

  /// The client has sent everything, and everything is answered.
  private func endWhole(_ id: HTTP2StreamID, _ call: CallStream, _ context: ChannelHandlerContext) throws {
    guard call.buffer.readableBytes == 0 else {
      throw RequestError.bad("The call ends within its message: \(call.buffer.readableBytes) bytes came.")
    }
    if call.watched == nil { end(call: id, nil, context) }
  }

  private func answer(_ frame: GRPCFrame, _ id: HTTP2StreamID, _ call: CallStream, _ context: ChannelHandlerContext) {
    responder.state.requestBegan()
    var request = call.request
    request.received = context.eventLoop.now
    switch responder.respond(to: frame, of: request, call.method, on: context.eventLoop, familiar: &familiar) {
    case .now(let response): send(response, to: frame.message, id, call, context)
    case .later(let future):
      call.isAnswering = true
      future.hop(to: context.eventLoop).assumeIsolated().whenComplete { result in
        let failure = RequestError(.internalServerError, "The request could not be answered.")
        call.isAnswering = false
        let response = (try? result.get()) ?? failure.response(in: GRPCMethod.family)
        self.send(response, to: frame.message, id, call, context)
        self.advance(id, call, context)
        self.goOn(context)
      }
    case .stream: responder.state.requestEnded()  // no method makes its message piece by piece
    }
  }

  /// Sends the answer to a message of a call.
  private func send(
    _ response: ServerResponse, to message: ByteBuffer, _ id: HTTP2StreamID, _ call: CallStream,
    _ context: ChannelHandlerContext
  ) {
    responder.state.requestEnded()
    guard calls[id] === call else { return }  // the client is gone
    guard response.status == .ok else {
      let sentence = String(buffer: response.body)
      if call.method.kind == .watch { return end(call: id, RequestError(response.status, sentence), context) }
      return send(StreamedAnswer.message(refusing: message, sentence), on: id, context)
    }
    if call.method.kind == .watch { watch(message, response.body, id, call, context) }
    send(response.body, on: id, context)
  }

  private func send(_ message: ByteBuffer, on id: HTTP2StreamID, _ context: ChannelHandlerContext) {
    let framed = GRPCFrame.framed(message, context.channel.allocator)
    send(.data(.init(data: .byteBuffer(framed))), of: framed.readableBytes, on: id, context)
  }

  /// How often it is looked whether the answer to a watcher is another one.
  private static let lookingInterval = TimeAmount.milliseconds(500)

  private func watch(
    _ message: ByteBuffer, _ answer: ByteBuffer, _ id: HTTP2StreamID, _ call: CallStream,
    _ context: ChannelHandlerContext
  ) {
    call.watched = answer
    call.look(in: HTTP2Connection.lookingInterval, on: context.eventLoop) {
      var request = call.request
      request.body = message
      let match = RouteMatch(call.method.route)
      let question = Call(server: self.responder, request: request, path: match.path, loop: context.eventLoop)
      var answer = answer
      if case .now(let response)? = try? call.method.route.answer(question), response.body != answer {
        answer = response.body
        self.send(answer, on: id, context)
      }
      self.watch(message, answer, id, call, context)
    }
  }

  /// Ends a call with its status.
  ///
  /// - Parameter error: What went wrong with the call itself; `nil` if nothing did.
  func end(call id: HTTP2StreamID, _ error: (any Error)?, _ context: ChannelHandlerContext) {
    guard let call = calls.removeValue(forKey: id) else { return }
    call.cancel()
    var fields = HTTP2Connection.success
    if let error {
      let error = error as? RequestError ?? RequestError(.badRequest, "The request could not be read.")
      responder.metrics.refused(error)
      responder.log.refused(error, .POST, from: client)
      fields = HTTP2Connection.trailers(error.status, error.message)
    }
    if !call.hasEnded { refused[id] = context.eventLoop.now }
    send(.headers(.init(headers: fields, endStream: true)), of: 0, on: id, context)
  }

  private static let leaving = RequestError(
    .serviceUnavailable, "The server closes this connection; call again.", rejection: .draining)

  /// Ends all calls, each after the answer that is being made.
  func endCalls(_ context: ChannelHandlerContext) {
    for (id, call) in calls {
      call.isLast = true
      if !call.isAnswering { end(call: id, HTTP2Connection.leaving, context) }
    }
  }

  /// Lets the client send more of a call, once half of what it may send has come.
  func giveRoom(_ id: HTTP2StreamID, _ call: CallStream, _ context: ChannelHandlerContext) {
    guard call.window <= HTTP2Connection.windowSize / 2, call.hasRoom, !call.hasEnded else { return }
    let increment = HTTP2Connection.windowSize - call.window
    call.window = HTTP2Connection.windowSize
    send(.windowUpdate(windowSizeIncrement: increment), on: id, context)
    flush(context)
  }
}

extension Responder {
  /// Lets a probe in on an extra connection.
  ///
  /// - Throws: ``RequestError`` 503 for anything else.
  func admitExtra(call path: String) throws {
    let method = GRPCMethod.at(path)
    guard method.route.isOpen, method.kind == .single else { throw Responder.connectionsFull }
  }
}
