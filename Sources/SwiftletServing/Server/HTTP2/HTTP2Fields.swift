// SPDX-License-Identifier: Apache-2.0
//
// The fields of HTTP/2's heads: what HTTP/1.1 has in its first line is in fields whose names begin with a colon.
//
// Before    CallStream.swift     After    PrefaceReader.swift
// Source    RFC 9113, sections 8.2 and 8.3

import NIOCore
import NIOHPACK
import NIOHTTP1

/// A request that breaks the rules for fields: its stream is reset.
struct MalformedRequest: Error {}

extension HTTPRequestHead {
  /// The head of a request, as HTTP/1.1 would have it: `:authority` is `Host`.
  ///
  /// - Throws: ``MalformedRequest``; ``RequestError`` 431 for more fields than the limit, 400 for a request without a
  ///   path (`CONNECT`).
  init(_ fields: HPACKHeaders, limit: Int) throws {
    guard fields.count <= limit else {
      throw RequestError(
        .requestHeaderFieldsTooLarge,
        "The head of the request has more than the \(limit) fields that this server reads.")
    }
    var pseudo = PseudoFields()
    var headers = HTTPHeaders()
    headers.reserveCapacity(fields.count)
    var hasHost = false
    for (name, value, _) in fields {
      if name.utf8.first == UInt8(ascii: ":") {
        guard headers.isEmpty, pseudo.take(name, value) else { throw MalformedRequest() }
      } else {
        guard isAllowed(field: name, value) else { throw MalformedRequest() }
        hasHost = hasHost || name == "host"
        headers.add(name: name, value: value)
      }
    }
    guard let method = pseudo.method, method == "CONNECT" || pseudo.isWhole else { throw MalformedRequest() }
    guard let target = pseudo.path else { throw RequestError.bad("The request has no path.") }
    if let authority = pseudo.authority {
      if hasHost { headers.remove(name: "host") }
      headers.add(name: "host", value: authority)
    }
    self.init(version: .http2, method: HTTPMethod(rawValue: method), uri: target, headers: headers)
  }
}

/// The fields that stand in the first line of HTTP/1.1.
private struct PseudoFields {
  private(set) var method: String?
  private(set) var path: String?
  private(set) var authority: String?
  private var scheme: String?

  var isWhole: Bool { path != nil && scheme != nil }

  /// - Returns: Whether it is one of them, comes once, and has a value that a first line can have.
  mutating func take(_ name: String, _ value: String) -> Bool {
    guard !value.isEmpty, value.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return false }
    switch name {
    case ":method" where method == nil: method = value
    case ":path" where path == nil: path = value
    case ":authority" where authority == nil: authority = value
    case ":scheme" where scheme == nil: scheme = value
    default: return false
    }
    return true
  }
}

/// Whether a field may stand in a request: its name in lower case, its value without an end of a line, and nothing of
/// what HTTP/1.1 says of a connection.
func isAllowed(field name: String, _ value: String) -> Bool {
  guard !name.isEmpty, name.utf8.allSatisfy(isLowercaseToken) else { return false }
  guard value.utf8.allSatisfy({ $0 != 0 && $0 != 0x0A && $0 != 0x0D }) else { return false }
  switch name {
  case "connection", "transfer-encoding", "proxy-connection", "keep-alive", "upgrade": return false
  case "te": return value == "trailers"
  default: return true
  }
}

/// A byte of a token of RFC 9110, section 5.6.2, and not a capital letter.
private func isLowercaseToken(_ byte: UInt8) -> Bool {
  switch byte {
  case 0x61...0x7A, 0x2D, 0x30...0x39: true  // a…z, the hyphen, 0…9
  case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2E, 0x5E...0x60, 0x7C, 0x7E: true
  default: false
  }
}

extension ServerResponse {
  /// The fields of the response's head. Those that are the same in every answer go into the table that both sides keep
  /// of fields they have seen (RFC 7541); the others would only fill it. So would the others' names, but for the one
  /// that every answer has.
  ///
  /// - Parameter isFirst: Whether it is the connection's first answer.
  func fields(_ framing: BodyFraming, date: String, isFirst: Bool) -> HPACKHeaders {
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
      if header.name == "X-Request-Id" {
        fields.add(name: "x-request-id", value: header.value, indexing: isFirst ? .indexable : .nonIndexable)
      } else {
        fields.add(name: header.name.lowercased(), value: header.value, indexing: .nonIndexable)
      }
    }
    return fields
  }
}
