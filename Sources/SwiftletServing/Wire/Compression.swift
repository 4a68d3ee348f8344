// SPDX-License-Identifier: Apache-2.0
//
// Compressed bodies, in both directions.
//
// The length in Inference-Header-Content-Length is that of the JSON before it is compressed, so a body is inflated
// before anything else looks at it; and the limit on bodies holds for the inflated bytes.
//
// Before    MultipartForm.swift     After    Preferences.swift
// Source    RFC 9110, section 8.4; RFC 7694 for the 415

import NIOCore
import NIOHTTP1
import SwiftletFormats

enum Compression {
  /// Smaller bodies are not worth it.
  static let threshold = 1024

  /// The request with its body inflated.
  static func decoded(_ request: ServerRequest, limit: Int) throws -> ServerRequest {
    // Several headers are one list.
    let codings = request.headers["content-encoding"].flatMap { $0.lowercased().split(separator: ",") }
      .map { String($0).trimmingSpaces() }.filter { !$0.isEmpty && $0 != "identity" }
    guard let encoding = codings.first else { return request }
    let formats: [String: (UnsafeRawBufferPointer) -> ZlibFormat] = [
      "gzip": { _ in .gzip }, "x-gzip": { _ in .gzip }, "deflate": ZlibFormat.deflate,
    ]
    guard codings.count == 1, let format = formats[encoding] else {
      throw RequestError(
        .unsupportedMediaType,
        "The body has a Content-Encoding that this server does not read; it reads gzip or deflate, once.",
        headers: ["Accept-Encoding": "gzip, deflate"])
    }
    var request = request
    do {
      let bytes = try request.body.withUnsafeReadableBytes { try inflated($0, format($0), limit: limit) }
      request.body = ByteBuffer(bytes: bytes)
    } catch ZlibError.tooLarge {
      throw RequestError(
        .payloadTooLarge, "The body inflates to more than the \(limit) bytes that this server reads.",
        rejection: .tooLarge)
    } catch {
      throw RequestError.bad("The body is not \(encoding), as its Content-Encoding claims.")
    }
    return request
  }

  /// The response with its body compressed, if the client accepts that.
  static func encoded(_ response: ServerResponse, for headers: HTTPHeaders) -> ServerResponse {
    let accepted = Preferences(headers, "accept-encoding")
    guard !accepted.isEmpty, let name = accepted.best(of: ["gzip", "deflate", "identity"]), name != "identity",
      !response.headers.contains(where: { $0.name == "Content-Encoding" }),
      let bytes = response.body.withUnsafeReadableBytes({ deflated($0, name == "gzip" ? .gzip : .zlib) })
    else { return response }
    var response = response
    response.body = ByteBuffer(bytes: bytes)
    response.headers.append(("Content-Encoding", name))
    response.headers.append(("Vary", "Accept-Encoding"))
    return response
  }
}
