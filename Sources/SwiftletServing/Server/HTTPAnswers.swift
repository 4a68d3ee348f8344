// SPDX-License-Identifier: Apache-2.0
//
// The answers of a connection: whole answers and streamed ones.
//
// Before    HTTPConnection.swift     After    HTTPRefusals.swift

import NIOCore
import NIOHTTP1
import SwiftletModels

extension HTTPConnection {
  func answer(_ context: ChannelHandlerContext) {
    guard let incoming = incoming.take() else { return }
    phase = .answering
    deadline.lift()
    charge = incoming.charge
    responder.state.requestBegan()
    let form = incoming.form
    switch responder.respond(to: incoming.request, on: context.eventLoop, familiar: &familiar) {
    case .now(let response):
      write(response, form, context)
    case .later(let future):
      future.hop(to: context.eventLoop).assumeIsolated().whenComplete { result in
        let response =
          (try? result.get())
          ?? RequestError(.internalServerError, "The request could not be answered.").response()
        self.write(response, form, context)
        self.goOn(context)
      }
    case .stream(let response, let stream):
      self.stream(response, stream, form, context)
    }
  }

  private func write(_ response: ServerResponse, _ form: AnswerForm, _ context: ChannelHandlerContext) {
    charge = nil
    responder.state.requestEnded()
    guard context.channel.isActive else { return }
    let keepsAlive = form.keepsAlive && !response.closesConnection && !isLast
    send(response, form.isHead ? .length : .whole, keepsAlive: keepsAlive, context)
    becomeIdle(keepsAlive: keepsAlive, context)
  }

  /// Writes the head of a response, and its body while it is made.
  private func stream(
    _ response: ServerResponse, _ stream: ResponseStream, _ form: AnswerForm, _ context: ChannelHandlerContext
  ) {
    let isChunked = form.version.minor > 0
    let bytes = self.bytes(
      of: response, isChunked ? .chunked : .untilClosed, keepsAlive: isChunked && form.keepsAlive, context)
    context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    let isOver = { (byteCount: Int, isWhole: Bool) in
      self.charge = nil
      self.responder.state.requestEnded()
      stream.isOver(byteCount, isWhole)
      guard context.channel.isActive else { return }
      // A body that broke off must not look whole, so its connection ends without the mark of an end.
      guard isWhole else { return context.close(promise: nil) }
      let keepsAlive = isChunked && form.keepsAlive && !response.closesConnection && !self.isLast
      self.becomeIdle(keepsAlive: keepsAlive, context)
      if !keepsAlive { self.closeGently(context) }
      self.goOn(context)
    }
    guard !form.isHead else { return isOver(0, true) }
    let body = StreamedBody(context.channel, isChunked: isChunked)
    phase = .streaming(body)
    body.start(stream, isOver: isOver)
  }

  /// Whether the next answer is the connection's last. A server that stops sends its clients away after their answer,
  /// so that none of them asks into a closing door.
  private var isLast: Bool {
    isLeaving || responder.state.isDraining || seat?.isExtra == true || hasEnded && waiting.isEmpty
  }

  private func becomeIdle(keepsAlive: Bool, _ context: ChannelHandlerContext) {
    phase = keepsAlive ? .idle : .closing
    if keepsAlive { expectRequest(context) }
  }

  private func bytes(
    of response: ServerResponse, _ framing: BodyFraming, keepsAlive: Bool, _ context: ChannelHandlerContext
  ) -> ByteBuffer {
    let connection = keepsAlive ? responder.keepAliveLines : "Connection: close\r\n"
    return response.bytes(
      framing, date: responder.clock.date(), connection: connection, allocator: context.channel.allocator)
  }

  func send(
    _ response: ServerResponse, _ framing: BodyFraming, keepsAlive: Bool, _ context: ChannelHandlerContext
  ) {
    let bytes = bytes(of: response, framing, keepsAlive: keepsAlive, context)
    guard !keepsAlive else { return context.writeAndFlush(wrapOutboundOut(bytes), promise: nil) }
    // A client that never reads its last answer would otherwise hold the connection, and a server that stops.
    expectRequest(context)
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.assumeIsolated().whenComplete { _ in self.closeGently(context) }
    context.writeAndFlush(wrapOutboundOut(bytes), promise: written)
  }
}
