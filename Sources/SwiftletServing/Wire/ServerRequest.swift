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

  package init(
    _ method: HTTPMethod, _ target: String, headers: HTTPHeaders = [:], body: ByteBuffer = ByteBuffer(),
    received: NIODeadline = .now()
  ) {
    self.method = method
    self.target = target
    self.headers = headers
    self.body = body
    self.received = received
  }

  /// The media type of the body, in lower case and without its parameters.
  var mediaType: String? {
    headers.first(name: "content-type").map { value in
      String(value.prefix { $0 != ";" }).trimmingSpaces().lowercased()
    }
  }

  /// Whether the header `Accept` names a media type.
  func accepts(_ mediaType: String) -> Bool {
    headers.first(name: "accept")?.lowercased().contains(mediaType) ?? false
  }
}

extension ByteBuffer {
  /// Reads a body of JSON, to its end.
  ///
  /// - Throws: ``RequestError`` 400 for what is not JSON.
  func readJSON<Result>(_ body: (inout JSONScanner) throws -> Result) throws -> Result {
    try withUnsafeReadableBytes { bytes in
      var scanner = JSONScanner(bytes.bindMemory(to: UInt8.self), allowsNonFinite: true)
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
