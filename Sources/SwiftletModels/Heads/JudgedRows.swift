// SPDX-License-Identifier: Apache-2.0
//
// JudgedRows: the rows that judge a model, with what was known before them.
//
// Most measures need the answers for the rows alone. A list of recommendations leaves out what its user had already,
// and the simplest list is made of the training rows.
//
// Before    Head.swift     After    Heads.swift

import SwiftletTables

/// The rows that judge a model, and those before them.
public struct JudgedRows: Sendable {
  /// The model that is judged.
  public let bundle: ModelBundle
  /// A table with the model's columns, and perhaps others.
  public let table: Table
  /// The rows of the table that judge.
  public let rows: [Int32]
  /// What is true of these rows.
  public let truth: Truth
  /// The rows of the table that were known before: what a list leaves out as seen.
  public let earlier: [Int32]
  /// The rows that the model was trained on, if that is known.
  public let train: [Int32]
  /// What is true of the training rows.
  public let trainTruth: Truth

  /// Rows of a table; nothing is known of rows before them unless it is given.
  public init(
    _ bundle: ModelBundle, _ table: Table, rows: [Int32], _ truth: Truth, earlier: [Int32] = [], train: [Int32] = [],
    trainTruth: Truth = Truth()
  ) {
    self.bundle = bundle
    self.table = table
    self.rows = rows
    self.truth = truth
    self.earlier = earlier
    self.train = train
    self.trainTruth = trainTruth
  }
}

/// The simplest answer, judged.
public struct Baseline: Sendable {
  /// Its metrics.
  public let metrics: [Metric]
  /// For each row, how much better the model is, in the unit of the watched metric.
  public let gains: [Double]
}

/// What a recipe chooses of heads.
public struct HeadOptions: Sendable, Equatable {
  /// The name of the positive one of two classes; `nil`: the second.
  public var positive: String?
  /// What is recommended to whom.
  public var recommendation = RecommendationOptions()

  /// The defaults, or a positive class.
  public init(positive: String? = nil, recommendation: RecommendationOptions = RecommendationOptions()) {
    self.positive = positive
    self.recommendation = recommendation
  }
}
