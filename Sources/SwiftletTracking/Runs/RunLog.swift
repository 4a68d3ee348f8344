// SPDX-License-Identifier: Apache-2.0
//
// RunLog: writes runs into the list while they go on, and never stands in their way.
//
// The list is opened and written on a queue of its own, so that a training does not wait for a disk. What cannot be
// written is kept and tried again, and what is left at the end is one warning: a model is not lost because a list is.
//
// Before    RunsWriting.swift     After    LoggedRun.swift

import Dispatch
import Foundation
import Synchronization

/// Writes runs into a list.
///
///     let log = RunLog(path: "Models/runs.sqlite")
///     let run = log.begin(RunDescription(of: experiment, recipe, name: "iris"))
///     let outcome = try experiment.run(recipe, name: "iris", observer: run)
///     run.end(RunEnd(.completed, bundle: "Models/iris"))
///     if let warning = log.finish() { print(warning) }
public final class RunLog: Sendable {
  private struct State {
    var database: RunsDatabase?
    /// What is still to be written, by run, in the order of their beginnings.
    var waiting: [RunChanges] = []
    var failure: RunsError?
  }

  /// The file of the list.
  public let path: String
  private let queue = DispatchQueue(label: "swiftlet.runs")
  private let patience: Double
  private let clock: @Sendable () -> Double
  private let state = Mutex(State())

  /// A log into a file, which is opened when the first run begins.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - patience: How long a write waits for another program that has locked the file, in seconds.
  ///   - clock: The time, in seconds since 1970.
  public init(
    path: String, patience: Double = 5, clock: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
  ) {
    self.path = path
    self.patience = patience
    self.clock = clock
  }

  /// Begins a run.
  ///
  /// - Parameters:
  ///   - description: What is known of it.
  ///   - id: The name of a run that goes on; `nil` for a new one.
  /// - Returns: The run, which watches its own training.
  public func begin(_ description: RunDescription, id: String? = nil) -> LoggedRun {
    let time = clock()
    let run = LoggedRun(id: id ?? RunIdentifier.next(at: time), description, log: self)
    add([.begun(description, at: time)], to: run.id)
    flush()
    return run
  }

  /// The time, in seconds since 1970.
  var now: Double { clock() }

  /// Keeps changes for the next write.
  func add(_ changes: [RunChange], to id: String) {
    state.withLock { $0.waiting.add(RunChanges(id: id, changes: changes)) }
  }

  /// Writes what waits, soon.
  func flush() { queue.async { self.writeWaiting() } }

  /// Writes what is left, and closes the list.
  ///
  /// - Returns: A warning if something could not be written.
  public func finish() -> String? {
    queue.sync {
      if state.withLock({ !$0.waiting.isEmpty }) { writeWaiting() }
      return state.withLock { state in
        try? state.database?.queue.close()
        state.database = nil
        guard !state.waiting.isEmpty, let failure = state.failure else { return nil }
        return "This run is not in the list \(path): \(failure.sentence)"
      }
    }
  }

  /// Writes what waits. What cannot be written waits on, before anything newer.
  private func writeWaiting() {
    let waiting = state.withLock { state in
      defer { state.waiting = [] }
      return state.waiting
    }
    var unwritten: [RunChanges] = []
    for changes in waiting {
      do {
        try opened().write(changes)
      } catch {
        state.withLock { $0.failure = RunsError(error) }
        unwritten.append(changes)
      }
    }
    guard !unwritten.isEmpty else { return }
    state.withLock { state in
      let newer = state.waiting
      state.waiting = unwritten
      for changes in newer { state.waiting.add(changes) }
    }
  }

  /// The list, opened at the first write.
  private func opened() throws -> RunsDatabase {
    if let database = state.withLock({ $0.database }) { return database }
    let database = try RunsDatabase(writing: path, patience: patience)
    try? database.markKilled()
    state.withLock { $0.database = database }
    return database
  }
}
