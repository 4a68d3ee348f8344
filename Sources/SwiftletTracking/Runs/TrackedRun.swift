// SPDX-License-Identifier: Apache-2.0
//
// TrackedRun: a run as the database has it.
//
// Before    RunDescription.swift     After    RunIdentifier.swift

import SwiftletFormats

/// How a run stands.
public enum RunState: String, Codable, CaseIterable, Sendable {
  /// Its process is at work.
  case running
  /// It ended by itself, and its model was saved.
  case completed
  /// It ended with an error.
  case failed
  /// Ctrl-C ended it; the model of its best epoch was saved.
  case interrupted
  /// Its process is gone, and it never said how it ended.
  case killed
}

/// A run, without its curves and settings.
public struct TrackedRun: Codable, Equatable, Sendable {
  /// 16 hexadecimal digits. Younger runs have larger ones.
  public var id: String
  /// What the run belongs to: by default the name of the data.
  public var experiment: String
  /// The name of the model.
  public var name: String
  /// The run that this one is a part of.
  public var parent: String?
  /// How it stands.
  public var state: RunState
  /// When it began, in seconds since 1970.
  public var started: Double
  /// When it ended, in seconds since 1970; `nil` while it is running, and if it was killed.
  public var ended: Double?
  /// How long fitting took.
  public var seconds: Double?
  /// The command that would do the same again.
  public var command: String
  /// The kind of model.
  public var kind: String?
  /// The task.
  public var task: String?
  /// Where the data are.
  public var data: String?
  /// The SHA-256 of the data.
  public var dataSHA256: String?
  /// The seed of the training.
  public var seed: Int?
  /// The folder of the model, as it is reached from the current folder; `nil` if none was saved.
  public var bundle: String?
  /// The name of the measure that the run is judged by.
  public var headline: String?
  /// Its value on the test rows, or if there are none, on the validation or training rows.
  public var score: Double?
  /// The version of the toolkit.
  public var swiftlet: String?
  /// The name of the machine.
  public var machine: String?
  /// The error that ended it.
  public var error: String?
  /// Number of runs that are a part of this one.
  public var partCount: Int
}

/// All that the database has of a run.
public struct RunDetails: Equatable, Sendable {
  /// The run.
  public var run: TrackedRun
  /// The resolved recipe, in the form of its file.
  public var recipe: JSONValue
  /// The recipe, setting by setting, by key.
  public var settings: [SettingText]
  /// How good the model is.
  public var metrics: [RunMetric]
  /// The curves, by name, each by step.
  public var points: [RunPoint]
  /// What else is noted, by key.
  public var tags: [SettingText]
}

/// A measure of a run on some of its rows.
public struct RunMetric: Codable, Equatable, Sendable {
  /// The rows, such as `test`.
  public var split: String
  /// The name, such as `accuracy`.
  public var name: String
  /// The value; `nil` if it is not a number.
  public var value: Double?
  /// The lower end of its interval, if there is one.
  public var low: Double?
  /// The upper end of its interval.
  public var high: Double?

  /// A measure, by default without an interval.
  public init(split: String, name: String, value: Double?, low: Double? = nil, high: Double? = nil) {
    self.split = split
    self.name = name
    self.value = value
    self.low = low
    self.high = high
  }
}

/// A point of a curve.
public struct RunPoint: Codable, Equatable, Sendable {
  /// The name of the curve, such as `train_loss`.
  public var name: String
  /// The epoch, or the iteration of L-BFGS.
  public var step: Int
  /// The value; `nil` if it is not a number.
  public var value: Double?
  /// When it was measured, in seconds since 1970.
  public var time: Double

  /// A point.
  public init(name: String, step: Int, value: Double?, time: Double) {
    self.name = name
    self.step = step
    self.value = value
    self.time = time
  }
}
