// SPDX-License-Identifier: Apache-2.0
//
// A response as the protocols make it, and the promise of one.
//
// Before    ServerRequest.swift     After    RequestError.swift

import NIOCore
import NIOHTTP1
import SwiftletFormats

/// A response of HTTP. The connection adds what every response has: length, date, request id.
package struct ServerResponse: Sendable {
  package var status: HTTPResponseStatus
  package var mediaType: String?
  package var headers: [(name: String, value: String)] = []
  package var body: ByteBuffer
  /// What the model's part of it took, where a model was asked.
  package var inference: InferenceTimes?
  /// Why the request was turned away, where it was.
  var rejection: Rejection?
  /// Whether the connection is closed after it.
  package var closesConnection = false

  package init(_ status: HTTPResponseStatus = .ok, mediaType: String? = nil, body: ByteBuffer = ByteBuffer()) {
    (self.status, self.mediaType, self.body) = (status, mediaType, body)
  }

  /// A response of JSON.
  package static func json(_ value: JSONValue, _ status: HTTPResponseStatus = .ok) -> ServerResponse {
    ServerResponse(status, mediaType: "application/json", body: JSONWriter.bytes(value))
  }

  /// A response of plain text.
  package static func text(_ text: String, _ status: HTTPResponseStatus = .ok) -> ServerResponse {
    ServerResponse(status, mediaType: "text/plain; charset=utf-8", body: ByteBuffer(string: text))
  }
}

/// An answer that is there, or one that comes.
package enum Reply {
  case now(ServerResponse)
  case later(EventLoopFuture<ServerResponse>)
}
