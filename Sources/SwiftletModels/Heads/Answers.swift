// SPDX-License-Identifier: Apache-2.0
//
// Answers: a model's answers for rows, and how its outputs are published.
//
// Answers are always 64-bit numbers. An output whose numbers are no finer than 32 bits is published
// in 32, which loses nothing and is half as long.
//
// Shapes    N rows, W numbers for a row
// Before    Truth.swift     After    Head.swift

/// A model's answers for N rows.
public struct Answers: Sendable, Equatable {
  /// N · W numbers: probabilities of the labels, or predictions in their unit.
  public let values: [Double]
  /// N, the number of rows.
  public let count: Int
  /// W, the number of numbers for each row.
  public let width: Int

  /// Answers, row by row.
  public init(values: [Double], count: Int, width: Int) {
    self.values = values
    self.count = count
    self.width = width
  }

  /// The answer for one row.
  public func row(_ position: Int) -> ArraySlice<Double> { values[position * width..<(position + 1) * width] }
}

/// An output of a model, as the protocols describe it.
public struct OutputSchema: Sendable, Equatable {
  /// What an output's values are.
  public enum Form: Sendable {
    /// The label that the answer's probabilities decide for.
    case label
    /// The answer's numbers, of which 32 bits hold all that is known.
    case single
    /// The answer's numbers, which need 64 bits.
    case double
  }

  /// The output's name.
  public let name: String
  /// What its values are.
  public let form: Form
  /// Number of values for a row.
  public let width: Int

  /// An output of this name and form.
  public init(_ name: String, _ form: Form, width: Int) {
    self.name = name
    self.form = form
    self.width = width
  }
}
