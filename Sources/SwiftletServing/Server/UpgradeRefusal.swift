// SPDX-License-Identifier: Apache-2.0
//
// UpgradeRefusal: staying with HTTP/1.1 when a client offers another protocol.
//
// Java's HttpClient and `curl --http2` offer HTTP/2 in their first request. A server may ignore that and answer, and
// the client continues as it began; but NIO's decoder reads nothing behind such a request, because what follows might be
// the other protocol. So it is replaced by a fresh one.
//
// Before    ResponseBytes.swift     After    Server/HTTP2/HTTP2Connection.swift
// Source    RFC 9110, section 7.8

import NIOCore
import NIOHTTP1

/// Watches the requests of a connection for offers.
struct UpgradeRefusal {
  private var decoder: ByteToMessageHandler<HTTPRequestDecoder>
  private var isOffered = false

  init(_ decoder: ByteToMessageHandler<HTTPRequestDecoder>) { self.decoder = decoder }

  /// Whether a part ends a request with an offer: behind it the decoder has stopped.
  mutating func isDecided(by part: HTTPServerRequestPart) -> Bool {
    if case .head(let head) = part { isOffered = UpgradeRefusal.isOffer(head) }
    guard isOffered, case .end = part else { return false }
    isOffered = false
    return true
  }

  /// Replaces a stopped decoder by a fresh one. Called while none is at work: what it has not read goes
  /// to the one behind it.
  mutating func refuse(_ context: ChannelHandlerContext, _ options: ServerOptions) {
    let (old, new) = (decoder, HTTPChannel.decoder(options))
    decoder = new
    do {
      try context.pipeline.syncOperations.addHandler(new, position: .after(old))
      context.pipeline.syncOperations.removeHandler(old, promise: nil)
    } catch { context.close(promise: nil) }
  }

  /// The same rule by which the decoder stops.
  private static func isOffer(_ head: HTTPRequestHead) -> Bool {
    if head.method == .CONNECT { return true }
    guard head.headers.contains(name: "upgrade") else { return false }
    return head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
  }
}
