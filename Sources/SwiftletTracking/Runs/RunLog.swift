// SPDX-License-Identifier: Apache-2.0
//
// RunLog: notes runs while they go on, in as many places as one likes.
//
// Before    Destinations/RunPlace.swift     After    LoggedRun.swift

import Foundation

/// Notes runs: in a list, in files for TensorBoard, on a server of MLflow.
///
///     let log = RunLog(path: "Models/runs.sqlite")
///     let run = log.begin(RunDescription(of: experiment, recipe, name: "iris"))
///     let outcome = try experiment.run(recipe, name: "iris", observer: run)
///     run.end(RunEnd(.completed, bundle: "Models/iris"))
///     for warning in log.finish() { print(warning) }
///
/// A training does not wait for any of them: each place is written to on a queue of its own.
public final class RunLog: Sendable {
  private let writers: [RunWriter]
  private let clock: @Sendable () -> Double

  /// A log into a list, which is opened when the first run begins.
  ///
  /// - Parameters:
  ///   - path: The file of the list.
  ///   - patience: How long a write waits for another program that has locked the file, in seconds.
  ///   - clock: The time, in seconds since 1970.
  public convenience init(
    path: String, patience: Double = 5, clock: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
  ) {
    self.init(to: [.list(path, patience: patience)], clock: clock)
  }

  /// A log into several places.
  ///
  /// - Parameters:
  ///   - places: Where the runs are noted.
  ///   - clock: The time, in seconds since 1970.
  public init(
    to places: [RunPlace], clock: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
  ) {
    writers = places.map { RunWriter(to: $0.destination) }
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
  func add(_ changes: [RunChange], to id: String) { writers.forEach { $0.add(changes, to: id) } }

  /// Writes what waits, soon.
  func flush() { writers.forEach { $0.flush() } }

  /// Writes what is left, and closes the places.
  ///
  /// - Returns: A sentence for each place that did not get everything.
  public func finish() -> [String] { writers.flatMap { $0.finish() } }
}
