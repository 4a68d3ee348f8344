// SPDX-License-Identifier: Apache-2.0
//
// The limits by which requests are joined into batches and refused.
//
// Before    Inference/PictureReader.swift     After    Batcher.swift

import NIOCore
import NIOPosix

/// How a model's requests wait.
package struct BatchLimits: Sendable {
  /// The largest number of rows in a batch of whole requests.
  package var maxRows = 64
  /// How long a request waits for others. With zero, only those that are waiting already share its batch.
  package var delay = TimeAmount.zero
  /// The largest number of waiting requests.
  package var maxQueue = 1024
  /// The longest time that a request waits.
  package var queueTimeout = TimeAmount.seconds(5)
  /// The longest time that a request takes.
  package var requestTimeout = TimeAmount.seconds(30)
  /// Number of batches that are computed at a time.
  package var maxConcurrent = 2
  /// Where large batches are computed, so that the event loops stay free for the others.
  package var pool: NIOThreadPool

  package init(pool: NIOThreadPool = .singleton) { self.pool = pool }

  init(_ options: ServerOptions, pool: NIOThreadPool) {
    self.pool = pool
    maxRows = options.batching.maxRows
    delay = .microseconds(Int64(clamping: options.batching.maxDelayMicroseconds))
    maxQueue = options.batching.maxQueue
    queueTimeout = .milliseconds(Int64(clamping: options.batching.queueTimeoutMilliseconds))
    requestTimeout = .milliseconds(Int64(clamping: options.batching.requestTimeoutMilliseconds))
    maxConcurrent = max(1, options.address.threadCount)
  }
}

/// How a request spent its time in a model, for statistics and logs.
package struct InferenceTimes: Sendable {
  package var queue = TimeAmount.zero
  package var compute = TimeAmount.zero
  package var batchRows = 0
}
