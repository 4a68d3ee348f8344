// SPDX-License-Identifier: Apache-2.0
//
// RankingHead: ratings, and the lists that are made of them.
//
// The network predicts how a user would rate an item, as a regression does. What is shown to a user is a list, and a good
// list is not the one of the best predicted ratings alone: an item that many have rated is a safer guess than one that
// two have loved. So a list is ordered by the rating and a part of the item's popularity:
//
//     score = rating + popularity · log(1 + number of the item's training rows)
//
// A user of whom nothing is known gets the most rated items.
//
// Shapes    N rows, one score and one answer each
// Before    Heads/Numbers/NumberFit.swift     After    RankingFit.swift

import Foundation
import SwiftletFormats
import SwiftletTables

/// What is recommended to whom: the settings of a recommendation.
public struct RecommendationOptions: Sendable, Equatable {
  /// The column of users.
  public var user: String?
  /// The column of items.
  public var item: String?
  /// The least rating of an item that belongs into a list.
  public var relevant = 4.0
  /// The length of a list.
  public var top = 10
  /// The part of an item's popularity in its score; `nil`: what is best on the validation rows.
  public var popularity: Double?

  /// The defaults.
  public init() {}
}

/// A rating for each pair of a user and an item, and lists of items.
public struct RankingHead: Head {
  public static let task = "recommendation"
  public static let keepsSpelling = false

  /// The column of users.
  public let user: String
  /// The column of items.
  public let item: String
  /// The least rating of an item that belongs into a list.
  public let relevant: Double
  /// The length of a list.
  public let top: Int
  /// The part of an item's popularity in its score.
  public internal(set) var popularity: Double
  /// Whether the popularity is still to be chosen by validation rows.
  let choosesPopularity: Bool
  /// The ratings as a regression.
  let ratings: NumberHead

  /// A head for ratings on a scale.
  ///
  /// - Parameters:
  ///   - options: The columns and the settings of lists; both columns are named.
  ///   - scale: The column of ratings.
  public init(_ options: RecommendationOptions, scale: TargetScale) {
    self.init(options, ratings: NumberHead(targets: [scale]))
  }

  init(_ options: RecommendationOptions, ratings: NumberHead) {
    user = options.user ?? ""
    item = options.item ?? ""
    relevant = options.relevant
    top = options.top
    popularity = options.popularity ?? 0
    choosesPopularity = options.popularity == nil
    self.ratings = ratings
  }

  /// The settings that it was made with.
  var options: RecommendationOptions {
    var options = RecommendationOptions()
    options.user = user
    options.item = item
    options.relevant = relevant
    options.top = top
    options.popularity = choosesPopularity ? nil : popularity
    return options
  }

  public var labels: [String] { [] }
  public var targetNames: [String] { ratings.targetNames }
  public var threshold: Double? {
    get { nil }
    set {}
  }

  /// The score by which an item is placed in a list.
  ///
  /// - Parameters:
  ///   - rating: The predicted rating; `nil` for a user of whom nothing is known.
  ///   - count: The number of training rows of the item.
  public func score(rating: Double?, count: Int) -> Double {
    guard let rating else { return log1p(Double(count)) }
    return rating + popularity * log1p(Double(count))
  }
}

// MARK: From scores to answers

extension RankingHead {
  public var scoreCount: Int { 1 }
  public var outputs: [OutputSchema] { ratings.outputs }

  public func finish(_ scores: UnsafeBufferPointer<Float>, into answers: UnsafeMutableBufferPointer<Double>) {
    ratings.finish(scores, into: answers)
  }

  public func label(of answer: ArraySlice<Double>) -> Int { 0 }
  public func fields(of answer: ArraySlice<Double>) -> [JSONValue.Member] { ratings.fields(of: answer) }
}

// MARK: In a bundle

extension RankingHead {
  public init(model json: JSONValue, file: String) throws {
    let (popularities, longestList) = (RankingHead.popularities, RankingHead.longestList)
    let largestRelevant = RankingHead.largestRelevant
    let ratings = try NumberHead(model: json, file: file)
    let lists = json["signature"]?["recommendation"]
    guard ratings.targets.count == 1, let user = lists?["user"]?.string, let item = lists?["item"]?.string,
      user != item, let relevant = lists?["relevant"]?.number, relevant.magnitude <= largestRelevant,
      let top = lists?["top"]?.integer, (1...longestList).contains(top),
      let popularity = lists?["popularity"]?.number, popularities.contains(popularity)
    else {
      throw FormatError(
        file,
        "needs one target, and a \"recommendation\" in its signature: user, item, a top up to \(longestList), and a relevant "
          + "and a popularity that training could have.")
    }
    var options = RecommendationOptions()
    options.user = user
    options.item = item
    options.relevant = relevant
    options.top = top
    options.popularity = popularity
    self.init(options, ratings: ratings)
  }

  /// The longest list.
  public static let longestList = 1000
  /// The largest magnitude of the rating from which an item counts as liked.
  package static let largestRelevant = 1e9
  /// What the popularity of a list may be.
  package static let popularities = 0.0...1000

  public var signature: [JSONValue.Member] {
    ratings.signature + [
      .init(
        "recommendation",
        [
          "user": .string(user), "item": .string(item), "relevant": .number(relevant), "top": JSONValue(top),
          "popularity": .number(popularity),
        ])
    ]
  }
}
