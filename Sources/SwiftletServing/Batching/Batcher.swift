// SPDX-License-Identifier: Apache-2.0
//
// Batcher: requests that wait together share one product.
//
// One row times a matrix reads the whole matrix for a few multiplications; sixty-four rows read it once. So what
// has come while the event loop was busy is answered together. For a small model a product costs less than
// the waiting, and a request that finds the queue empty is answered where it stands.
//
//     small model, nobody waits          answered at once, on the event loop
//     otherwise                          into the queue; at the end of the loop's turn, or after the delay,
//                                        a batch is taken: on the loop if it is small, else on the pool
//     queue full, waited too long        503
//     computed too long                  504
//
// Shapes    N rows, D features, W answers for a row
// Before    BatchLimits.swift     After    WaitingRequest.swift

import NIOCore
import NIOPosix
import Synchronization

/// Answers that are there, or come.
package enum BatchReply {
  case now(Answers, InferenceTimes)
  case later(EventLoopFuture<(Answers, InferenceTimes)>)
}

/// Puts the rows of one model's requests together and has them answered.
package final class Batcher: Sendable {
  /// Writes N · W answers for N · D features.
  package typealias Compute = @Sendable (UnsafeBufferPointer<Float>, UnsafeMutableBufferPointer<Float>) -> Void

  /// Products of up to so many multiplications gain nothing from company: a few microseconds.
  private static let directCost = 1 << 16
  /// Batches of up to so many multiplications are computed on the event loop: about two milliseconds.
  private static let loopCost = 1 << 25

  private let limits: BatchLimits
  private let featureCount: Int
  private let answerWidth: Int
  private let costPerRow: Int
  private let statistics: ModelStatistics
  private let compute: Compute
  private let state = Mutex(State())

  private struct State {
    var queue: [WaitingRequest] = []
    /// Whether somebody will come for the queue.
    var isScheduled = false
    var running = 0
  }

  package init(
    limits: BatchLimits, featureCount: Int, answerWidth: Int, costPerRow: Int, statistics: ModelStatistics,
    compute: @escaping Compute
  ) {
    (self.limits, self.featureCount, self.answerWidth) = (limits, featureCount, answerWidth)
    (self.costPerRow, self.statistics, self.compute) = (max(costPerRow, 1), statistics, compute)
  }

  /// How many requests wait.
  package var queueDepth: Int { state.withLock { $0.queue.count } }

  /// Answers for rows.
  ///
  /// - Parameters:
  ///   - timeout: How long they may wait, where the request says so.
  /// - Throws: ``RequestError`` 503 where the queue is full.
  package func submit(_ rows: PreparedRows, timeout: TimeAmount? = nil, on loop: any EventLoop) throws -> BatchReply {
    let isSmall = cost(rows.count) <= Batcher.directCost
    if isSmall, limits.delay == .zero, state.withLock({ $0.queue.isEmpty }) {
      let start = NIODeadline.now()
      let answers = run(rows.features, rows.count)
      let time = NIODeadline.now() - start
      statistics.executed(rows: rows.count, time: time)
      return .now(answers, InferenceTimes(compute: time, batchRows: rows.count))
    }
    let request = WaitingRequest(
      rows, promise: loop.makePromise(),
      queueDeadline: .now() + min(timeout ?? limits.queueTimeout, limits.queueTimeout))
    let (isFull, delay) = state.withLock { state -> (Bool, TimeAmount?) in
      guard state.queue.count < limits.maxQueue else { return (true, nil) }
      state.queue.append(request)
      defer { state.isScheduled = true }
      if limits.delay > .zero, waitingRows(state) >= limits.maxRows { return (false, .zero) }
      return (false, state.isScheduled ? nil : limits.delay)
    }
    guard !isFull else {
      // The promise must be kept even where nobody listens.
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
  private func waitingRows(_ state: State) -> Int { state.queue.reduce(0) { $0 + $1.rows.count } }

  private func schedule(on loop: any EventLoop, after delay: TimeAmount) {
    if delay == .zero {
      loop.execute { self.drain(on: loop) }  // after what this turn of the loop still brings
    } else {
      loop.scheduleTask(in: delay) { self.drain(on: loop) }
    }
  }

  /// Takes one batch and has it answered; comes again while there are more.
  private func drain(on loop: any EventLoop) {
    let (batch, rest) = state.withLock { state -> ([WaitingRequest], Bool) in
      guard state.running < limits.maxConcurrent else {
        state.isScheduled = false  // whoever finishes will come again
        return ([], false)
      }
      var (taken, rows) = (0, 0)
      while taken < state.queue.count, taken == 0 || rows + state.queue[taken].rows.count <= limits.maxRows {
        rows += state.queue[taken].rows.count
        taken += 1
      }
      let batch = Array(state.queue[..<taken])
      state.queue.removeFirst(taken)
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

  /// Answers a batch on the thread that calls.
  private func answer(_ batch: [WaitingRequest], on loop: any EventLoop) {
    let start = NIODeadline.now()
    let live = batch.filter { $0.begin(at: start) }
    if !live.isEmpty {
      let rowCount = live.reduce(0) { $0 + $1.rows.count }
      let features = live.count == 1 ? live[0].rows.features : live.flatMap(\.rows.features)
      let answers = run(features, rowCount)
      let time = NIODeadline.now() - start
      statistics.executed(rows: rowCount, time: time)
      var position = 0
      for request in live {
        let end = position + request.rows.count
        let own =
          live.count == 1
          ? answers
          : Answers(
            values: Array(answers.values[position * answerWidth..<end * answerWidth]), count: request.rows.count,
            width: answerWidth)
        let waited = start - request.queued
        request.settle(.success((own, InferenceTimes(queue: waited, compute: time, batchRows: rowCount))))
        position = end
      }
    }
    let comesAgain = state.withLock { state -> Bool in
      state.running -= 1
      guard !state.queue.isEmpty, !state.isScheduled else { return false }
      state.isScheduled = true
      return true
    }
    if comesAgain { loop.execute { self.drain(on: loop) } }
  }

  private func run(_ features: [Float], _ rowCount: Int) -> Answers {
    let values = [Float](unsafeUninitializedCapacity: rowCount * answerWidth) { target, count in
      features.withUnsafeBufferPointer {
        compute($0, UnsafeMutableBufferPointer(rebasing: target[..<(rowCount * answerWidth)]))
      }
      count = rowCount * answerWidth
    }
    return Answers(values: values, count: rowCount, width: answerWidth)
  }

  /// Takes a request that has waited too long out of the queue.
  private func giveUp(_ request: WaitingRequest) {
    let wasWaiting = state.withLock { state -> Bool in
      guard let position = state.queue.firstIndex(where: { $0 === request }) else { return false }
      state.queue.remove(at: position)
      return true
    }
    if wasWaiting { request.settle(.failure(Batcher.queueTimeout)) }
  }
}
