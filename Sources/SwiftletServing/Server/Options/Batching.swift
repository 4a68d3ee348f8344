// SPDX-License-Identifier: Apache-2.0
//
// ServerOptions.Batching: how waiting requests share one product.
//
// A setting is a property, and a row of the table below it. ServerSettings.swift tells what follows from a row.
//
// Before    Address.swift     After    Limits.swift

import SwiftletFormats

extension ServerOptions {
  /// How requests that wait together share one product.
  public struct Batching: Sendable {
    /// The largest number of rows that share one product.
    public var maxRows = 64
    /// How long the first request of a batch waits for more, in microseconds.
    public var maxDelayMicroseconds = 0
    /// The largest number of requests that wait for a model; one more is 503.
    public var maxQueue = 1024
    /// A request that waited longer is 503.
    public var queueTimeoutMilliseconds = 5000
    /// An answer that takes longer is 504.
    public var requestTimeoutMilliseconds = 30_000

    static let settings: [Setting<ServerOptions>] = [
      .integer(
        "max_batch_rows", \.batching.maxRows, 1...1_000_000,
        "The most rows of waiting requests that are answered together."
      )
      .example("256"),
      .integer(
        "max_batch_delay_us", \.batching.maxDelayMicroseconds, 0...60_000_000,
        "The microseconds a request waits for others to share its batch; 0 takes only those that are waiting already."
      )
      .example("500"),
      .integer(
        "max_queue", \.batching.maxQueue, 1...1_000_000, "The most requests that wait for one model; one more gets 503."
      )
      .example("100"),
      .integer(
        "queue_timeout_ms", \.batching.queueTimeoutMilliseconds, 1...3_600_000,
        "The milliseconds a request may wait for its turn; then it gets 503."
      )
      .example("1000"),
      .integer(
        "request_timeout_ms", \.batching.requestTimeoutMilliseconds, 1...3_600_000,
        "The milliseconds a request may take in total; then it gets 504."
      )
      .example("10000"),
    ]
  }
}
