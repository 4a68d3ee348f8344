// SPDX-License-Identifier: Apache-2.0
//
// ThreadTeam: threads that share out one piece of work after another.
//
// A training step is a millisecond long, and falls into parts of which some take only microseconds. To wake a
// sleeping thread costs about fifty of those. So the members of a team, when they have nothing to do, first look
// for the next piece of work for a while, their patience, and only then go to sleep.
//
// Before    Storage/MemoryLimit.swift     After    Shape.swift
// Source    Mellor-Crummey, Scott, "Algorithms for Scalable Synchronization on Shared-Memory Multiprocessors"
//           (1991), section 3, for barriers by counting

import CVectorMath
import Foundation
import Synchronization

/// A fixed number of threads, of which the one that calls is the first.
///
///     let team = ThreadTeam(count: 2)
///     team.run { member in print(member) }  // 0 and 1, in either order
///
/// A team serves one caller at a time, and ends its threads when it is let go.
public final class ThreadTeam: Sendable {
  /// Number of members; 1 for a team without threads of its own.
  public let count: Int
  private let board = WorkBoard()
  private let sleepers: [Sleeper]

  /// The caller alone.
  public static let alone = ThreadTeam(count: 1)

  /// The smallest loop that is worth sharing out: 32 KiB, which one core reads in a microsecond or two.
  static let smallestShare = 8192

  /// Starts the threads: one fewer than the count, because the caller works too.
  ///
  /// - Parameters:
  ///   - count: The number of members, the caller among them.
  ///   - patience: How long a member looks for the next piece of work before it goes to sleep. It keeps its processor
  ///     busy meanwhile.
  public init(count: Int, patience: Duration = .microseconds(200)) {
    self.count = max(1, count)
    sleepers = (1..<max(1, count)).map { _ in Sleeper(patience: patience) }
    for (position, sleeper) in sleepers.enumerated() {
      let thread = Thread { [board] in board.work(as: position + 1, sleeper) }
      thread.name = "swiftlet team \(position + 1)"
      thread.start()
    }
  }

  deinit {
    board.isEnded.store(true, ordering: .sequentiallyConsistent)
    wake()
  }

  /// Calls `body` once on every thread, with the member's number from 0, and returns when all have ended.
  public func run(_ body: @escaping @Sendable (_ member: Int) -> Void) {
    guard count > 1 else { return body(0) }
    board.post(body, members: sleepers.count)
    wake()
    body(0)
    board.waitUntilDone()
  }

  /// Shares out the numbers from 0 up to `size`, in ranges that begin at multiples of 16: a cache line of Floats
  /// belongs to one member. Few numbers are left to the caller.
  package func forEachRange(of size: Int, _ body: @escaping @Sendable (Range<Int>) -> Void) {
    guard count > 1, size >= ThreadTeam.smallestShare else { return body(0..<size) }
    let share = (size / count + 15) / 16 * 16
    run { [count] member in
      let start = min(member * share, size)
      body(start..<(member == count - 1 ? size : min(start + share, size)))
    }
  }

  private func wake() {
    board.generation.add(1, ordering: .sequentiallyConsistent)
    for sleeper in sleepers where sleeper.isAsleep.exchange(false, ordering: .sequentiallyConsistent) {
      sleeper.bell.signal()
    }
  }
}

/// Whether a member sleeps, and what wakes it.
private final class Sleeper: Sendable {
  let isAsleep = Atomic<Bool>(false)
  let bell = DispatchSemaphore(value: 0)
  /// How long the member looks before it goes to sleep.
  let patience: Duration

  init(patience: Duration) { self.patience = patience }
}

/// Where the next piece of work is posted, and finished pieces are counted.
private final class WorkBoard: Sendable {
  /// Grows by one with every piece of work: that is what the members look at.
  let generation = Atomic<Int>(0)
  let isEnded = Atomic<Bool>(false)
  private let unfinished = Atomic<Int>(0)
  /// Written before the generation grows and read after, so never by two threads at once.
  nonisolated(unsafe) private var body: (@Sendable (Int) -> Void)?

  /// How often one looks before one lets other threads go first: some microseconds.
  private static let looksBeforeYield = 200

  func post(_ body: @escaping @Sendable (Int) -> Void, members: Int) {
    self.body = body
    unfinished.store(members, ordering: .releasing)
  }

  func waitUntilDone() {
    while !isSeen({ unfinished.load(ordering: .acquiring) == 0 }) { sched_yield() }
    body = nil
  }

  /// The life of one member.
  func work(as member: Int, _ sleeper: Sleeper) {
    var seen = 0
    while true {
      waitForWork(after: seen, sleeper)
      seen += 1
      if isEnded.load(ordering: .sequentiallyConsistent) { return }
      body?(member)
      unfinished.subtract(1, ordering: .releasing)
    }
  }

  /// Looks for a piece of work after the given one.
  private func isPosted(after seen: Int, within patience: Duration) -> Bool {
    let end = ContinuousClock.now + patience
    while true {
      if isSeen({ generation.load(ordering: .acquiring) != seen }) { return true }
      guard ContinuousClock.now < end else { return false }
      sched_yield()
    }
  }

  /// Looks some times whether something has happened.
  @inline(__always)
  private func isSeen(_ hasHappened: () -> Bool) -> Bool {
    for _ in 0..<WorkBoard.looksBeforeYield {
      if hasHappened() { return true }
      swiftlet_pause()
    }
    return false
  }

  /// Returns when a piece of work after the given one is posted.
  private func waitForWork(after seen: Int, _ sleeper: Sleeper) {
    while true {
      if isPosted(after: seen, within: sleeper.patience) { return }
      sleeper.isAsleep.store(true, ordering: .sequentiallyConsistent)
      if generation.load(ordering: .sequentiallyConsistent) != seen {
        // Work was posted in between. The bell was not rung yet, or it was rung and must be heard.
        if !sleeper.isAsleep.exchange(false, ordering: .sequentiallyConsistent) { sleeper.bell.wait() }
        return
      }
      sleeper.bell.wait()
      // The ring can be a late one, for the piece that this member has just done: so it looks again.
    }
  }
}
