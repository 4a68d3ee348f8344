// SPDX-License-Identifier: Apache-2.0
//
// RunWriter: brings a place what is new, and never stands in the way of a training.
//
// It writes on a queue of its own. What cannot be written is kept and tried again, and what is left at the end is one
// warning: a model is not lost because a list is.
//
// Before    RunsFile.swift     After    RunPlace.swift

import Dispatch
import Foundation
import Synchronization

/// Brings changes to a place.
final class RunWriter: Sendable {
  private struct State {
    var destination: any RunDestination
    /// When the place may be asked again, on a clock that nobody sets.
    var rest: ContinuousClock.Instant?
    var failure: (any Error)?
    var failedAt: ContinuousClock.Instant?
  }

  private let queue = DispatchQueue(label: "swiftlet.runs")
  /// What is still to be written, by run, in the order of their beginnings.
  private let waiting = Mutex<[RunChanges]>([])
  /// Held while the place is written to, which only the queue does.
  private let state: Mutex<State>

  private let haste: Haste?
  /// How long a place may say nothing when all else is done, in milliseconds.
  private static let lastPatience = 3000

  init(to destination: any RunDestination) {
    haste = destination.haste
    state = Mutex(State(destination: destination))
  }

  /// Keeps changes for the next write.
  func add(_ changes: [RunChange], to id: String) {
    waiting.withLock { $0.add(RunChanges(id: id, changes: changes)) }
  }

  /// Writes what waits, soon.
  func flush() {
    queue.async {
      self.state.withLock { state in
        if let rest = state.rest, ContinuousClock.now < rest { return }
        self.writeWaiting(&state)
      }
    }
  }

  /// Writes what is left, and ends the work with the place.
  ///
  /// - Returns: What was not written, in sentences.
  func finish() -> [String] {
    haste?.begin(Self.lastPatience)
    let end = ContinuousClock.now
    return queue.sync {
      state.withLock { state in
        // A place that failed while this waited for it would fail again.
        let hasJustFailed = state.failedAt.map { $0 >= end } ?? false
        if !hasJustFailed, !waiting.withLock({ $0.isEmpty }) { writeWaiting(&state) }
        let isLeft = !waiting.withLock { $0.isEmpty }
        let remedy = state.destination.remedy
        let failure =
          state.failure.flatMap {
            isLeft ? [state.destination.warning(about: $0) + (remedy.isEmpty ? "" : " " + remedy)] : nil
          } ?? []
        let sentences = failure + state.destination.remarks
        state.destination.close()
        return sentences
      }
    }
  }

  /// Writes what waits. What cannot be written waits on, before anything newer; and the rest is not tried, for a place
  /// that did not answer would not answer now.
  private func writeWaiting(_ state: inout State) {
    var changes = waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
    do {
      while !changes.isEmpty {
        try state.destination.write(&changes[0])
        changes.removeFirst()
      }
    } catch {
      state.failure = error
      state.failedAt = .now
      state.rest = .now + .seconds(state.destination.patience)
      waiting.withLock { waiting in
        let newer = waiting
        waiting = changes
        for changes in newer { waiting.add(changes) }
      }
    }
  }
}
