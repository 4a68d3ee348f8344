// SPDX-License-Identifier: Apache-2.0
//
// Tracking: what notes a run while it goes on, from its first step to the saved model.
//
// Before    LiveTraining.swift     After    RunsCommand.swift

import SwiftletFormats
import SwiftletTracking
import SwiftletTraining

/// What notes a run.
struct Tracking {
  private let log: RunLog
  private let run: LoggedRun

  /// Begins to note a run.
  ///
  /// - Parameter output: The folder of the model that will be saved.
  /// - Throws: `ValidationError` for flags that do not go together.
  init(_ options: TrackingOptions, _ description: RunDescription, output: String) throws {
    log = RunLog(to: try options.places(output: output))
    run = log.begin(description)
  }

  /// Does the work of the run, and notes how it ended. What goes wrong with the notes is a warning.
  ///
  /// - Parameters:
  ///   - output: The folder of the model.
  ///   - body: Trains and saves, watched by the observers that it gets.
  func following(
    _ output: String, _ body: (_ observers: [any RunObserver]) throws -> TrainingOutcome
  ) throws -> TrainingOutcome {
    do {
      let outcome = try body([run])
      let isWhole = outcome.fit.ending != .interrupted
      run.end(RunEnd(isWhole ? .completed : .interrupted, bundle: output))
      return outcome
    } catch {
      run.end(RunEnd(.failed, error: "\(error)"))
      finish()
      throw error
    }
  }

  /// Notes measures.
  func add(_ metrics: [RunMetric]) { run.add(metrics) }

  /// Waits until all is noted.
  func finish() {
    for warning in log.finish() { printError("warning: \(warning)") }
  }
}
