// SPDX-License-Identifier: Apache-2.0
//
// Figures: how good a model is, on each part of its rows.
//
// The card, `train --json`, the record in model.json and whatever watches a run all read these values, so that
// they cannot say different things.
//
// Before    Saliency/SaliencyPicture.swift     After    ModelCard.swift

import SwiftletFormats
import SwiftletTables

/// A measure and its value.
public struct Metric: Codable, Equatable, Sendable {
  /// The name, such as `accuracy`.
  public var name: String
  /// The value, in the measure's own unit.
  public var value: Double
  /// Where the value on all rows of the world probably is; `nil` if that was not computed.
  public var interval: Interval?

  /// A value under its name.
  public init(_ name: String, _ value: Double, interval: Interval? = nil) {
    self.name = name
    self.value = value
    self.interval = interval
  }
}

extension [Metric] {
  /// The value of the measure with the given name, or `nil` if it was not measured.
  public subscript(name: String) -> Double? { first { $0.name == name }?.value }

  /// An object with a member for each measure.
  public var json: JSONValue { .object(map { .init($0.name, .number($0.value)) }) }
}

/// The measures of a model on each part of its rows, and those of the simplest answer.
public struct Figures: Codable, Equatable, Sendable {
  /// The rows of one split, and what was measured on them.
  public struct Part: Codable, Equatable, Sendable {
    /// Which rows.
    public var split: Split
    /// Number of rows.
    public var rowCount: Int
    /// The measures.
    public var metrics: [Metric]

    /// The measures on some rows.
    public init(_ split: Split, rowCount: Int, metrics: [Metric]) {
      self.split = split
      self.rowCount = rowCount
      self.metrics = metrics
    }
  }

  /// The splits that have rows, in the order training, validation, test.
  public var parts: [Part]
  /// What the simplest answer, the most frequent class or the mean, reaches on the rows that judge.
  public var baseline: [Metric]
  /// The standard error of the gain over the baseline, in accuracy or R², on the rows that judge.
  public var gainError: Double?
  /// Why these rows judge no list, if the model makes lists and they do not.
  public var listNote: String?

  /// Figures of splits in their order.
  public init(parts: [Part], baseline: [Metric], gainError: Double? = nil) {
    self.parts = parts
    self.baseline = baseline
    self.gainError = gainError
  }

  /// The rows that judge the model: the test rows, or if there are none, the validation or training rows.
  public var judged: Part { parts.last ?? Part(.train, rowCount: 0, metrics: []) }

  /// The measures on the rows of a split, or `nil` if it has none.
  public subscript(split: Split) -> [Metric]? { parts.first { $0.split == split }?.metrics }

  /// The measures of every part, as an object by split.
  public var metricsJSON: JSONValue { .object(parts.map { .init($0.split.rawValue, $0.metrics.json) }) }
  /// The number of rows of every part, as an object by split.
  public var rowsJSON: JSONValue { .object(parts.map { .init($0.split.rawValue, JSONValue($0.rowCount)) }) }
}
