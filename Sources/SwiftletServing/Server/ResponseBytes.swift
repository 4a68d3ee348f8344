// SPDX-License-Identifier: Apache-2.0
//
// A response as the bytes that are sent: its head and its body in one piece, for one call of the system.
//
// NIO's own encoder takes a response in three parts through several handlers. Here responses are nearly always whole,
// and have few headers.
//
// Before    HTTPRefusals.swift     After    UpgradeRefusal.swift
// Source    RFC 9112, sections 4 and 6

import NIOCore
import NIOHTTP1

/// How a client knows where a body ends, and which part of it is sent with the head.
enum BodyFraming {
  /// By its length, and all of it is sent.
  case whole
  /// By its length, and none of it is sent: the request was HEAD.
  case length
  /// By the mark at its end; it comes in pieces.
  case chunked
  /// By the end of the connection.
  case untilClosed
}

extension ServerResponse {
  /// The status line, the headers, and what the framing sends of the body.
  ///
  /// - Parameters:
  ///   - date: The header `Date`.
  ///   - connection: The lines that say what becomes of the connection.
  func bytes(
    _ framing: BodyFraming = .whole, date: String, connection: String, allocator: ByteBufferAllocator
  ) -> ByteBuffer {
    var bytes = allocator.buffer(capacity: 512 + body.readableBytes)
    // Each piece that is written has its price, so what often stands together is one.
    if status == .ok, mediaType == "application/json" {
      bytes.writeStaticString("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
    } else {
      bytes.writeString("HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n")
      if let mediaType { bytes.writeHeader("Content-Type", mediaType) }
    }
    switch framing {
    case .whole, .length:
      if status != .noContent {
        bytes.writeStaticString("Content-Length: ")
        bytes.writeString(String(body.readableBytes))
        bytes.writeStaticString("\r\nDate: ")
      } else {
        bytes.writeStaticString("Date: ")
      }
    case .chunked: bytes.writeStaticString("Transfer-Encoding: chunked\r\nDate: ")
    case .untilClosed: bytes.writeStaticString("Date: ")
    }
    bytes.writeString(date)
    bytes.writeStaticString("\r\nX-Content-Type-Options: nosniff\r\n")
    for header in headers { bytes.writeHeader(header.name, header.value) }
    bytes.writeString(connection)
    bytes.writeStaticString("\r\n")
    if case .whole = framing { bytes.writeImmutableBuffer(body) }
    return bytes
  }

  /// Whether a header may have this value. One with a line break could smuggle in a second header, so it is dropped.
  static func canBeSent(_ value: String) -> Bool { value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
}

extension ByteBuffer {
  fileprivate mutating func writeHeader(_ name: String, _ value: String) {
    guard ServerResponse.canBeSent(value) else { return }
    writeString(name)
    writeStaticString(": ")
    writeString(value)
    writeStaticString("\r\n")
  }
}
