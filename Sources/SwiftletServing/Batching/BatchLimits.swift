// SPDX-License-Identifier: Apache-2.0
//
// The numbers by which requests are put together and refused.
//
// Before    Inference/NamedColumns.swift     After    Batcher.swift

import NIOCore
import NIOPosix

/// How a model's requests wait.
package struct BatchLimits: Sendable {
  /// A batch takes whole requests until it has so many rows.
  package var maxRows = 64
  /// How long a request waits for others. Zero: only those that are there already share its batch.
  package var delay = TimeAmount.zero
  /// How many requests wait at most.
  package var maxQueue = 1024
  /// How long a request waits at most.
  package var queueTimeout = TimeAmount.seconds(5)
  /// How long a request takes at most.
  package var requestTimeout = TimeAmount.seconds(30)
  /// How many batches are computed at a time.
  package var maxConcurrent = 2
  /// Where large batches are computed, so that the event loops stay free for the others.
  package var pool: NIOThreadPool

  package init(pool: NIOThreadPool = .singleton) { self.pool = pool }

  init(_ options: ServerOptions, pool: NIOThreadPool) {
    self.pool = pool
    maxRows = options.maxBatchRows
    delay = .microseconds(Int64(clamping: options.maxBatchDelayMicroseconds))
    maxQueue = options.maxQueue
    queueTimeout = .milliseconds(Int64(clamping: options.queueTimeoutMilliseconds))
    requestTimeout = .milliseconds(Int64(clamping: options.requestTimeoutMilliseconds))
    maxConcurrent = max(1, options.threadCount)
  }
}

/// What a request's time in a model was spent on, for statistics and logs.
package struct InferenceTimes: Sendable {
  package var queue = TimeAmount.zero
  package var compute = TimeAmount.zero
  package var batchRows = 0
}
