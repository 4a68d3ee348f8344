// SPDX-License-Identifier: Apache-2.0
//
// RunDestination: a place that keeps runs, such as a list in a file or a server.
//
// Every place gets the same changes in the same order. A place that is slow or away keeps nobody waiting: a RunWriter
// brings it what is new from a queue of its own.
//
// Before    Runs/RunsWriting.swift     After    RunsFile.swift

/// A place that keeps runs.
protocol RunDestination: Sendable {
  /// How long to leave the place alone after it failed, in seconds.
  var patience: Double { get }
  /// What makes it wait for less, while it waits; `nil` for a place that answers soon.
  var haste: Haste? { get }
  /// What was left out although the place could be reached, in sentences.
  var remarks: [String] { get }
  /// Writes changes of a run, in their order. Those that were written are taken away, also if a later one fails.
  mutating func write(_ changes: inout RunChanges) throws
  /// What is said to the user if something could not be written.
  func warning(about error: any Error) -> String
  /// How it is written later, in a sentence; empty if there is nothing to say.
  var remedy: String { get }
  /// Ends the work with the place.
  mutating func close()
}

extension RunDestination {
  var patience: Double { 0 }
  var haste: Haste? { nil }
  var remarks: [String] { [] }
  var remedy: String { "" }
  mutating func close() {}
}
