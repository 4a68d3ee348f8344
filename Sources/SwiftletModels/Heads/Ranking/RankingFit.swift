// SPDX-License-Identifier: Apache-2.0
//
// The truth and the loss of a recommendation: those of a regression of the ratings.
//
// Shapes    N rows
// Before    RankingHead.swift     After    RankingFigures.swift

import SwiftletAutograd
import SwiftletTables
import SwiftletTensors

extension RankingHead {
  /// Never by itself: ratings look like any other numbers.
  public static func suits(_ columns: [Column]) -> Bool { false }

  public static func prepare(
    _ columns: [Column], rows: [Int32], _ options: HeadOptions
  ) throws -> (head: RankingHead, truth: Truth) {
    guard columns.count == 1 else {
      throw DataError("A recommendation has one target, the ratings; several are for a regression.")
    }
    guard columns[0].numbers != nil else {
      throw DataError(
        "The target \"\(columns[0].name)\" is not a number, and a recommendation learns from ratings. Use another target."
      )
    }
    let (ratings, truth) = try NumberHead.prepare(columns, rows: rows, options)
    return (RankingHead(options.recommendation, ratings: ratings), truth)
  }

  public func fitted(to truth: Truth) -> RankingHead { RankingHead(options, ratings: ratings.fitted(to: truth)) }

  public func truth(_ truth: Truth, readBy other: any Head) throws -> Truth { try ratings.truth(truth, readBy: other) }

  public func isGivenAway(by column: Column, _ truth: Truth) -> Bool { ratings.isGivenAway(by: column, truth) }

  // MARK: In a fit

  public func loss(_ scores: Variable, _ truth: Truth) -> Variable { ratings.loss(scores, truth) }

  public func lossAndGradient(_ scores: Tensor, _ truth: Truth) -> (loss: Double, gradient: Tensor) {
    ratings.lossAndGradient(scores, truth)
  }

  public var convexity: Convexity? { ratings.convexity }

  public func balancingWeights(of truth: Truth, trainedOn train: Truth) -> [Float]? { nil }

  public var watchedMetric: String { ratings.watchedMetric }

  public func watchedSum(_ scores: Tensor, _ truth: Truth) -> Double { ratings.watchedSum(scores, truth) }

  public func watchedValue(_ sum: Double, _ truth: Truth) -> Double { ratings.watchedValue(sum, truth) }
}
