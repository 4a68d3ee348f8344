// SPDX-License-Identifier: Apache-2.0
//
// How well scores put the positive examples before the others.
//
// Before    ClassificationMetrics.swift     After    RankingCurve.swift
// Source    Fawcett, "An introduction to ROC analysis" (2006), sections 4 and 7; Davis, Goadrich, "The
//           Relationship Between Precision-Recall and ROC Curves" (2006)

/// The probability that a positive example has a higher score than a negative one; equal scores count half.
///
/// - Returns: `nil` if one of the two kinds is absent.
public func areaUnderROC(scores: [Float], isPositive: [Bool]) -> Double? {
  let positives = isPositive.count { $0 }
  let negatives = isPositive.count - positives
  guard positives > 0, negatives > 0 else { return nil }
  // The sum of the ranks of the positives, equal scores sharing the mean of their ranks (Mann and Whitney).
  var rankSum = 0.0
  forEachTie(scores) { order, range in
    let meanRank = Double(range.lowerBound + range.upperBound + 1) / 2
    rankSum += meanRank * Double(order[range].count { isPositive[$0] })
  }
  let p = Double(positives)
  return (rankSum - p * (p + 1) / 2) / (p * Double(negatives))
}

/// Σ (recallₖ − recallₖ₋₁) · precisionₖ over falling thresholds.
///
/// - Returns: `nil` if there is no positive example.
public func averagePrecision(scores: [Float], isPositive: [Bool]) -> Double? {
  let positives = isPositive.count { $0 }
  guard positives > 0 else { return nil }
  var found = 0
  var seen = 0
  var sum = 0.0
  forEachTie(scores.map { -$0 }) { order, range in
    let hits = order[range].count { isPositive[$0] }
    found += hits
    seen += range.count
    sum += Double(hits) / Double(positives) * Double(found) / Double(seen)
  }
  return sum
}

/// Calls `body` with each run of equal scores, in rising order.
func forEachTie(_ scores: [Float], _ body: (_ order: [Int], _ range: Range<Int>) -> Void) {
  let order = scores.indices.sorted { scores[$0] < scores[$1] }
  var start = 0
  while start < order.count {
    var end = start + 1
    while end < order.count, scores[order[end]] == scores[order[start]] { end += 1 }
    body(order, start..<end)
    start = end
  }
}
