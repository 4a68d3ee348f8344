// SPDX-License-Identifier: Apache-2.0
//
// ServerOptions.Limits: how large, how many and how slow requests may be.
//
// A setting is a property, and a row of the table below it. ServerSettings.swift tells what follows from a row.
//
// Before    Batching.swift     After    Operation.swift

import SwiftletFormats

extension ServerOptions {
  /// How large, how many and how slow requests may be.
  public struct Limits: Sendable {
    /// A larger body is 413, whether packed or unpacked.
    public var maxBodyBytes = 8 << 20
    /// A request of more rows is 400.
    public var maxRowsPerRequest = 10_000
    /// The most bytes of all open requests' bodies together; one more is 503.
    public var maxTotalBodyBytes = 64 << 20
    /// The most connections at a time; the one that is idle the longest gives way to a new one.
    public var maxConnections = 1024
    /// A longer head is 431.
    public var maxHeaderBytes = 16 << 10
    /// A head of more fields is 431.
    public var maxHeaderCount = 100
    /// The most pieces of a body: many tiny ones cost more than their bytes.
    public var maxBodyPieces = 65_536
    /// How long a connection may be silent between two requests, or read nothing of an answer. Longer than the 60
    /// seconds of AWS's load balancers and nginx, so that the proxy closes first.
    public var idleTimeoutMilliseconds = 75_000
    /// How long a body may take to arrive.
    public var readTimeoutMilliseconds = 30_000

    static let settings: [Setting<ServerOptions>] = [
      .integer(
        "max_body_bytes", \.limits.maxBodyBytes, 1...1 << 30,
        "The most bytes of a body, packed or unpacked; a larger one gets 413."
      )
      .example("1000000"),
      .integer("max_body_pieces", \.limits.maxBodyPieces, 1...10_000_000, "The most pieces in which a body may arrive.")
        .example("1000"),
      .integer("max_rows_per_request", \.limits.maxRowsPerRequest, 1...10_000_000, "The most rows in a request.")
        .example("100"),
      .integer(
        "max_total_body_bytes", \.limits.maxTotalBodyBytes, 1...1 << 40,
        "The most bytes of all open requests' bodies together; one more gets 503."
      )
      .example("16000000"),
      .integer(
        "max_connections", \.limits.maxConnections, 1...1_000_000,
        "The most connections at a time; the one that is idle the longest gives way to another."
      )
      .example("100"),
      .integer(
        "max_header_bytes", \.limits.maxHeaderBytes, 256...1 << 20, "The most bytes before a body; more get 431."
      )
      .example("8192"),
      .integer(
        "max_header_count", \.limits.maxHeaderCount, 1...10_000, "The most header fields of a request; more get 431."
      )
      .example("50"),
      .integer(
        "idle_timeout_ms", \.limits.idleTimeoutMilliseconds, 1...86_400_000,
        "The milliseconds a connection may be silent between requests, or read nothing of an answer."
      )
      .example("30000"),
      .integer(
        "read_timeout_ms", \.limits.readTimeoutMilliseconds, 1...86_400_000,
        "The milliseconds a body may take to arrive; then it gets 408."
      )
      .example("10000"),
    ]
  }
}
