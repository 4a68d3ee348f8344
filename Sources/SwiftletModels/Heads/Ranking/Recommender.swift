// SPDX-License-Identifier: Apache-2.0
//
// Recommender: from a user to a list of items.
//
// A model that rates pairs is asked for the user and every item, and the best are put in order. Any network will do; the
// kind `factors` is one that answers for a pair in a few multiplications.
//
// Shapes    V items
// Before    RankingFigures.swift     After    Metrics/ListMetrics.swift

import SwiftletFormats
import SwiftletTables

/// An item in a list.
public struct RecommendedItem: Sendable, Equatable {
  /// The item, as it is called in the training rows.
  public let item: String
  /// The predicted rating; `nil` for a user of whom nothing is known.
  public let rating: Double?
  /// What the list is ordered by.
  public let score: Double
}

/// Makes lists of items with a model that rates pairs. Safe to be used from many threads at once.
public struct Recommender: Sendable {
  /// The settings of lists.
  public let head: RankingHead
  /// The items that the model knows, in the order of their codes, which begin at 1.
  public let items: [String]
  /// The number of training rows of each item.
  public let counts: [Int]
  private let model: any Model
  private let userCodes: [String: Int]
  private let itemPositions: [String: Int]
  /// The place of the user in a row of features; the item has the other.
  private let userPlace: Int

  init(_ head: RankingHead, _ model: any Model) throws {
    let inputs = model.signature.inputs
    guard inputs.count == 2, model.signature.featureCount == 2,
      let users = inputs.firstIndex(where: { $0.name == head.user }),
      let items = inputs.firstIndex(where: { $0.name == head.item }),
      inputs[items].counts.count == inputs[items].words.count
    else {
      throw DataError(
        "\(quoted(model.signature.name)) makes no lists: it needs a code of each user and each item, and how often each "
          + "item was rated.")
    }
    self.head = head
    self.model = model
    userPlace = users
    self.items = inputs[items].words
    counts = inputs[items].counts
    userCodes = Recommender.positions(inputs[users].words)
    itemPositions = Recommender.positions(inputs[items].words)
  }

  private static func positions(_ words: [String]) -> [String: Int] {
    Dictionary(words.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The code of a user; 0 for one who is not known.
  public func code(ofUser name: String) -> Int { userCodes[name].map { $0 + 1 } ?? 0 }

  /// The position of an item in ``items``; `nil` for one that is not known.
  public func position(ofItem name: String) -> Int? { itemPositions[name] }

  /// Rows of features that ask for a user and every item: 2 · V numbers.
  public func features(ofUser code: Int) -> [Float] {
    items.indices.flatMap { item -> [Float] in
      userPlace == 0 ? [Float(code), Float(item + 1)] : [Float(item + 1), Float(code)]
    }
  }

  /// The scores of all items for a user.
  func scores(ofUser code: Int) -> [Double] {
    guard code > 0 else { return mostRated }
    return zip(ratings(ofUser: code), counts).map { head.score(rating: $0, count: $1) }
  }

  /// The scores of all items for a user of whom nothing is known.
  var mostRated: [Double] { counts.map { head.score(rating: nil, count: $0) } }

  private func ratings(ofUser code: Int) -> [Double] {
    var ratings = Array(repeating: 0.0, count: items.count)
    features(ofUser: code).withUnsafeBufferPointer { features in
      ratings.withUnsafeMutableBufferPointer { model.answer(features: features, into: $0) }
    }
    return ratings
  }

  /// The best items for a user, the best first.
  ///
  /// - Parameters:
  ///   - user: The user's name in the training rows. One who is not known gets the most rated items.
  ///   - count: The length of the list; `nil`: as the model was trained for.
  ///   - seen: Items that are left out.
  public func list(for user: String, count: Int? = nil, without seen: Set<String> = []) -> [RecommendedItem] {
    let code = code(ofUser: user)
    return list(
      ratings: code > 0 ? ratings(ofUser: code) : nil, count: count ?? head.top,
      without: Set(seen.compactMap { position(ofItem: $0) }))
  }

  /// The same from the ratings of all items, which a server has computed.
  ///
  /// - Parameters:
  ///   - ratings: V ratings; `nil` for a user of whom nothing is known.
  ///   - count: The length of the list.
  ///   - seen: Positions of items that are left out.
  public func list(ratings: [Double]?, count: Int, without seen: Set<Int> = []) -> [RecommendedItem] {
    let scores = items.indices.map { head.score(rating: ratings?[$0], count: counts[$0]) }
    return topPositions(scores, count: count, without: seen).map {
      RecommendedItem(item: items[$0], rating: ratings?[$0], score: scores[$0])
    }
  }
}

extension RankingHead {
  public func recommender(of model: any Model) throws -> Recommender? { try Recommender(self, model) }
}

/// The positions of the largest scores, the largest first; of equal ones, the first.
func topPositions(_ scores: [Double], count: Int, without left: Set<Int> = []) -> [Int] {
  let order = scores.indices.filter { !left.contains($0) }.sorted { a, b in
    scores[a] == scores[b] ? a < b : scores[a] > scores[b]
  }
  return Array(order.prefix(max(0, count)))
}
