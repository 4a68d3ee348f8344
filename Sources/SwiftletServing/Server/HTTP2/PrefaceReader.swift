// SPDX-License-Identifier: Apache-2.0
//
// PrefaceReader: which version of HTTP a client speaks.
//
// A client that knows the server to speak HTTP/2 begins with 24 bytes that no request of HTTP/1.1 begins with. So both
// are spoken on one port: this handler looks at the first bytes of a connection, and then takes itself away.
//
// Before    HTTP2Fields.swift     After    FrameJoiner.swift
// Source    RFC 9113, section 3.4

import NIOCore

/// Chooses the handlers of a connection by its first bytes.
final class PrefaceReader: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

  /// Replaces the handlers of HTTP/1.1 by those of HTTP/2.
  private let speakHTTP2: (ChannelHandlerContext) throws -> Void
  /// A beginning of the preface.
  private var begun = ByteBuffer()

  init(speakHTTP2: @escaping (ChannelHandlerContext) throws -> Void) { self.speakHTTP2 = speakHTTP2 }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    if begun.readableBytes > 0 {
      begun.writeBuffer(&bytes)
      bytes = begun
    }
    let count = min(bytes.readableBytes, PrefaceReader.preface.count)
    if bytes.readableBytesView.prefix(count).elementsEqual(PrefaceReader.preface.prefix(count)) {
      begun = bytes
      guard count == PrefaceReader.preface.count else { return }
      do { try speakHTTP2(context) } catch { return context.close(promise: nil) }
    }
    context.fireChannelRead(wrapInboundOut(bytes))
    context.pipeline.syncOperations.removeHandler(self, promise: nil)
  }
}
