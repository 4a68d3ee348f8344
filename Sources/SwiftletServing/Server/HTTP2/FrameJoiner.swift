// SPDX-License-Identifier: Apache-2.0
//
// FrameJoiner: the frames of an answer, or of several, in one piece for one call of the system.
//
// NIO's handler writes each frame by itself, and a body apart from its frame's nine bytes. Small pieces are copied
// behind each other until they are to go out; what is large goes out as it is.
//
// Before    PrefaceReader.swift     After    Server/HTTPChannel.swift

import NIOCore

/// Stands between NIO's handler of HTTP/2 and the socket.
final class FrameJoiner: ChannelOutboundHandler {
  typealias OutboundIn = IOData
  typealias OutboundOut = ByteBuffer

  /// Copying more costs more than a piece of its own.
  static let copyLimit = 8 << 10

  private var joined = ByteBuffer()
  /// Whether what has been joined is handed on. Its memory is used again once it is written.
  private var isForwarded = false
  /// Kept once the bytes that are waiting are written.
  private var promise: EventLoopPromise<Void>?

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard case .byteBuffer(let piece) = unwrapOutboundIn(data), piece.readableBytes <= FrameJoiner.copyLimit else {
      forward(context)
      return context.write(data, promise: promise)
    }
    if isForwarded {
      joined.clear()
      isForwarded = false
    }
    joined.writeImmutableBuffer(piece)
    if let before = self.promise, let promise {
      before.futureResult.cascade(to: promise)
    } else if let promise {
      self.promise = promise
    }
    if joined.readableBytes > 4 * FrameJoiner.copyLimit { forward(context) }
  }

  func flush(context: ChannelHandlerContext) {
    forward(context)
    context.flush()
  }

  /// Hands on what has been joined.
  private func forward(_ context: ChannelHandlerContext) {
    guard !isForwarded, joined.readableBytes > 0 else { return }
    isForwarded = true
    let promise = promise
    self.promise = nil
    context.write(wrapOutboundOut(joined), promise: promise)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    promise?.fail(ChannelError.ioOnClosedChannel)
    promise = nil
  }
}
