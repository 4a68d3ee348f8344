// SPDX-License-Identifier: Apache-2.0
//
// The fields of HTTP/2's heads: what HTTP/1.1 has in its first line is in fields whose names begin with a colon.
//
// Before    HTTP2Answers.swift     After    PrefaceReader.swift
// Source    RFC 9113, section 8.3

import NIOCore
import NIOHPACK
import NIOHTTP1

extension HTTPRequestHead {
  /// The head of a request, as HTTP/1.1 would have it: `:authority` is `Host`.
  ///
  /// - Throws: ``RequestError`` 431 for more fields than the limit, 400 for a request without a path (`CONNECT`).
  init(_ fields: HPACKHeaders, limit: Int) throws {
    guard fields.count <= limit else {
      throw RequestError(
        .requestHeaderFieldsTooLarge,
        "The head of the request has more than the \(limit) fields that this server reads.")
    }
    var method = HTTPMethod.GET
    var target: String?
    var authority: String?
    var headers = HTTPHeaders()
    headers.reserveCapacity(fields.count)
    for (name, value, _) in fields {
      switch name {
      case ":method": method = HTTPMethod(rawValue: value)
      case ":path": target = value
      case ":authority": authority = value
      case _ where name.utf8.first == UInt8(ascii: ":"): break
      default: headers.add(name: name, value: value)
      }
    }
    guard let target, !target.isEmpty else { throw RequestError.bad("The request has no path.") }
    if let authority { headers.replaceOrAdd(name: "host", value: authority) }
    self.init(version: .http2, method: method, uri: target, headers: headers)
  }
}

extension ServerResponse {
  /// The fields of the response's head. Those that are the same in every answer go into the table that both sides keep
  /// of fields they have seen (RFC 7541); the others would only fill it.
  func fields(_ framing: BodyFraming, date: String) -> HPACKHeaders {
    var fields = HPACKHeaders()
    fields.reserveCapacity(5 + headers.count)
    fields.add(name: ":status", value: String(status.code))
    if let mediaType, ServerResponse.canBeSent(mediaType) { fields.add(name: "content-type", value: mediaType) }
    switch framing {
    case .whole, .length:
      if status != .noContent {
        fields.add(name: "content-length", value: String(body.readableBytes), indexing: .nonIndexable)
      }
    case .chunked, .untilClosed: break  // the frames have an end
    }
    fields.add(name: "date", value: date)
    fields.add(name: "x-content-type-options", value: "nosniff")
    for header in headers where ServerResponse.canBeSent(header.value) {
      fields.add(name: header.name.lowercased(), value: header.value, indexing: .nonIndexable)
    }
    return fields
  }
}
