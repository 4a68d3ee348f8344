// SPDX-License-Identifier: Apache-2.0
//
// Batcher: requests that wait together share one product.
//
// One row times a matrix reads the whole matrix for a few multiplications; sixty-four rows read it once. So requests
// that came while the event loop was busy are answered together. For a small model a product costs less than
// the waiting, and a request that finds the queue empty is answered at once.
//
//     small model, empty queue           answered at once, on the event loop
//     otherwise                          into the queue; at the end of the loop's turn, or after the delay,
//                                        a batch is taken: on the loop if it is small, else on the pool
//     queue full, waited too long        503
//     computed too long                  504
//
// Shapes    N rows, D features, W answers for a row
// Before    BatchLimits.swift     After    WaitingRequest.swift

import DequeModule
import NIOCore
import NIOPosix
import Synchronization
import SwiftletModels

/// Answers, now or later.
package enum BatchReply {
  case now(Answers, InferenceTimes)
  case later(EventLoopFuture<(Answers, InferenceTimes)>)
}

/// Joins the rows of one model's requests, and gets them answered.
package final class Batcher: Sendable {
  /// Writes N · W answers for N · D features.
  package typealias Compute = @Sendable (UnsafeBufferPointer<Float>, UnsafeMutableBufferPointer<Double>) -> Void

  /// Products of up to this many multiplications, a few microseconds, gain nothing from a batch.
  private static let directCost = 1 << 16
  /// Batches of up to this many multiplications, about two milliseconds, are computed on the event loop.
  private static let loopCost = 1 << 25

  private let limits: BatchLimits
  private let featureCount: Int
  private let answerWidth: Int
  private let costPerRow: Int
  private let statistics: ModelStatistics
  private let compute: Compute
  private let state = Mutex(State())

  private struct State {
    var queue = Deque<WaitingRequest>()
    /// Number of rows in the queue.
    var rowCount = 0
    /// Whether a batch will be taken from the queue.
    var isScheduled = false
    var running = 0

    mutating func append(_ request: WaitingRequest) {
      queue.append(request)
      rowCount += request.rows.count
    }

    /// Whole requests from the front, at least one, up to a number of rows.
    mutating func takeBatch(maxRows: Int) -> [WaitingRequest] {
      var batch: [WaitingRequest] = []
      var rows = 0
      while let first = queue.first, batch.isEmpty || rows + first.rows.count <= maxRows {
        batch.append(queue.removeFirst())
        rows += first.rows.count
      }
      rowCount -= rows
      return batch
    }

    /// - Returns: Whether the request was still waiting.
    mutating func remove(_ request: WaitingRequest) -> Bool {
      guard let position = queue.firstIndex(where: { $0 === request }) else { return false }
      queue.remove(at: position)
      rowCount -= request.rows.count
      return true
    }
  }

  package init(
    limits: BatchLimits, featureCount: Int, answerWidth: Int, costPerRow: Int, statistics: ModelStatistics,
    compute: @escaping Compute
  ) {
    self.limits = limits
    self.featureCount = featureCount
    self.answerWidth = answerWidth
    self.costPerRow = max(costPerRow, 1)
    self.statistics = statistics
    self.compute = compute
  }

  /// Number of requests that wait.
  package var queueDepth: Int { state.withLock { $0.queue.count } }

  /// Answers for rows.
  ///
  /// - Parameters:
  ///   - timeout: How long they may wait, where the request says so.
  /// - Throws: ``RequestError`` 503 where the queue is full.
  package func submit(_ rows: PreparedRows, timeout: TimeAmount? = nil, on loop: any EventLoop) throws -> BatchReply {
    let isSmall = cost(rows.count) <= Batcher.directCost
    if isSmall, limits.delay == .zero, state.withLock({ $0.queue.isEmpty }) {
      let start = loop.now
      let answers = run(rows.features, rows.count)
      let time = loop.now - start
      statistics.executed(rows: rows.count, time: time)
      return .now(answers, InferenceTimes(compute: time, batchRows: rows.count))
    }
    let request = WaitingRequest(
      rows, promise: loop.makePromise(), timeout: min(timeout ?? limits.queueTimeout, limits.queueTimeout))
    let (isFull, delay) = state.withLock { state -> (Bool, TimeAmount?) in
      guard state.queue.count < limits.maxQueue else { return (true, nil) }
      state.append(request)
      defer { state.isScheduled = true }
      if limits.delay > .zero, state.rowCount >= limits.maxRows { return (false, .zero) }
      return (false, state.isScheduled ? nil : limits.delay)
    }
    guard !isFull else {
      // A promise must be completed, even if nothing waits for it.
      request.settle(.failure(Batcher.queueFull))
      throw Batcher.queueFull
    }
    request.remember(loop.scheduleTask(deadline: request.queueDeadline) { self.giveUp(request) })
    if let delay { schedule(on: loop, after: delay) }
    return .later(request.promise.futureResult)
  }

  static let queueFull = RequestError(
    .serviceUnavailable, "Exceeds maximum queue size", headers: ["Retry-After": "1"], rejection: .queueFull)
  static let queueTimeout = RequestError(
    .serviceUnavailable, "Request timeout expired", headers: ["Retry-After": "1"], rejection: .timeout)

  // MARK: Taking batches

  private func cost(_ rowCount: Int) -> Int { rowCount.multipliedReportingOverflow(by: costPerRow).partialValue }

  private func schedule(on loop: any EventLoop, after delay: TimeAmount) {
    if delay == .zero {
      loop.execute { self.drain(on: loop) }  // after the rest of this turn of the loop
    } else {
      loop.scheduleTask(in: delay) { self.drain(on: loop) }
    }
  }

  /// Takes one batch and gets it answered, again while there are more.
  private func drain(on loop: any EventLoop) {
    let (batch, rest) = state.withLock { state -> ([WaitingRequest], Bool) in
      guard state.running < limits.maxConcurrent else {
        state.isScheduled = false  // the batch that ends first takes the next one
        return ([], false)
      }
      let batch = state.takeBatch(maxRows: limits.maxRows)
      if !batch.isEmpty { state.running += 1 }
      state.isScheduled = !state.queue.isEmpty
      return (batch, !state.queue.isEmpty)
    }
    if rest { schedule(on: loop, after: .zero) }
    guard !batch.isEmpty else { return }
    if cost(batch.reduce(0) { $0 + $1.rows.count }) <= Batcher.loopCost {
      answer(batch, on: loop)
    } else {
      for request in batch { request.limit(to: limits.requestTimeout) }
      limits.pool.submit { _ in self.answer(batch, on: loop) }
    }
  }

  /// Answers a batch on the calling thread.
  private func answer(_ batch: [WaitingRequest], on loop: any EventLoop) {
    let start = loop.now
    let live = batch.filter { $0.begin(at: start) }
    if !live.isEmpty { answer(live, start: start, on: loop) }
    let comesAgain = state.withLock { state -> Bool in
      state.running -= 1
      guard !state.queue.isEmpty, !state.isScheduled else { return false }
      state.isScheduled = true
      return true
    }
    if comesAgain { loop.execute { self.drain(on: loop) } }
  }

  /// Computes the answers of requests together, and gives each its own.
  private func answer(_ requests: [WaitingRequest], start: NIODeadline, on loop: any EventLoop) {
    let rowCount = requests.reduce(0) { $0 + $1.rows.count }
    let features = requests.count == 1 ? requests[0].rows.features : requests.flatMap(\.rows.features)
    let answers = run(features, rowCount)
    let time = loop.now - start
    statistics.executed(rows: rowCount, time: time)
    var position = 0
    for request in requests {
      let end = position + request.rows.count
      let own =
        requests.count == 1
        ? answers
        : Answers(
          values: Array(answers.values[position * answerWidth..<end * answerWidth]), count: request.rows.count,
          width: answerWidth)
      let times = InferenceTimes(queue: start - request.queued, compute: time, batchRows: rowCount)
      request.settle(.success((own, times)))
      position = end
    }
  }

  private func run(_ features: [Float], _ rowCount: Int) -> Answers {
    let values = [Double](unsafeUninitializedCapacity: rowCount * answerWidth) { target, count in
      features.withUnsafeBufferPointer {
        compute($0, UnsafeMutableBufferPointer(rebasing: target[..<(rowCount * answerWidth)]))
      }
      count = rowCount * answerWidth
    }
    return Answers(values: values, count: rowCount, width: answerWidth)
  }

  /// Takes a request that has waited too long out of the queue.
  private func giveUp(_ request: WaitingRequest) {
    if state.withLock({ $0.remove(request) }) { request.settle(.failure(Batcher.queueTimeout)) }
  }
}
