// SPDX-License-Identifier: Apache-2.0
//
// A request as the protocols see it: whole, in memory, and within the limits.
//
// Before    Server/HTTPConnection.swift     After    ServerResponse.swift

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
    (self.method, self.target, self.headers, self.body, self.received) = (method, target, headers, body, received)
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
