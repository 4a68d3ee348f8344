// SPDX-License-Identifier: Apache-2.0
//
// A request as the protocols see it: whole, in memory, and within the limits.
//
// Before    Server/Greeting.swift     After    ServerResponse.swift

import NIOCore
import NIOHTTP1
import SwiftletFormats

/// A request of HTTP.
package struct ServerRequest: Sendable {
  package var method: HTTPMethod
  /// The target as it came, with its query, percent signs and all.
  package var target: String
  package var headers: HTTPHeaders
  package var body: ByteBuffer
  package var received: NIODeadline
  /// The client's address, if it is known.
  package var client: SocketAddress?

  package init(
    _ method: HTTPMethod, _ target: String, headers: HTTPHeaders = [:], body: ByteBuffer = ByteBuffer(),
    received: NIODeadline = .now(), client: SocketAddress? = nil
  ) {
    self.method = method
    self.target = target
    self.headers = headers
    self.body = body
    self.received = received
    self.client = client
  }

  /// The media type of the body, in lower case and without its parameters.
  var mediaType: String? {
    headers.first(name: "content-type").map { value in
      String(value.prefix { $0 != ";" }).trimmingSpaces().lowercased()
    }
  }

  /// The forms of answers that the client prefers.
  var accepted: Preferences { Preferences(headers, "accept") }
}

extension ByteBuffer {
  /// Skips the byte order mark that some programs put before UTF-8.
  mutating func skipByteOrderMark() {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    if readableBytesView.starts(with: mark) { moveReaderIndex(forwardBy: mark.count) }
  }

  /// Reads a body of JSON, to its end.
  ///
  /// - Throws: ``RequestError`` 400 for what is not JSON.
  func readJSON<Result>(_ body: (inout JSONScanner) throws -> Result) throws -> Result {
    var text = self
    text.skipByteOrderMark()
    return try text.withUnsafeReadableBytes { bytes in
      var scanner = JSONScanner(bytes.bindMemory(to: UInt8.self), allowsNonFinite: true, keepsLongNumbers: true)
      do {
        let result = try body(&scanner)
        try scanner.expectEnd()
        return result
      } catch let error as JSONError {
        throw RequestError.bad(
          error.isWellFormed
            ? error.message : "The body is not valid JSON at byte \(error.position + 1): \(error.message)")
      }
    }
  }
}
