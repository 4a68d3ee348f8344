// SPDX-License-Identifier: Apache-2.0
//
// How good lists of items are.
//
// A list is judged by the items of its user that turned out relevant later. The means are over users, so that one with
// many ratings counts as much as one with few.
//
// Shapes    U users, k the length of a list
// Before    Heads/Ranking/Recommender.swift     After    ClassificationMetrics.swift
// Source    Järvelin, Kekäläinen, "Cumulated Gain-Based Evaluation of IR Techniques" (2002), section 2.2, for NDCG

import Foundation

/// Lists of items, judged.
public struct ListMetrics: Sendable {
  /// One user's list, and what would have been right.
  public struct Judged: Sendable {
    /// Positions of items, the best first.
    public var list: [Int]
    /// The relevant items.
    public var relevant: Set<Int>
    /// Their number, with those that no list can hold.
    public var relevantCount: Int

    /// A list, and what would have been right.
    public init(list: [Int], relevant: Set<Int>, relevantCount: Int? = nil) {
      self.list = list
      self.relevant = relevant
      self.relevantCount = relevantCount ?? relevant.count
    }
  }

  /// recall@k: the relevant items in the list, of the k or fewer that could be in it.
  public private(set) var recall = 0.0
  /// ndcg@k: the same with a weight of 1 / log₂(1 + place), so that the upper places count more.
  public private(set) var ndcg = 0.0
  /// hit@k: the part of the users with a relevant item in their list.
  public private(set) var hitRate = 0.0
  /// The part of all items that are in somebody's list.
  public private(set) var coverage = 0.0
  private let top: Int
  /// What each of the U users adds to recall and NDCG.
  private var recalls: [Double] = []
  private var gains: [Double] = []

  /// Judges lists.
  ///
  /// - Parameters:
  ///   - lists: U lists; users without a relevant item are left out.
  ///   - itemCount: The number of all items.
  ///   - top: k.
  public init(_ lists: [Judged], itemCount: Int, top: Int) {
    self.top = top
    let judged = lists.filter { $0.relevantCount > 0 }
    guard !judged.isEmpty else { return }
    var shown: Set<Int> = []
    for user in judged {
      let list = user.list.prefix(top)
      shown.formUnion(list)
      let possible = min(top, user.relevantCount)
      let places = list.enumerated().filter { user.relevant.contains($0.element) }.map(\.offset)
      recalls.append(Double(places.count) / Double(possible))
      hitRate += places.isEmpty ? 0 : 1
      let best = (0..<possible).reduce(0) { $0 + Self.weight(ofPlace: $1) }
      gains.append(places.reduce(0) { $0 + Self.weight(ofPlace: $1) } / best)
    }
    let count = Double(judged.count)
    recall = recalls.reduce(0, +) / count
    ndcg = gains.reduce(0, +) / count
    hitRate /= count
    coverage = Double(shown.count) / Double(max(itemCount, 1))
  }

  /// 1 / log₂(1 + place), for a place from 0.
  private static func weight(ofPlace place: Int) -> Double { 1 / log2(Double(place + 2)) }

  /// The metrics by their names; none if no list could be judged.
  public var metrics: [Metric] {
    guard !recalls.isEmpty else { return [] }
    return [
      Metric("recall@\(top)", recall), Metric("ndcg@\(top)", ndcg), Metric("hit@\(top)", hitRate),
      Metric("coverage", coverage),
    ]
  }

  /// The same with their intervals. The means are over users, so users are what is drawn anew; coverage is no mean, and has
  /// none.
  public var metricsWithIntervals: [Metric] {
    guard !recalls.isEmpty else { return metrics }
    let count = Double(recalls.count)
    func mean(of values: [Double]) -> Bootstrap.Statistic {
      { counts in zip(values, counts).reduce(0) { $0 + $1.0 * $1.1 } / count }
    }
    let resampled = Bootstrap(classes: Array(repeating: 0, count: recalls.count)).intervals(
      of: [mean(of: recalls), mean(of: gains)])
    let intervals = resampled + [Rate(successes: hitRate * count, count: count).interval(), nil]
    return zip(metrics, intervals).map { Metric($0.name, $0.value, interval: $1) }
  }
}
