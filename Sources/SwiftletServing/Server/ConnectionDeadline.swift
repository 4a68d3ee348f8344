// SPDX-License-Identifier: Apache-2.0
//
// ConnectionDeadline: when a connection is given up.
//
// A deadline moves with every request, and a timer for each would cost more than a small answer. So there is one timer,
// which looks at the deadline when it rings, and is set again where that has moved on.
//
// Before    ResponseClock.swift     After    ConnectionTable.swift

import NIOCore

/// One deadline, on one event loop.
final class ConnectionDeadline {
  private var deadline: NIODeadline?
  private var timer: (rings: NIODeadline, scheduled: Scheduled<Void>)?

  /// Sets or moves the deadline.
  ///
  /// - Parameter isPassed: Called once it has passed; the same for every call.
  func set(_ deadline: NIODeadline, on loop: any EventLoop, isPassed: @escaping () -> Void) {
    self.deadline = deadline
    if let timer, timer.rings <= deadline { return }  // it rings before, and looks
    timer?.scheduled.cancel()
    schedule(at: deadline, loop, isPassed)
  }

  /// Suspends the deadline: an answer is being computed, which has limits of its own.
  func lift() { deadline = nil }

  /// The connection has ended.
  func cancel() {
    timer?.scheduled.cancel()
    timer = nil
  }

  private func schedule(at time: NIODeadline, _ loop: any EventLoop, _ isPassed: @escaping () -> Void) {
    let scheduled = loop.assumeIsolated().scheduleTask(deadline: time) {
      self.timer = nil
      guard let deadline = self.deadline else { return }
      if loop.now < deadline { self.schedule(at: deadline, loop, isPassed) } else { isPassed() }
    }
    timer = (time, scheduled)
  }
}
