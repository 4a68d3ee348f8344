// SPDX-License-Identifier: Apache-2.0
//
// PortServices: what is answered at a port.
//
// A call of gRPC is a request of HTTP/2 with a media type of its own, so one port can answer both.
//
// Before    HTTPChannel.swift     After    ModelServer.swift
// Source    grpc/grpc, doc/PROTOCOL-HTTP2.md, "Requests"

import NIOHTTP1

/// What is answered at a port.
struct PortServices: OptionSet, Sendable {
  let rawValue: Int

  static let http = PortServices(rawValue: 1)
  static let grpc = PortServices(rawValue: 2)

  /// Whether a request is a call of gRPC.
  ///
  /// - Throws: ``RequestError`` 415 for one that this port does not answer.
  func isCall(_ head: HTTPRequestHead, _ options: ServerOptions) throws -> Bool {
    guard contains(.grpc) else { return false }
    if let type = head.headers.first(name: "content-type"), PortServices.isGRPC(type) { return true }
    try checkHTTP(options)
    return false
  }

  /// - Throws: ``RequestError`` 415 if the port answers gRPC alone.
  func checkHTTP(_ options: ServerOptions) throws {
    guard contains(.http) else {
      throw RequestError(
        .unsupportedMediaType,
        "This port answers gRPC, with Content-Type: application/grpc; HTTP is answered at another port of this server.")
    }
  }

  /// Protocol Buffers, or whatever the sender takes for the default, which is the same.
  private static func isGRPC(_ type: String) -> Bool {
    let type = type.prefix { $0 != ";" }.lowercased()
    return type == "application/grpc" || type == "application/grpc+proto"
  }
}
