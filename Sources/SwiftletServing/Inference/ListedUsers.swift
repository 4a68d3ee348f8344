// SPDX-License-Identifier: Apache-2.0
//
// ListedUsers: requests that name users and no items, which are answered with lists.
//
// The user is read as in a pair whose item is missing. Then the model rates every item, in a batch like any other, and the
// best ratings become the list.
//
// Before    NamedColumns.swift     After    PictureReader.swift

import SwiftletFormats
import SwiftletModels

/// A user who gets a list.
struct ListedUser: Sendable {
  /// The user's code; 0 for one who is not known.
  let code: Int
}

extension ServedModel {
  /// The most pairs of a user and an item in a request for lists.
  private static let pairLimit = 1 << 22

  /// Whether these are the names of a request for lists: the user alone.
  func asksForLists(_ names: [String]) -> Bool { recommender.map { names == [$0.head.user] } ?? false }

  /// Prepares every item for each user of a column.
  func prepareLists(of users: FlatValues, rowCount: Int) throws -> PreparedRows {
    guard let recommender else { throw RequestError.bad("The model \(quoted(name)) makes no lists.") }
    guard rowCount <= max(1, Self.pairLimit / max(1, recommender.items.count)) else {
      throw RequestError.bad(
        "The request asks for the lists of \(rowCount) users among \(recommender.items.count) items: ask for fewer at a "
          + "time.")
    }
    let missing = FlatValues(Array(repeating: JSONValue.null, count: rowCount))
    let pairs = try prepare(
      columns: [(recommender.head.user, users), (recommender.head.item, missing)], rowCount: rowCount)
    let place = input(positionOf: recommender.head.user)
    let codes = (0..<rowCount).map { Int(pairs.features[2 * $0 + place]) }
    var rows = PreparedRows(
      features: codes.flatMap { recommender.features(ofUser: $0) }, count: rowCount * recommender.items.count,
      unseenCount: codes.count { $0 == 0 })
    rows.users = codes.map { ListedUser(code: $0) }
    return rows
  }

  /// The lists of the users of a request, of `count` items, or of as many as the model was trained for.
  func lists(_ answers: Answers, for users: [ListedUser], count length: Int? = nil) -> [[RecommendedItem]] {
    guard let recommender else { return [] }
    let count = recommender.items.count
    return users.enumerated().map { position, user in
      let ratings = user.code > 0 ? Array(answers.values[position * count..<(position + 1) * count]) : nil
      return recommender.list(ratings: ratings, count: length ?? recommender.head.top)
    }
  }

  /// The number of users and of items in a request that training did not know; zeros for other models.
  func unknownCounts(of rows: PreparedRows) -> UnknownCounts {
    guard let recommender else { return UnknownCounts() }
    guard rows.users.isEmpty else { return UnknownCounts(users: rows.users.count { $0.code == 0 }) }
    let place = input(positionOf: recommender.head.user)
    return UnknownCounts(
      users: (0..<rows.count).count { rows.features[2 * $0 + place] == 0 },
      items: (0..<rows.count).count { rows.features[2 * $0 + 1 - place] == 0 })
  }

  private func input(positionOf name: String) -> Int { signature.columnNames.firstIndex(of: name) ?? 0 }
}

/// How many users and items of requests training did not know.
struct UnknownCounts: Sendable {
  var users = 0
  var items = 0
}
