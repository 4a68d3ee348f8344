// SPDX-License-Identifier: Apache-2.0
//
// ColumnProfile: the numbers of one column in the training rows.
//
// Before    Splitting/RepeatedRows.swift     After    InputSchema.swift

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

  /// Reads what ``members`` wrote; `nil` if there is none.
  ///
  /// - Throws: ``DataError`` for numbers that no training rows can have.
  init?(json: JSONValue, column: String) throws {
    guard let minimum = json["minimum"]?.number, let maximum = json["maximum"]?.number,
      let mean = json["mean"]?.number
    else { return nil }
    guard minimum <= maximum, minimum.isFinite, maximum.isFinite, mean.isFinite else {
      throw DataError("The column \"\(column)\" of the pipeline needs a minimum that is not above its maximum.")
    }
    self.init(minimum: minimum, maximum: maximum, mean: mean)
  }

  /// A number with about three digits of the column's range, which reads better than sixteen.
  func rounded(_ value: Double) -> Double {
    guard case let range = maximum - minimum, range > 0, range.isFinite else { return value }
    var unit = 1.0
    while unit > range / 100, unit > 1e-9 { unit /= 10 }
    while unit < range / 1000, unit < 1e12 { unit *= 10 }
    // Dividing by a whole number rounds to the intended decimal.
    let parts = (1 / unit).rounded()
    return unit < 1 ? (value * parts).rounded() / parts : (value / unit).rounded() * unit
  }

  /// The members of a column in model.json and on the playground.
  package var members: [JSONValue.Member] {
    [.init("minimum", .number(minimum)), .init("maximum", .number(maximum)), .init("mean", .number(mean))]
  }
}
