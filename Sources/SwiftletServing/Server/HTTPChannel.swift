// SPDX-License-Identifier: Apache-2.0
//
// HTTPChannel: the handlers of each connection that Hummingbird's server accepts.
//
// Before    HTTPAnswers.swift     After    ModelServer.swift

import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// The pipeline of a connection: HTTP/1.1 with limits, and ``HTTPConnection``.
struct HTTPChannel: ServerChildChannel {
  struct Value: ServerChildChannelValue {
    let channel: any Channel
  }

  let responder: Responder

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    channel.eventLoop.makeCompletedFuture {
      var limits = NIOHTTPDecoderLimitConfiguration()
      limits.maxHeaderFieldSize = responder.options.maxHeaderBytes
      limits.maxHeaderListSize = responder.options.maxHeaderBytes
      limits.maxHeaderFieldCount = responder.options.maxHeaderCount
      let decoder = ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits))
      try channel.pipeline.syncOperations.addHandlers(decoder, HTTPConnection(responder: responder))
      return Value(channel: channel)
    }
  }

  func handle(value: Value, logger: Logger) async { try? await value.channel.closeFuture.get() }
}
