// SPDX-License-Identifier: Apache-2.0
//
// IncomingRequest: a request that is arriving, within the limits on its size.
//
// Before    ConnectionDeadline.swift     After    StreamedBody.swift

import NIOCore
import NIOHTTP1

/// The head of a request, and what has come of its body.
struct IncomingRequest {
  let head: HTTPRequestHead
  let received: NIODeadline
  private var body = ByteBuffer()
  private var pieceCount = 0

  /// - Throws: ``RequestError`` 413 for a length that is over the limit.
  init(_ head: HTTPRequestHead, received: NIODeadline, _ options: ServerOptions) throws {
    self.head = head
    self.received = received
    if let length = head.headers.first(name: "content-length") {
      guard let length = Int(length), length >= 0, length <= options.maxBodyBytes else {
        throw IncomingRequest.tooLarge(options)
      }
    }
  }

  /// Takes a piece of the body.
  ///
  /// - Throws: ``RequestError`` 413 once the body is too large, or comes in too many pieces.
  mutating func add(_ piece: ByteBuffer, _ options: ServerOptions) throws {
    pieceCount += 1
    guard body.readableBytes + piece.readableBytes <= options.maxBodyBytes, pieceCount <= options.maxBodyPieces else {
      throw IncomingRequest.tooLarge(options)
    }
    if body.readableBytes == 0 {
      body = piece
    } else {
      body.writeImmutableBuffer(piece)
    }
  }

  /// Whether the client waits for leave to send the body.
  var asksFirst: Bool {
    head.version != .http1_0 && head.headers.first(name: "expect")?.lowercased() == "100-continue"
  }

  /// The request, once it is whole.
  var whole: ServerRequest {
    ServerRequest(head.method, head.uri, headers: head.headers, body: body, received: received)
  }

  private static func tooLarge(_ options: ServerOptions) -> RequestError {
    RequestError(
      .payloadTooLarge,
      "The body is larger than the \(options.maxBodyBytes) bytes, or comes in more than the \(options.maxBodyPieces) pieces, that this server reads."
    )
  }
}
