// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletFormats
import SwiftletTensors
import Testing

@testable import SwiftletModels

@Suite("Metrics of lists")
struct ListMetricTests {
  @Test("by hand: two users, lists of three")
  func byHand() {
    // The first has 1 and 4 of the relevant 1, 4, 5, 6 at the places 1 and 3; the second nothing.
    let metrics = ListMetrics(
      [.init(list: [1, 2, 4], relevant: [1, 4, 5, 6]), .init(list: [1, 2, 3], relevant: [9])], itemCount: 10, top: 3)
    #expect(abs(metrics.recall - (2.0 / 3 + 0) / 2) < 1e-12)  // at most three fit into the list
    // (1 + 1/2) / (1 + 1/log₂3 + 1/2)
    #expect(abs(metrics.ndcg - 1.5 / (1.5 + 1 / log2(3)) / 2) < 1e-12)
    #expect(metrics.hitRate == 0.5 && metrics.coverage == 0.4)
    #expect(metrics.metrics.map(\.name) == ["recall@3", "ndcg@3", "hit@3", "coverage"])
  }

  @Test("users without a relevant item are left out, and unknown items count as missed")
  func leftOut() {
    let lists = [
      ListMetrics.Judged(list: [0], relevant: []), .init(list: [0, 1], relevant: [0], relevantCount: 2),
    ]
    let metrics = ListMetrics(lists, itemCount: 2, top: 2)
    #expect(metrics.recall == 0.5 && metrics.hitRate == 1)
    // Nothing was judged: that is no result of 0.
    #expect(ListMetrics([], itemCount: 0, top: 3).metrics.isEmpty)
    #expect(ListMetrics([.init(list: [0], relevant: [])], itemCount: 2, top: 3).metricsWithIntervals.isEmpty)
  }

  @Test("their intervals are over users: Wilson's for hits, resampled users for the means, none for coverage")
  func intervals() throws {
    // 30 of 40 users found all of theirs, the others nothing.
    let lists = (0..<40).map { ListMetrics.Judged(list: [0, 1], relevant: $0 % 4 > 0 ? [0] : [2]) }
    let metrics = ListMetrics(lists, itemCount: 3, top: 2)
    let judged = metrics.metricsWithIntervals
    #expect(judged.map(\.name) == metrics.metrics.map(\.name) && judged.map(\.value) == metrics.metrics.map(\.value))
    #expect(judged[2].interval == Rate(successes: 30, count: 40).interval() && judged[3].interval == nil)
    // The mean of 40 rates of 0 or 1 around 0.75 has a deviation of 0.068: 1.96 of them to each side, roughly.
    let recall = try #require(judged[0].interval)
    #expect(abs(recall.low - (0.75 - 0.134)) < 0.03 && abs(recall.high - (0.75 + 0.134)) < 0.03, "\(recall)")
    #expect(judged[1].interval == recall)  // the first place counts 1 in both
    let certain = ListMetrics([.init(list: [0], relevant: [0])], itemCount: 1, top: 1).metricsWithIntervals
    #expect(certain[0].interval == nil)  // one user cannot say how users differ
  }

  @Test("as a naive twin counts them, over seeds", arguments: 1...8)
  func twin(seed: Int) {
    var generator = Generator(seed: UInt64(seed))
    let lists = (0..<20).map { _ in
      ListMetrics.Judged(
        list: Array(generator.permutation(of: 12).prefix(5)).map(Int.init),
        relevant: Set((0..<12).filter { _ in generator.below(3) == 0 }))
    }
    let metrics = ListMetrics(lists, itemCount: 12, top: 4)
    var (recall, ndcg, hit, users) = (0.0, 0.0, 0.0, 0.0)
    var shown: Set<Int> = []
    for user in lists where !user.relevant.isEmpty {
      users += 1
      var (found, gain, ideal) = (0, 0.0, 0.0)
      for place in 0..<4 {
        shown.insert(user.list[place])
        if user.relevant.contains(user.list[place]) {
          found += 1
          gain += log(2) / log(Double(place) + 2)
        }
        if place < user.relevant.count { ideal += log(2) / log(Double(place) + 2) }
      }
      recall += Double(found) / Double(min(4, user.relevant.count))
      ndcg += gain / ideal
      hit += found > 0 ? 1 : 0
    }
    #expect(abs(metrics.recall - recall / users) < 1e-9 && abs(metrics.ndcg - ndcg / users) < 1e-9)
    #expect(metrics.hitRate == hit / users && metrics.coverage == Double(shown.count) / 12)
  }

  @Test("the best come first, the seen are left out, and of equal scores the first is first")
  func order() {
    #expect(topPositions([1, 3, 3, 2], count: 3) == [1, 2, 3])
    #expect(topPositions([1, 3, 3, 2], count: 9, without: [1]) == [2, 3, 0])
  }
}
