// SPDX-License-Identifier: Apache-2.0
//
// The answers of an HTTP/2 connection: whole answers, streamed ones, and refusals.
//
// Before    HTTP2Deadlines.swift     After    HTTP2Calls.swift
// Source    RFC 9113, sections 8.1 and 8.8

import NIOCore
import NIOHPACK
import NIOHTTP1
import NIOHTTP2

extension HTTP2Connection {
  func answer(_ id: HTTP2StreamID, _ request: IncomingRequest, _ context: ChannelHandlerContext) {
    if let charge = request.charge { charges[id] = charge }
    responder.state.requestBegan()
    let form = request.form
    switch reply(to: request, on: context.eventLoop) {
    case .now(let response):
      write(response, id, form, context)
    case .later(let future):
      streams[id] = .answering
      future.hop(to: context.eventLoop).assumeIsolated().whenComplete { result in
        let response =
          (try? result.get())
          ?? RequestError(.internalServerError, "The request could not be answered.").response()
        // Where it is not there any more, the client has reset it.
        let isThere = self.streams.removeValue(forKey: id) != nil
        self.write(isThere ? response : nil, id, form, context)
      }
    case .stream(let response, let stream):
      self.stream(response, stream, id, isHead: form.isHead, context)
    }
  }

  private func reply(to request: IncomingRequest, on loop: any EventLoop) -> Reply {
    let request = (whole: request.request, isCall: request.form.isCall)
    guard request.isCall else { return responder.respond(to: request.whole, on: loop, familiar: &familiar) }
    let method = GRPCMethod.at(request.whole.target)
    return responder.respond(toCall: request.whole, method, on: loop, familiar: &familiar)
  }

  private func write(
    _ response: ServerResponse?, _ id: HTTP2StreamID, _ form: AnswerForm, _ context: ChannelHandlerContext
  ) {
    if !charges.isEmpty { charges[id] = nil }
    responder.state.requestEnded()
    guard let response else { return }
    if form.isCall {
      send(call: response, on: id, context)
    } else {
      send(response, form.isHead ? .length : .whole, on: id, context)
    }
    // A server that stops sends its clients away after their answer, so that none of them asks into a closing door.
    if response.closesConnection || responder.state.isDraining || seat?.isExtra == true { leave(context) }
  }

  /// Answers before the request is whole, and drops the rest of it.
  func refuse(
    _ error: any Error, _ id: HTTP2StreamID, isCall: Bool, isWhole: Bool, _ context: ChannelHandlerContext
  ) {
    let error = error as? RequestError ?? RequestError(.badRequest, "The request could not be read.")
    let method = incoming.removeValue(forKey: id)?.request.method
    responder.metrics.refused(error)
    responder.log.refused(error, method, from: client)
    if isCall {
      send(call: error.response(in: GRPCMethod.family), on: id, context)
    } else {
      send(error.response(), .whole, on: id, context)
    }
    if !isWhole { refused[id] = context.eventLoop.now }
  }

  private func fields(of response: ServerResponse, _ framing: BodyFraming) -> HPACKHeaders {
    defer { hasAnswered = true }
    return response.fields(framing, date: responder.clock.date(), isFirst: !hasAnswered)
  }

  private func send(
    _ response: ServerResponse, _ framing: BodyFraming, on id: HTTP2StreamID, _ context: ChannelHandlerContext
  ) {
    let isWhole = if case .whole = framing { true } else { false }
    let byteCount = isWhole ? response.body.readableBytes : 0
    let fields = fields(of: response, framing)
    var last = HTTP2Frame.FramePayload.headers(.init(headers: fields, endStream: byteCount == 0))
    if byteCount > 0 {
      send(last, on: id, context)
      last = .data(.init(data: .byteBuffer(response.body), endStream: true))
    }
    send(last, of: byteCount, on: id, context)
  }

  /// Sends the last frame of an answer, which counts as unread until it is sent.
  func send(
    _ last: HTTP2Frame.FramePayload, of byteCount: Int, on id: HTTP2StreamID, _ context: ChannelHandlerContext
  ) {
    unsent.count += 1
    unsent.bytes += byteCount
    let sent = context.eventLoop.makePromise(of: Void.self)
    sent.futureResult.assumeIsolated().whenComplete { _ in
      self.unsent.count -= 1
      self.unsent.bytes -= byteCount
      self.goOn(context)
    }
    context.write(wrapOutboundOut(HTTP2Frame(streamID: id, payload: last)), promise: sent)
    flush(context)
  }

  // MARK: Bodies that are sent while they are made

  private func stream(
    _ response: ServerResponse, _ stream: ResponseStream, _ id: HTTP2StreamID, isHead: Bool,
    _ context: ChannelHandlerContext
  ) {
    let fields = fields(of: response, .chunked)
    send(.headers(.init(headers: fields, endStream: isHead)), on: id, context)
    flush(context)
    guard !isHead else {
      streams[id] = nil
      responder.state.requestEnded()
      return stream.isOver(0, true)
    }
    let loop = context.eventLoop
    let bound = NIOLoopBound((connection: self, context: context, count: ByteCount()), eventLoop: loop)
    let writer = StreamWriter { piece in
      try await loop.flatSubmit {
        bound.value.count.bytes += piece.readableBytes
        return bound.value.connection.write(piece, id, bound.value.context)
      }.get()
    }
    streams[id] = .streaming(
      Task {
        let isWhole = (try? await stream.write(writer)) != nil
        loop.execute {
          let (connection, context, count) = bound.value
          connection.endStream(id, stream, byteCount: count.bytes, isWhole: isWhole, context)
        }
      })
  }

  private final class ByteCount {
    var bytes = 0
  }

  /// Writes a piece; the future is there once the client's windows had room for it.
  private func write(_ piece: ByteBuffer, _ id: HTTP2StreamID, _ context: ChannelHandlerContext)
    -> EventLoopFuture<Void>
  {
    guard case .streaming = streams[id] else { return context.eventLoop.makeFailedFuture(CancellationError()) }
    guard piece.readableBytes > 0 else { return context.eventLoop.makeSucceededVoidFuture() }
    let sent = context.eventLoop.makePromise(of: Void.self)
    let frame = HTTP2Frame(streamID: id, payload: .data(.init(data: .byteBuffer(piece))))
    context.writeAndFlush(wrapOutboundOut(frame), promise: sent)
    return sent.futureResult
  }

  private func endStream(
    _ id: HTTP2StreamID, _ stream: ResponseStream, byteCount: Int, isWhole: Bool, _ context: ChannelHandlerContext
  ) {
    charges[id] = nil
    responder.state.requestEnded()
    let isThere = streams.removeValue(forKey: id) != nil
    stream.isOver(byteCount, isWhole && isThere)
    if isThere {
      // A body that broke off must not look whole.
      let end = HTTP2Frame.FramePayload.data(.init(data: .byteBuffer(ByteBuffer()), endStream: true))
      send(isWhole ? end : .rstStream(.internalError), on: id, context)
      flush(context)
    }
    goOn(context)
  }
}
