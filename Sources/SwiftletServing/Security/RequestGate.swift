// SPDX-License-Identifier: Apache-2.0
//
// RequestGate: which requests are let in.
//
// A server on loopback is not out of reach: any page in the user's browser can send it requests. A page of another
// site whose name points to 127.0.0.1 comes with the wrong `Host`; a page that posts a form comes with the wrong
// `Origin`. Both are turned away, on every path.
//
// Before    Protocols/Pages/Pages.swift     After    PageHeaders.swift
// Source    CVE-2024-28224 (DNS rebinding of a local model server); W3C, Fetch Metadata Request Headers

import Foundation
import NIOHTTP1
import SwiftletFormats

/// Checks a request's Host, Origin and key.
package struct RequestGate: Sendable {
  private let checksHost: Bool
  private let allowedHosts: Set<String>
  private let allowsAnyHost: Bool
  private let corsOrigins: Set<String>
  private let apiKey: [UInt8]?

  package init(_ options: ServerOptions) {
    let isLoopback = RequestGate.isLoopback(options.address.host)
    let hosts = Set(options.access.allowedHosts.map { $0.lowercased() })
    allowsAnyHost = hosts.contains("*")
    // Beyond loopback the names by which a server is called are not known, unless they are given.
    checksHost = isLoopback || !hosts.isEmpty
    allowedHosts = hosts.union([ProcessInfo.processInfo.hostName.lowercased(), options.address.host.lowercased()])
    corsOrigins = Set(options.access.corsOrigins)
    apiKey = options.access.apiKey.map { Array($0.utf8) }
  }

  /// - Throws: ``RequestError`` 403 for a Host or an Origin that is not ours.
  func checkPlace(_ request: ServerRequest, _ familiar: inout FamiliarRequest) throws {
    if checksHost, !allowsAnyHost { try checkHost(request, &familiar) }
    if request.method != .GET, request.method != .HEAD { try checkOrigin(request) }
  }

  /// - Throws: ``RequestError`` 401 without the key.
  func checkKey(_ request: ServerRequest, isOpen: Bool) throws {
    if let apiKey, !isOpen, !isAuthorized(request, apiKey) {
      throw RequestError(
        .unauthorized, "This server needs its key: Authorization: Bearer KEY, or X-Api-Key: KEY.",
        headers: ["WWW-Authenticate": "Bearer"])
    }
  }

  private func checkHost(_ request: ServerRequest, _ familiar: inout FamiliarRequest) throws {
    if let allowed = familiar.allowedHost, request.headers.first(name: "host") == allowed { return }
    let hosts = request.headers["host"]
    // A list with commas is several hosts, like several headers.
    guard hosts.count == 1, !hosts[0].utf8.contains(UInt8(ascii: ",")), isAllowed(host: hosts[0]) else {
      throw RequestError(.forbidden, "This server is not called by that name; --allowed-hosts adds one.")
    }
    familiar.allowedHost = hosts[0]
  }

  private func isAllowed(host: String) -> Bool {
    let name = RequestGate.name(ofHost: host.lowercased())
    return RequestGate.isLoopback(name) || name.hasSuffix(".localhost") || allowedHosts.contains(name)
  }

  private func checkOrigin(_ request: ServerRequest) throws {
    let refusal = RequestError(.forbidden, "Pages of other sites may not use this server; --cors-origin allows one.")
    let site = request.headers.first(name: "sec-fetch-site")
    // The browser's own word, which no page can set. Behind a proxy it is the only one: there Host is another's.
    if site == "same-origin" { return }
    if let origin = request.headers.first(name: "origin") {
      if corsOrigins.contains(origin) { return }
      // Our own pages: the origin is http://HOST, with the host that the request is for.
      guard let host = request.headers.first(name: "host"), origin == "http://\(host)" || origin == "https://\(host)"
      else {
        throw refusal
      }
    } else if site == "cross-site" {
      throw refusal
    }
  }

  private func isAuthorized(_ request: ServerRequest, _ key: [UInt8]) -> Bool {
    let header =
      request.headers.first(name: "x-api-key")
      ?? request.headers.first(name: "authorization")
      .flatMap { $0.lowercased().hasPrefix("bearer ") ? String($0.dropFirst(7)) : nil }
    guard let given = header.map({ Array($0.utf8) }) else { return false }
    // Every byte is compared, so that the time does not show how many were right.
    var difference = given.count ^ key.count
    for i in key.indices { difference |= Int(key[i] ^ (i < given.count ? given[i] : 0)) }
    return difference == 0
  }

  // MARK: Cross-origin requests

  /// The answer to a browser's preflight request, which comes without a key.
  func preflight(_ request: ServerRequest, _ match: RouteMatch) -> ServerResponse? {
    guard request.method == .OPTIONS, let origin = request.headers.first(name: "origin"), corsOrigins.contains(origin),
      request.headers.contains(name: "access-control-request-method")
    else { return nil }
    var response = ServerResponse(.noContent)
    response.headers = [
      ("Access-Control-Allow-Methods", match.allowed),
      (
        "Access-Control-Allow-Headers",
        "content-type, content-encoding, authorization, x-api-key, x-request-id, x-ms-client-request-id, "
          + "inference-header-content-length, traceparent, tracestate, baggage"
      ),
      ("Access-Control-Max-Age", "600"),
    ]
    return response
  }

  /// Tells the browser that the page of an allowed origin may read the response. Credentials are never allowed.
  func addCORS(to response: inout ServerResponse, _ request: ServerRequest) {
    guard !corsOrigins.isEmpty else { return }
    response.headers.append(("Vary", "Origin"))
    if let origin = request.headers.first(name: "origin"), corsOrigins.contains(origin) {
      response.headers.append(("Access-Control-Allow-Origin", origin))
      response.headers.append(
        (
          "Access-Control-Expose-Headers",
          "x-request-id, inference-header-content-length, x-ignored-columns, retry-after"
        ))
    }
  }

  // MARK: Names

  /// The name in a Host header, without the port.
  static func name(ofHost host: String) -> String {
    if host.hasPrefix("[") { return String(host.dropFirst().prefix { $0 != "]" }) }
    return String(host.prefix { $0 != ":" })
  }

  /// Whether a name or an address is this machine's own.
  package static func isLoopback(_ name: String) -> Bool {
    let name = name.lowercased()
    if name == "localhost" || name == "::1" { return true }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
