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
// Before    FeatureRows.swift     After    NearestRows.swift
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
  /// - Complexity: O(F · repeats) passes over the rows for F columns; about half a million answers at most, for which a large
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
    let features = try FeatureRows(rows, positions: rows.sample(Self.rowLimit(rows, repeats), seed: seed))
    let head = rows.judged.bundle.head
    let own = head.comparedLoss(of: features.answers, features.truth)
    let names = pipeline.columnNames
    // Of many columns there are very many pairs.
    let compared = rows.sample(max(100, min(1000, 40_000_000 / (names.count * names.count))), seed: seed)
    let alike = alikeColumns(rows.judged.table, names: names, rows: compared.map { rows.judged.rows[Int($0)] })
    let order = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let single = names.map { [$0] }
    let importances = (single + alike).enumerated().map { column, columns in
      let moved = columns.compactMap { order[$0] }
      return Importance(
        columns,
        values: (0..<repeats).map { round in
          let answers = features.answers(moving: moved, shuffle(column, round, features.count))
          return head.comparedLoss(of: answers, features.truth).value - own.value
        })
    }
    metric = own.name
    loss = own.value
    rowCount = features.count
    self.repeats = repeats
    self.columns = importances.prefix(names.count).sorted { $0.mean > $1.mean }
    groups = Array(importances.dropFirst(names.count))
  }

  /// So many rows that all passes together take no more than seconds: half a million answers, and fewer of a large network.
  private static func rowLimit(_ rows: AnsweredRows, _ repeats: Int) -> Int {
    let bundle = rows.judged.bundle
    let passes = Double(bundle.pipeline.inputs.count * max(repeats, 1))
    let answers = min(5e5, 3e10 / Double(max(bundle.rowCost, 1)))
    return min(5000, max(200, Int(answers / passes)))
  }

  /// The members of this struct, in an object.
  public var json: JSONValue {
    [
      "metric": .string(metric), "loss": .number(loss), "rows": JSONValue(rowCount), "repeats": JSONValue(repeats),
      "columns": .array(columns.map(\.json)), "groups": .array(groups.map(\.json)),
    ]
  }
}
