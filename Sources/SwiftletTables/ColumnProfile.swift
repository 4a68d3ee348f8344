// SPDX-License-Identifier: Apache-2.0
//
// ColumnProfile: what the training rows held in one column.
//
// Before    Columns/NumbersBuilder.swift     After    InputSchema.swift

import SwiftletFormats

/// Range and mean of a column's numbers in the training rows.
public struct ColumnProfile: Sendable, Equatable {
  /// The least number of the training rows.
  public var minimum: Double
  /// The greatest.
  public var maximum: Double
  /// The mean of those that are not missing.
  public var mean: Double

  init(minimum: Double, maximum: Double, mean: Double) {
    self.minimum = minimum
    self.maximum = maximum
    self.mean = mean
  }

  /// Reads what ``members`` wrote; `nil` where there is none.
  ///
  /// - Throws: ``DataError`` for numbers that no training rows can have held.
  init?(json: JSONValue, column: String) throws {
    guard let minimum = json["minimum"]?.number, let maximum = json["maximum"]?.number,
      let mean = json["mean"]?.number
    else { return nil }
    guard minimum <= maximum, minimum.isFinite, maximum.isFinite, mean.isFinite else {
      throw DataError("The column \"\(column)\" of the pipeline needs a minimum that is not above its maximum.")
    }
    self.init(minimum: minimum, maximum: maximum, mean: mean)
  }

  /// The members of a column in model.json and on the playground.
  package var members: [JSONValue.Member] {
    [.init("minimum", .number(minimum)), .init("maximum", .number(maximum)), .init("mean", .number(mean))]
  }
}
