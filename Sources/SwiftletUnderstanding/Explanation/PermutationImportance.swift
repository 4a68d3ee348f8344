// SPDX-License-Identifier: Apache-2.0
//
// PermutationImportance: how much a model needs a column.
//
// The values of a column are shuffled among the rows, so that each row has one that is typical and tells nothing, and the
// loss is measured again. A column is shuffled as it stands in the data, so all the features that are made of it move
// together. Columns that say nearly the same are shuffled as a group too. It is a statement about the model and not about
// the world: a column that another one makes superfluous is not needed, however much it tells.
//
// Shapes    N rows, D features
// Before    AlikeColumns.swift     After    NearestRows.swift
// Source    Breiman, "Random Forests" (2001), section 10; Fisher, Rudin, Dominici, "All Models are Wrong, but Many are
//           Useful" (2019), section 3

import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTensors

/// What the loss grows by when a column, or a group of them, is shuffled.
public struct Importance: Codable, Equatable, Sendable {
  /// The columns that were shuffled together.
  public let columns: [String]
  /// The mean of ``values``.
  public let mean: Double
  /// Their standard deviation.
  public let deviation: Double
  /// Loss with the shuffled columns − loss, once for each repeat.
  public let values: [Double]

  /// The importance of some columns, from the growth of the loss in each repeat.
  public init(_ columns: [String], values: [Double]) {
    self.columns = columns
    self.values = values
    let center = SwiftletModels.mean(values)
    mean = center
    deviation = SwiftletModels.mean(values.map { ($0 - center) * ($0 - center) }).squareRoot()
  }

  /// Whether the loss grows by more than two standard deviations.
  public var isNeeded: Bool { mean > 2 * deviation && mean > 0 }

  /// The members of this struct, in an object.
  public var json: JSONValue {
    [
      "columns": JSONValue(columns), "mean": .number(mean), "deviation": .number(deviation),
      "values": .array(values.map { .number($0) }),
    ]
  }
}

/// The importance of every column of a model.
public struct PermutationImportance: Codable, Equatable, Sendable {
  /// The loss that grows: `log_loss` of classes, `rmse` of numbers.
  public let metric: String
  /// Its value with all columns as they are.
  public let loss: Double
  /// The number of rows that were shuffled: a large table is sampled.
  public let rowCount: Int
  /// The number of shuffles of each column.
  public let repeats: Int
  /// One for each column of the model, the most important first.
  public let columns: [Importance]
  /// One for each group of columns that say nearly the same.
  public let groups: [Importance]

  /// Shuffles every column, and every group of columns that say nearly the same.
  ///
  /// - Parameters:
  ///   - rows: Better test rows than training rows: of those, a model needs columns that it learned by heart.
  ///   - repeats: Number of shuffles of each column.
  ///   - seed: Draws the shuffles.
  /// - Throws: `DataError` if the rows of this model are pictures, which are one column.
  /// - Complexity: O(F · repeats) passes over the rows for F columns; at most about 10¹¹ multiplications, for which a large
  ///   table is sampled.
  public init(_ rows: AnsweredRows, repeats: Int = 10, seed: UInt64 = 7) throws {
    try self.init(rows, repeats: repeats, seed: seed) { column, round, count in
      var generator = Generator(seed: seed, streams: [UInt64(column), UInt64(round)])
      return generator.permutation(of: count)
    }
  }

  /// The same with given shuffles: for a column and a repeat, the row from which each row takes its value.
  package init(
    _ rows: AnsweredRows, repeats: Int, seed: UInt64 = 7,
    shuffle: (_ column: Int, _ round: Int, _ rowCount: Int) -> [Int32]
  ) throws {
    let pipeline = rows.judged.bundle.pipeline
    guard pipeline.isTabular else {
      throw DataError("A row of this model is one picture, so there are no columns that could be shuffled.")
    }
    let shuffled = try ShuffledRows(rows, positions: rows.sample(Self.rowLimit(rows, repeats), seed: seed))
    let names = pipeline.columnNames
    let alike = alikeColumns(
      rows.judged.table, names: names, rows: rows.sample(1000, seed: seed).map { rows.judged.rows[Int($0)] })
    let order = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let single = names.map { [$0] }
    let importances = (single + alike).enumerated().map { column, columns in
      let moved = columns.compactMap { order[$0] }
      return Importance(
        columns,
        values: (0..<repeats).map { round in
          shuffled.loss(moving: moved, shuffle(column, round, shuffled.count)) - shuffled.loss
        })
    }
    metric = rows.loss.name
    loss = shuffled.loss
    rowCount = shuffled.count
    self.repeats = repeats
    self.columns = importances.prefix(names.count).sorted { $0.mean > $1.mean }
    groups = Array(importances.dropFirst(names.count))
  }

  /// So many rows that all passes together take no more than seconds.
  private static func rowLimit(_ rows: AnsweredRows, _ repeats: Int) -> Int {
    let bundle = rows.judged.bundle
    let passes = Double(bundle.pipeline.inputs.count * max(repeats, 1))
    return min(5000, max(200, Int(min(1e11 / passes / Double(max(bundle.rowCost, 1)), 1e6))))
  }

  /// The members of this struct, in an object.
  public var json: JSONValue {
    [
      "metric": .string(metric), "loss": .number(loss), "rows": JSONValue(rowCount), "repeats": JSONValue(repeats),
      "columns": .array(columns.map(\.json)), "groups": .array(groups.map(\.json)),
    ]
  }
}

/// Features of rows, of which columns can be shuffled.
private struct ShuffledRows {
  private let predictor: Predictor
  private let truth: Truth
  private let features: [Float]
  private let width: Int
  /// The features that each column becomes.
  private let blocks: [Range<Int>]
  let count: Int
  let loss: Double

  init(_ rows: AnsweredRows, positions: [Int32]) throws {
    let pipeline = rows.judged.bundle.pipeline
    predictor = rows.predictor
    truth = rows.judged.truth.selecting(positions)
    count = positions.count
    width = pipeline.width
    var start = 0
    blocks = pipeline.encoders.map { encoder in
      defer { start += encoder.width }
      return start..<start + encoder.width
    }
    let (matrix, _) = try pipeline.transform(rows.judged.table, rows: positions.map { rows.judged.rows[Int($0)] })
    features = matrix.tensor.scalars
    loss = ShuffledRows.loss(of: features, predictor, truth)
  }

  /// The loss if every row has the features of some columns from another row.
  func loss(moving columns: [Int], _ order: [Int32]) -> Double {
    var shuffled = features
    shuffled.withUnsafeMutableBufferPointer { target in
      features.withUnsafeBufferPointer { source in
        for row in 0..<count {
          let (to, from) = (row * width, Int(order[row]) * width)
          for column in columns {
            for feature in blocks[column] { target[to + feature] = source[from + feature] }
          }
        }
      }
    }
    return ShuffledRows.loss(of: shuffled, predictor, truth)
  }

  private static func loss(of features: [Float], _ predictor: Predictor, _ truth: Truth) -> Double {
    let count = truth.count * predictor.answerWidth
    let values = [Double](unsafeUninitializedCapacity: count) { answers, written in
      features.withUnsafeBufferPointer { predictor.answer(features: $0, into: .init(rebasing: answers[..<count])) }
      written = count
    }
    let answers = Answers(values: values, count: truth.count, width: predictor.answerWidth)
    return predictor.bundle.head.comparedLoss(of: answers, truth).value
  }
}
