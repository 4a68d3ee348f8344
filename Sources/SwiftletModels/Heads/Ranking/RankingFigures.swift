// SPDX-License-Identifier: Apache-2.0
//
// How good ratings and lists are, and what the simplest ones reach.
//
// The simplest rating of an item is the mean of its ratings, and the simplest list is that of the most rated items. Both
// are made of the training rows.
//
// Before    RankingFit.swift     After    Recommender.swift

import Foundation
import SwiftletFormats
import SwiftletTables

extension RankingHead {
  /// Root mean squared error and R² of the ratings. The metrics of lists are those of ``listMetrics(_:)``.
  public func metrics(_ answers: Answers, _ truth: Truth) -> [Metric] {
    ratings.metrics(answers, truth).filter { $0.name != "mae" }
  }

  public func baselineMetrics(trainedOn train: Truth, judgedOn truth: Truth) -> [Metric] {
    ratings.baselineMetrics(trainedOn: train, judgedOn: truth).filter { $0.name != "mae" }
  }

  public func comparedLoss(of answers: Answers, _ truth: Truth) -> Metric { ratings.comparedLoss(of: answers, truth) }

  public func rowLosses(of answers: Answers, _ truth: Truth) -> [Double] { ratings.rowLosses(of: answers, truth) }

  /// Those of the ratings. A list's metrics are means over users, whose intervals ``listMetrics(_:)`` has already.
  public func countedMetrics(_ answers: Answers, _ truth: Truth) -> [CountedMetric] {
    ratings.countedMetrics(answers, truth).filter { $0.name != "mae" }
  }

  public func gains(of answers: Answers, _ truth: Truth, trainedOn train: Truth) -> [Double] {
    ratings.gains(of: answers, truth, trainedOn: train)
  }

  /// The ratings by the items' means, and the lists of the most rated items.
  public func baseline(_ judged: JudgedRows, _ answers: Answers) throws -> Baseline {
    let means = try itemMeans(judged)
    let simplest = Answers(values: means, count: means.count, width: 1)
    let values = judged.truth.numbers[0]
    let center = mean(values)
    let spread = mean(values.map { ($0 - center) * ($0 - center) })
    let gains = values.indices.map { row -> Double in
      let own = answers.values[row] - values[row]
      let other = means[row] - values[row]
      return spread > 0 ? (other * other - own * own) / spread : 0
    }
    let lists = try judgedLists(judged) { recommender, _ in recommender.mostRated }?.metrics ?? []
    return Baseline(metrics: metrics(simplest, judged.truth) + lists, gains: gains)
  }

  /// For each judged row, the mean of its item in the training rows; of all rows for an item that they do not have.
  private func itemMeans(_ judged: JudgedRows) throws -> [Double] {
    let column = try judged.table.column(item, for: "the items")
    var sums: [String: (total: Double, count: Double)] = [:]
    let trained = judged.trainTruth.numbers.first ?? []
    for (row, rating) in zip(judged.train, trained) {
      let name = column.text(at: Int(row)) ?? ""
      let before = sums[name] ?? (0, 0)
      sums[name] = (before.total + rating, before.count + 1)
    }
    let all = trained.isEmpty ? 0 : mean(trained)
    return judged.rows.map { row in
      sums[column.text(at: Int(row)) ?? ""].map { $0.total / $0.count } ?? all
    }
  }

  /// The metrics of the lists for the users of some rows.
  ///
  /// They have their intervals. A list leaves out what its user had in the earlier rows. Users without another relevant
  /// item among the rows have no list that could be judged; if that is so of all, the note says why.
  public func listMetrics(_ judged: JudgedRows) throws -> (metrics: [Metric], note: String?) {
    let lists = try judgedLists(judged) { recommender, user in recommender.scores(ofUser: user) }
    guard let lists, !lists.metrics.isEmpty else { return ([], noLists(judged.truth)) }
    return (lists.metricsWithIntervals, nil)
  }

  /// Why no list can be judged by some ratings.
  private func noLists(_ truth: Truth) -> String? {
    guard let largest = truth.numbers.first?.max() else { return nil }
    guard largest < relevant else {
      return "Lists are not judged: whatever a user likes in these rows, the same user has in the rows before them."
    }
    return "Lists are not judged: no rating reaches \(JSONValue.spelling(of: relevant)); the largest is "
      + "\(JSONValue.spelling(of: largest)). Set recommendation.relevant, in training, to the least rating that counts as "
      + "liked."
  }

  private func judgedLists(
    _ judged: JudgedRows, scores: (Recommender, _ user: Int) -> [Double]
  ) throws -> ListMetrics? {
    guard let recommender = try recommender(of: TabularModel(judged.bundle)) else { return nil }
    let histories = try UserHistories(judged, self, recommender)
    let lists = histories.users.map { user in
      ListMetrics.Judged(
        list: topPositions(scores(recommender, user.code), count: top, without: user.seen), relevant: user.relevant,
        relevantCount: user.liked.count)
    }
    return ListMetrics(lists, itemCount: recommender.items.count, top: top)
  }

  /// The popularity with the best NDCG on the lists of validation rows.
  public func tuned(on judged: JudgedRows) throws -> (head: any Head, message: String?) {
    guard choosesPopularity else { return (self, nil) }
    var best = (popularity: 0.0, ndcg: -1.0)
    for popularity in RankingHead.triedPopularities {
      var head = self
      head.popularity = popularity
      let lists = try head.judgedLists(judged) { recommender, user in recommender.scores(ofUser: user) }
      guard let lists, !lists.metrics.isEmpty else {
        return (self, "popularity 0.0, since the \(judged.rows.count) validation rows judge no list")
      }
      if lists.ndcg > best.ndcg { best = (popularity, lists.ndcg) }
    }
    var head = self
    head.popularity = best.popularity
    let value = decimals(best.popularity, 1)
    return (head, "popularity \(value), with the best ndcg@\(top) on \(judged.rows.count) validation rows")
  }

  /// What is tried.
  private static let triedPopularities = [0, 0.3, 0.5, 0.7, 1, 1.5]

  public var baselineName: String { "the mean rating of the item, and with the most rated items" }
  public var summary: String { "rates items and recommends them" }
  public var hubTask: String { "tabular-regression" }
}

/// What each user had, and what is relevant among the judged rows.
private struct UserHistories {
  struct User {
    /// The user's code in the model, 0 if it is not known.
    let code: Int
    var seen: Set<Int> = []
    /// The relevant items, with those that the model does not know: each once, however often it was rated.
    var liked: Set<String> = []
    /// The positions of those that the model knows.
    var relevant: Set<Int> = []
  }

  /// The users with a rating of a relevant item, in the order of their first rows.
  let users: [User]

  init(_ judged: JudgedRows, _ head: RankingHead, _ recommender: Recommender) throws {
    let names = try judged.table.column(head.user, for: "the users")
    let items = try judged.table.column(head.item, for: "the items")
    var users: [User] = []
    var places: [String: Int] = [:]
    for (row, rating) in zip(judged.rows, judged.truth.numbers[0]) where rating >= head.relevant {
      let name = names.text(at: Int(row)) ?? ""
      let place = places[name] ?? users.count
      if place == users.count {
        places[name] = place
        users.append(User(code: recommender.code(ofUser: name)))
      }
      users[place].liked.insert(items.text(at: Int(row)) ?? "")
    }
    for row in judged.earlier {
      guard let place = places[names.text(at: Int(row)) ?? ""], let item = items.text(at: Int(row)) else { continue }
      users[place].liked.remove(item)  // no list can hold what it leaves out
      if let position = recommender.position(ofItem: item) { users[place].seen.insert(position) }
    }
    self.users = users.map { user in
      var user = user
      user.relevant = Set(user.liked.compactMap { recommender.position(ofItem: $0) })
      return user
    }
  }
}
