// SPDX-License-Identifier: Apache-2.0
//
// LiveHandler: the three paths of the page that watches a training.
//
// Before    LiveEvents.swift     After    TrainingPage.swift

import NIOCore
import NIOHTTP1

/// Answers one connection. It is for browsers of this machine alone, so a name in `Host` that is not of this machine is refused:
/// a page from elsewhere could have made its own name lead here.
final class LiveHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let events: LiveEvents
  private var head: HTTPRequestHead?
  /// A connection gets one answer, which may have no end for long.
  private var isAnswered = false

  init(_ events: LiveEvents) { self.events = events }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body: break  // no path takes one
    case .end:
      guard let head, !isAnswered else { return }
      isAnswered = true
      answer(head, context)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    events.leave(context.channel)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let host = head.headers.first(name: "host") ?? ""
    let name = host.split(separator: ":").first.map(String.init) ?? ""
    guard ["127.0.0.1", "localhost"].contains(name.lowercased()) else {
      return send(context, head, .forbidden, "text/plain", ByteBuffer(string: "This page is for this machine alone.\n"))
    }
    guard head.method == .GET || head.method == .HEAD else {
      return send(context, head, .methodNotAllowed, "text/plain", ByteBuffer(string: "Only GET.\n"))
    }
    switch head.uri.split(separator: "?").first.map(String.init) ?? "/" {
    case "/": send(context, head, .ok, "text/html; charset=utf-8", ByteBuffer(bytes: PackageResources.training_html))
    case "/training.js":
      send(context, head, .ok, "text/javascript; charset=utf-8", ByteBuffer(bytes: PackageResources.training_js))
    case "/events" where head.method == .GET: stream(head, context)
    default:
      send(context, head, .notFound, "text/plain", ByteBuffer(string: "There are /, /training.js and /events.\n"))
    }
  }

  private func stream(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let last = head.headers.first(name: "last-event-id").flatMap { Int($0) } ?? 0
    guard let missed = events.join(context.channel, after: last) else {
      // 204 tells an EventSource not to ask again.
      return send(context, head, .noContent, "text/plain", ByteBuffer())
    }
    var answer = HTTPResponseHead(version: head.version, status: .ok, headers: LiveHandler.headers("text/event-stream"))
    answer.headers.add(name: "connection", value: "close")
    context.write(wrapOutboundOut(.head(answer)), promise: nil)
    context.writeAndFlush(
      wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: "retry: 500\n\n" + missed)))), promise: nil)
  }

  private func send(
    _ context: ChannelHandlerContext, _ head: HTTPRequestHead, _ status: HTTPResponseStatus, _ type: String,
    _ body: ByteBuffer
  ) {
    var answer = HTTPResponseHead(version: head.version, status: status, headers: LiveHandler.headers(type))
    if status != .noContent { answer.headers.add(name: "content-length", value: "\(body.readableBytes)") }
    answer.headers.add(name: "connection", value: "close")
    context.write(wrapOutboundOut(.head(answer)), promise: nil)
    if head.method != .HEAD, status != .noContent {
      context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    }
    let channel = context.channel
    context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
  }

  private static func headers(_ type: String) -> HTTPHeaders {
    [
      "content-type": type, "cache-control": "no-store", "x-content-type-options": "nosniff",
      "content-security-policy":
        "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'",
    ]
  }
}
