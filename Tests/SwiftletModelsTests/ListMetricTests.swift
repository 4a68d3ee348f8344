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
    #expect(ListMetrics([], itemCount: 0, top: 3).metrics.allSatisfy { $0.value == 0 })
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
