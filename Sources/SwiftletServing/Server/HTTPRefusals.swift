// SPDX-License-Identifier: Apache-2.0
//
// Refusals before a request is whole, and the ways to close a connection.
//
// A connection that is closed while bytes are unread is reset, and the client may lose the answer that it was about to
// read. So the way out is closed first, and what still comes is read and dropped: as long as it comes, within limits.
//
// Before    HTTPAnswers.swift     After    ResponseBytes.swift
// Source    RFC 9112, section 9.6

import NIOCore
import NIOHTTP1

extension HTTPConnection {
  /// What is still read, and dropped, of a client that was refused.
  struct Rest {
    /// How long nothing may come.
    static let silence = TimeAmount.seconds(2)
    var bytesLeft: Int
    var end: NIODeadline
  }

  /// Answers before the request is whole, and closes.
  func refuse(_ error: any Error, _ context: ChannelHandlerContext) {
    guard let error = error as? RequestError else { return context.close(promise: nil) }
    phase = .closing
    seat?.becomeBusy()
    let method = incoming?.request.method
    incoming = nil
    responder.metrics.refused(error)
    responder.log.refused(error, method, from: client)
    // A body that would be taken may be as long as the limit, and one that is refused is often longer.
    let (bytes, overflows) = options.limits.maxBodyBytes.multipliedReportingOverflow(by: 16)
    let time = TimeAmount.milliseconds(Int64(clamping: options.limits.readTimeoutMilliseconds))
    rest = Rest(bytesLeft: overflows ? .max : bytes, end: context.eventLoop.now + max(time, Rest.silence))
    send(error.response(), .whole, keepsAlive: false, context)
  }

  /// Bytes of a request that was refused.
  func drop(_ count: Int, _ context: ChannelHandlerContext) {
    guard rest != nil else { return }
    rest?.bytesLeft -= count
    guard let rest, rest.bytesLeft > 0 else { return context.close(promise: nil) }
    closeAt(min(context.eventLoop.now + Rest.silence, rest.end), context)
  }

  /// Closes once the client has taken what was written before, for which it has a moment.
  func closeOnceWritten(_ context: ChannelHandlerContext) {
    phase = .closing
    closeAt(context.eventLoop.now + .seconds(5), context)
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
    context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
  }

  /// Closes the way out, and leaves the way in open for a moment.
  func closeGently(_ context: ChannelHandlerContext) {
    context.close(mode: .output, promise: nil)
    closeAt(context.eventLoop.now + (rest == nil ? .seconds(1) : Rest.silence), context)
  }

  /// Closes at a time, whatever is still on its way then.
  func closeAt(_ time: NIODeadline, _ context: ChannelHandlerContext) {
    isEnding = true
    expire(time, context)
  }

  /// The connection was idle the longest, and another one needs its place.
  func giveWay(_ context: ChannelHandlerContext) {
    guard case .idle = phase, !headIsComing, unsentBytes(context) == 0 else { return }
    closeOnceWritten(context)
  }

  /// Bytes that are written and that the client has not taken.
  func unsentBytes(_ context: ChannelHandlerContext) -> Int {
    (try? context.channel.syncOptions?.getOption(ChannelOptions.bufferedWritableBytes)) ?? 0
  }
}
