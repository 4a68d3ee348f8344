// SPDX-License-Identifier: Apache-2.0
//
// WaitingRequest: rows in the queue, and the promise of their answers.
//
// Its answer, its time in the queue and its total time race for the promise; the first one completes it.
//
// Before    Batcher.swift     After    Observability/Histogram.swift

import NIOCore
import Synchronization
import SwiftletModels

final class WaitingRequest: Sendable {
  let rows: PreparedRows
  let promise: EventLoopPromise<(Answers, InferenceTimes)>
  let queued: NIODeadline
  /// The end of its time in the queue.
  let queueDeadline: NIODeadline
  private let isSettled = Atomic<Bool>(false)
  private let timer = Mutex<Scheduled<Void>?>(nil)

  init(_ rows: PreparedRows, promise: EventLoopPromise<(Answers, InferenceTimes)>, timeout: TimeAmount) {
    self.rows = rows
    self.promise = promise
    queued = promise.futureResult.eventLoop.now
    queueDeadline = queued + timeout
  }

  /// Completes the promise, unless it was completed already.
  func settle(_ result: Result<(Answers, InferenceTimes), any Error>) {
    guard !isSettled.exchange(true, ordering: .acquiringAndReleasing) else { return }
    cancelTimer()
    promise.completeWith(result)
  }

  /// Whether it is still to be answered: one that has waited too long is refused.
  func begin(at now: NIODeadline) -> Bool {
    guard now <= queueDeadline else {
      settle(.failure(Batcher.queueTimeout))
      return false
    }
    return !isSettled.load(ordering: .acquiring)
  }

  /// Gives up on the answer after a time; a result that comes later is dropped.
  func limit(to timeout: TimeAmount) {
    let loop = promise.futureResult.eventLoop
    remember(
      loop.scheduleTask(deadline: queued + timeout) {
        self.settle(
          .failure(
            RequestError(
              .gatewayTimeout, "The answer took longer than the \(timeout.nanoseconds / 1_000_000) ms allowed.",
              rejection: .timeout)))
      })
  }

  func remember(_ newTimer: Scheduled<Void>) {
    let old = timer.withLock { timer in
      defer { timer = newTimer }
      return timer
    }
    old?.cancel()
    if isSettled.load(ordering: .acquiring) { newTimer.cancel() }
  }

  private func cancelTimer() {
    let old = timer.withLock { timer in
      defer { timer = nil }
      return timer
    }
    old?.cancel()
  }
}
