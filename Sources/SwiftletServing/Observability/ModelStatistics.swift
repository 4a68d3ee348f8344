// SPDX-License-Identifier: Apache-2.0
//
// ModelStatistics: the counts of a model since it was loaded.
//
// Before    Histogram.swift     After    ServerMetrics.swift

import Foundation
import NIOCore
import NIOHTTP1
import Synchronization

/// Why a request failed, in Triton's words.
enum FailureReason: String, Sendable, CaseIterable {
  case other = "OTHER"
  case backend = "BACKEND"
  case canceled = "CANCELED"
  case rejected = "REJECTED"

  /// A full queue or a time-out is a rejection; an error of the server is the backend's; all others are the client's.
  init(_ status: HTTPResponseStatus) {
    switch status {
    case .serviceUnavailable, .gatewayTimeout, .tooManyRequests: self = .rejected
    case _ where status.code >= 500: self = .backend
    default: self = .other
    }
  }
}

/// The counts of one version of a model. One short lock for each request and each batch.
package final class ModelStatistics: Sendable {
  /// A count, and the time of all together.
  struct Times: Sendable {
    var count = 0
    var nanoseconds = 0
    mutating func add(_ time: TimeAmount) {
      count += 1
      nanoseconds &+= Int(time.nanoseconds)
    }
  }

  struct Counts: Sendable {
    /// Answered requests.
    var success = Times()
    /// Refused and failed ones.
    var failure = Times()
    var queue = Times()
    /// Reading and preparing; computing; writing.
    var input = Times()
    var inference = Times()
    var output = Times()
    /// Rows answered, and products for them: their ratio is the mean batch.
    var rows = 0
    var executions = 0
    var unseenCategories = 0
    /// Of a model that recommends.
    var unknown = UnknownCounts()
    /// Milliseconds since 1970.
    var lastInference = 0
    /// Failures by what Triton calls their reason.
    var failures: [FailureReason: Int] = [:]
    var inputs = Histogram.seconds
    var outputs = Histogram.seconds
    var queueWaits = Histogram.seconds
    var inferences = Histogram.seconds
    var batchRows = Histogram.rows
    /// By the number of rows.
    var batches: [Int: Times] = [:]
  }

  private let counts = Mutex(Counts())

  func read() -> Counts { counts.withLock { $0 } }

  func executed(rows: Int, time: TimeAmount) {
    counts.withLock { counts in
      counts.rows &+= rows
      counts.executions &+= 1
      counts.inference.add(time)
      counts.inferences.record(time)
      counts.batchRows.record(Double(rows))
      // Sizes are few in practice; a client that sends every size must not fill the memory.
      if counts.batches.count < 256 || counts.batches[rows] != nil { counts.batches[rows, default: Times()].add(time) }
    }
  }

  func succeeded(
    total: TimeAmount, input: TimeAmount, output: TimeAmount, _ times: InferenceTimes, unseen: Int,
    unknown: UnknownCounts = UnknownCounts()
  ) {
    counts.withLock { counts in
      counts.success.add(total)
      counts.input.add(input)
      counts.output.add(output)
      counts.inputs.record(input)
      counts.outputs.record(output)
      counts.queue.add(times.queue)
      counts.queueWaits.record(times.queue)
      counts.unseenCategories &+= unseen
      counts.unknown.users &+= unknown.users
      counts.unknown.items &+= unknown.items
      counts.lastInference = Int(Date().timeIntervalSince1970 * 1000)
    }
  }

  func failed(total: TimeAmount, _ status: HTTPResponseStatus) {
    counts.withLock { counts in
      counts.failure.add(total)
      counts.failures[FailureReason(status), default: 0] &+= 1
    }
  }
}
