// SPDX-License-Identifier: Apache-2.0
//
// HTTPChannel: the handlers of each connection that Hummingbird's server accepts.
//
// Before    Server/HTTP2/FrameJoiner.swift     After    PortServices.swift

import HummingbirdCore
import Logging
import NIOCore
import NIOHPACK
import NIOHTTP1
import NIOHTTP2

/// The pipeline of a connection: HTTP/1.1 or HTTP/2 with limits, and ``HTTPConnection`` or ``HTTP2Connection``.
struct HTTPChannel: ServerChildChannel {
  struct Value: ServerChildChannelValue {
    let channel: any Channel
  }

  let responder: Responder
  var services = PortServices.http

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    channel.eventLoop.makeCompletedFuture {
      let decoder = HTTPChannel.decoder(responder.options)
      let connection = HTTPConnection(responder: responder, decoder: decoder, services: services)
      let preface = PrefaceReader { context in
        let pipeline = context.pipeline.syncOperations
        // Before the others, one of which NIO takes away a moment later.
        let joiner = FrameJoiner()
        try pipeline.addHandler(joiner, position: .after(context.handler))
        let frames = http2
        try pipeline.addHandler(frames, position: .after(joiner))
        let calls = HTTP2Connection(responder, connection.handOver(), services: services)
        try pipeline.addHandler(calls, position: .after(frames))
        pipeline.removeHandler(decoder, promise: nil)
        pipeline.removeHandler(connection, promise: nil)
      }
      try channel.pipeline.syncOperations.addHandlers(preface, decoder, connection)
      return Value(channel: channel)
    }
  }

  /// From bytes to frames.
  private var http2: NIOHTTP2Handler {
    var configuration = NIOHTTP2Handler.ConnectionConfiguration()
    configuration.initialSettings = [
      HTTP2Setting(parameter: .maxConcurrentStreams, value: 100),
      HTTP2Setting(parameter: .maxHeaderListSize, value: responder.options.limits.maxHeaderBytes),
      HTTP2Setting(parameter: .initialWindowSize, value: HTTP2Connection.windowSize),
    ]
    configuration.headerBlockValidation = .disabled  // our own is one with the reading of the fields
    return NIOHTTP2Handler(mode: .server, connectionConfiguration: configuration)
  }

  /// From bytes to the parts of requests, within the limits on heads.
  static func decoder(_ options: ServerOptions) -> ByteToMessageHandler<HTTPRequestDecoder> {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = options.limits.maxHeaderBytes
    limits.maxHeaderListSize = options.limits.maxHeaderBytes
    limits.maxHeaderFieldCount = options.limits.maxHeaderCount
    return ByteToMessageHandler(
      HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits))
  }

  func handle(value: Value, logger: Logger) async { try? await value.channel.closeFuture.get() }
}
