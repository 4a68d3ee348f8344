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
  /// The times of the model's part, if a model was asked.
  package var inference: InferenceTimes?
  /// Why the request was turned away, if it was.
  var rejection: Rejection?
  /// Whether the connection is closed after it.
  package var closesConnection = false

  package init(_ status: HTTPResponseStatus = .ok, mediaType: String? = nil, body: ByteBuffer = ByteBuffer()) {
    self.status = status
    self.mediaType = mediaType
    self.body = body
  }

  /// A response of JSON.
  package static func json(_ value: JSONValue, _ status: HTTPResponseStatus = .ok) -> ServerResponse {
    ServerResponse(status, mediaType: "application/json", body: ByteBuffer(string: value.compact()))
  }

  /// A response of plain text.
  package static func text(_ text: String, _ status: HTTPResponseStatus = .ok) -> ServerResponse {
    ServerResponse(status, mediaType: "text/plain; charset=utf-8", body: ByteBuffer(string: text))
  }
}

/// An answer that is there, one that comes, or one whose body comes piece by piece.
package enum Reply: Sendable {
  case now(ServerResponse)
  case later(EventLoopFuture<ServerResponse>)
  case stream(ServerResponse, ResponseStream)
}

/// A body that is sent while it is made. It is not compressed.
package struct ResponseStream: Sendable {
  /// Writes the body. Its task is cancelled once the client is gone.
  let write: @Sendable (StreamWriter) async throws -> Void
  /// Called once at the end: with the number of bytes, and whether they are the whole body.
  var isOver: @Sendable (Int, Bool) -> Void = { _, _ in }

  init(_ write: @escaping @Sendable (StreamWriter) async throws -> Void) { self.write = write }

  /// A body whose pieces come from elsewhere.
  init<Pieces: AsyncSequence & Sendable>(_ pieces: Pieces) where Pieces.Element == ByteBuffer {
    self.init { writer in for try await piece in pieces { try await writer.write(piece) } }
  }
}

/// Where a streamed body goes.
struct StreamWriter: Sendable {
  fileprivate let send: @Sendable (ByteBuffer) async throws -> Void

  init(_ send: @escaping @Sendable (ByteBuffer) async throws -> Void) { self.send = send }

  /// Sends a piece; returns once the client reads fast enough for the next one.
  ///
  /// - Throws: `CancellationError` if the client is gone.
  func write(_ piece: ByteBuffer) async throws {
    try Task.checkCancellation()
    try await send(piece)
  }
}
