// SPDX-License-Identifier: Apache-2.0
//
// A response as the bytes that are sent: its head and its body in one piece, for one call of the system.
//
// NIO's own encoder takes a response in three parts through several handlers, each of which may be used for
// something else. Ours are always whole, and their headers are few.
//
// Before    ResponseClock.swift     After    HTTPConnection.swift
// Source    RFC 9112, sections 4 and 6

import NIOCore
import NIOHTTP1

extension ServerResponse {
  /// The status line, the headers, and the body unless the request was HEAD.
  ///
  /// - Parameters:
  ///   - date: The header `Date`.
  ///   - connection: The header `Connection`, where it must be said.
  func bytes(date: String, connection: StaticString?, isHead: Bool, allocator: ByteBufferAllocator) -> ByteBuffer {
    var bytes = allocator.buffer(capacity: 512 + (isHead ? 0 : body.readableBytes))
    if status == .ok {
      bytes.writeStaticString("HTTP/1.1 200 OK\r\n")
    } else {
      bytes.writeString("HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n")
    }
    if let mediaType { bytes.writeHeader("Content-Type", mediaType) }
    if status != .noContent { bytes.writeHeader("Content-Length", String(body.readableBytes)) }
    bytes.writeHeader("Date", date)
    bytes.writeStaticString("X-Content-Type-Options: nosniff\r\n")
    for header in headers { bytes.writeHeader(header.name, header.value) }
    if let connection {
      bytes.writeStaticString("Connection: ")
      bytes.writeStaticString(connection)
      bytes.writeStaticString("\r\n")
    }
    bytes.writeStaticString("\r\n")
    if !isHead { bytes.writeImmutableBuffer(body) }
    return bytes
  }
}

extension ByteBuffer {
  /// Writes a header. A value that could end its line, and begin a header of somebody else's, is left out.
  fileprivate mutating func writeHeader(_ name: String, _ value: String) {
    guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return }
    writeString(name)
    writeStaticString(": ")
    writeString(value)
    writeStaticString("\r\n")
  }
}
