// SPDX-License-Identifier: Apache-2.0
//
// PartialDependence: what a model would answer if every row had the same value in a column.
//
// The value goes from the smallest to the largest, and the mean of the answers is followed. The curve of a single row
// shows what the mean hides: if the curves cross, the column means something else in other rows. Rows can come out that no
// one has seen, such as a tall person of ten kilograms, so it is a statement about the model.
//
// Shapes    N rows, P places, W numbers in an answer
// Before    Slices.swift     After    PowerLaw.swift
// Source    Friedman, "Greedy Function Approximation: A Gradient Boosting Machine" (2001), section 8.2; Goldstein et al.,
//           "Peeking Inside the Black Box" (2015), section 3, for the curves of single rows

import SwiftletFormats
import SwiftletModels
import SwiftletTables

/// The answers of a model by the values of one column.
public struct PartialDependence: Codable, Equatable, Sendable {
  /// A value of the column that every row is given.
  public struct Place: Codable, Equatable, Sendable {
    /// The value as text; `nil` if it is missing.
    public let text: String?
    /// The value, if the column holds numbers.
    public let number: Double?
  }

  /// The column.
  public let column: String
  /// What is followed: the positive one of two labels, each of more labels, or each target.
  public let outputs: [String]
  /// Whether the outputs are probabilities.
  public let isProbability: Bool
  /// P values: of numbers up to 20 quantiles in rising order, of words up to 20, the most frequent first.
  public let places: [Place]
  /// For each output, P means over the rows.
  public let means: [[Double]]
  /// For each row, P answers; only if there is one output.
  public let curves: [[Double]]

  /// Whether the places are numbers, which a line can join.
  public var isNumeric: Bool { places.allSatisfy { $0.number != nil } && places.count > 1 }
  /// The largest difference of two means of one output.
  public var range: Double { means.map { ($0.max() ?? 0) - ($0.min() ?? 0) }.max() ?? 0 }
  /// The curves, each moved so that it begins where the mean begins: only what the column does is left.
  public var centeredCurves: [[Double]] {
    guard let first = means.first?.first else { return [] }
    return curves.map { curve in curve.map { $0 - (curve.first ?? 0) + first } }
  }

  /// The most rows whose answers are averaged.
  public static let rowLimit = 500
  static let placeLimit = 20

  /// Follows a column.
  ///
  /// - Parameters:
  ///   - rows: The rows; of more than 500, some are drawn.
  ///   - column: A column of the model.
  ///   - seed: Draws the rows.
  /// - Throws: `DataError` if the model does not have the column, or its rows are pictures.
  public init(_ rows: AnsweredRows, of column: String, seed: UInt64 = 7) throws {
    let positions = rows.sample(PartialDependence.rowLimit, seed: seed)
    let features = try PartialDependence.features(rows, positions)
    try self.init(rows, of: column, features, positions, at: nil)
  }

  /// Follows every column of the model; of more than 100, the first.
  ///
  /// - Throws: `DataError` if the rows are pictures.
  public static func all(_ rows: AnsweredRows, seed: UInt64 = 7) throws -> [PartialDependence] {
    let positions = rows.sample(rowLimit, seed: seed)
    let features = try features(rows, positions)
    return try rows.judged.bundle.pipeline.columnNames.prefix(100).map {
      try PartialDependence(rows, of: $0, features, positions, at: nil)
    }
  }

  private static func features(_ rows: AnsweredRows, _ positions: [Int32]) throws -> FeatureRows {
    guard rows.judged.bundle.pipeline.isTabular else {
      throw DataError("A row of this model is one picture, so there are no columns to follow.")
    }
    return try FeatureRows(rows, positions: positions)
  }

  /// - Parameter given: The rows, among `positions`, whose values are the places; `nil` for the quantiles.
  init(
    _ rows: AnsweredRows, of name: String, _ features: FeatureRows, _ positions: [Int32], at given: [Int]?
  ) throws {
    let bundle = rows.judged.bundle
    guard let number = bundle.pipeline.columnNames.firstIndex(of: name) else {
      throw DataError(
        "The model has no column \(quoted(name)).\(suggestion(for: name, in: bundle.pipeline.columnNames))")
    }
    let values = try rows.judged.table.column(name, for: "the dependence")
    let tableRows = positions.map { Int(rows.judged.rows[Int($0)]) }
    let sources = given ?? PartialDependence.places(values, tableRows)
    let labels = bundle.labels
    let followed = labels.count == 2 ? [1] : Array(0..<bundle.head.answerWidth)
    column = name
    isProbability = !labels.isEmpty
    outputs = followed.map { labels.isEmpty ? bundle.head.targetNames[$0] : labels[$0] }
    places = sources.map { source in
      let row = tableRows[source]
      return Place(text: values.text(at: row), number: values.numbers.flatMap { $0[row].isNaN ? nil : $0[row] })
    }
    let answers = sources.map { source in
      features.answers(moving: [number], Array(repeating: Int32(source), count: features.count))
    }
    means = followed.map { output in
      answers.map { answers in mean((0..<answers.count).map { answers.values[$0 * answers.width + output] }) }
    }
    curves =
      followed.count == 1
      ? (0..<features.count).map { row in answers.map { $0.values[row * $0.width + followed[0]] } } : []
  }

  /// For each place, one of the rows that has its value.
  private static func places(_ column: Column, _ rows: [Int]) -> [Int] {
    let present = rows.indices.filter { !column.isMissing(at: rows[$0]) }
    if let numbers = column.numbers {
      let order = present.sorted { numbers[rows[$0]] < numbers[rows[$1]] }
      var seen: Set<Double> = []
      let quantiles = (0..<placeLimit).map { place in
        Int((Double(place) / Double(placeLimit - 1) * Double(max(order.count - 1, 0))).rounded())
      }
      return quantiles.filter { $0 < order.count }.map { order[$0] }.filter { seen.insert(numbers[rows[$0]]).inserted }
    }
    guard let codes = column.codes else { return [] }
    let counts = Dictionary(grouping: present) { codes[rows[$0]] }
    return counts.sorted { $0.value.count != $1.value.count ? $0.value.count > $1.value.count : $0.key < $1.key }
      .prefix(placeLimit).compactMap { $0.value.first }
  }

  /// The members of this struct, in an object, without the curves of single rows.
  public var json: JSONValue {
    [
      "column": .string(column), "outputs": JSONValue(outputs),
      "places": .array(places.map { $0.number.map { .number($0) } ?? $0.text.map { .string($0) } ?? .null }),
      "means": .array(means.map { .array($0.map { .number($0) }) }),
    ]
  }
}
