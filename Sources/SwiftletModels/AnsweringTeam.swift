// SPDX-License-Identifier: Apache-2.0
//
// The threads that share out the rows of a large call.
//
// A call with few rows is over before a second thread has begun, and in a server the other threads have calls of their
// own. So the threads are made when the first large call comes, and help one call at a time; others meanwhile are
// answered by the thread that asks.
//
// Shapes    N rows
// Before    Predictor.swift     After    Workspace.swift

import SwiftletTensors
import Synchronization

/// Shares out rows over threads, for one call at a time.
final class AnsweringTeam: Sendable {
  private let threadCount: Int
  private let state = Mutex(State())

  private struct State {
    var team: ThreadTeam?
    var isBusy = false
  }

  /// A call with fewer multiplications is over about when a second thread has woken up.
  private static let smallestCall = 1 << 23
  /// How long the threads stay awake for the next call. A server has other work for their processors.
  private static let patience = Duration.microseconds(50)
  /// The fewest rows that are taken at a time: a matrix product wants several.
  private static let smallestPiece = 16

  /// A team of a number of threads, the one that calls among them.
  init(threads: Int) { threadCount = max(1, threads) }

  /// Calls `body` with ranges that cover the rows from 0 up to `rows` once, on this thread or on several.
  ///
  /// - Parameters:
  ///   - cost: The number of multiplications for a row.
  func share(_ rows: Int, cost: Int, _ body: @escaping @Sendable (Range<Int>) -> Void) {
    guard threadCount > 1, rows >= 2 * Self.smallestPiece, cost >= Self.smallestCall / rows, let team = borrow() else {
      return body(0..<rows)
    }
    defer { state.withLock { $0.isBusy = false } }
    // Pieces that become smaller, so that no thread waits long for the other's last one, and one that comes late takes
    // fewer of them.
    let next = Atomic<Int>(0)
    let memberCount = team.count
    team.run { _ in
      while let piece = AnsweringTeam.takePiece(of: rows, from: next, members: memberCount) { body(piece) }
    }
  }

  /// The next rows that nobody has taken; `nil` where none is left.
  private static func takePiece(of rows: Int, from next: borrowing Atomic<Int>, members: Int) -> Range<Int>? {
    var start = next.load(ordering: .relaxed)
    while start < rows {
      let share = (rows - start) / (2 * members) / smallestPiece * smallestPiece
      let end = min(start + max(share, smallestPiece), rows)
      let found = next.compareExchange(expected: start, desired: end, ordering: .relaxed)
      if found.exchanged { return start..<end }
      start = found.original
    }
    return nil
  }

  /// The threads, or `nil` while they help another call.
  private func borrow() -> ThreadTeam? {
    state.withLock { state in
      guard !state.isBusy else { return nil }
      let team = state.team ?? ThreadTeam(count: threadCount, patience: Self.patience)
      state.team = team
      state.isBusy = true
      return team
    }
  }
}
