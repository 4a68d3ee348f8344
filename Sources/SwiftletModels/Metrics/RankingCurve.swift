// SPDX-License-Identifier: Apache-2.0
//
// The curves of a ranking: what each threshold would find, and what it would cost.
//
// Before    RankingMetrics.swift     After    RegressionMetrics.swift
// Source    Fawcett, "An introduction to ROC analysis" (2006), algorithm 1

/// What a threshold finds.
package struct RankingPoint: Sendable, Equatable {
  /// The least score that counts as positive; infinite if none does.
  package var threshold: Float
  /// The part of the positive examples that is found.
  package var recall: Double
  /// The part of the negative examples that is found too.
  package var falsePositiveRate: Double
  /// The part of what is found that is positive; 1 if nothing is found.
  package var precision: Double
}

/// A point for each distinct score, from the highest threshold to the lowest.
///
/// - Parameters:
///   - scores: N scores.
///   - isPositive: Whether each example is positive.
/// - Returns: Empty if one of the two kinds is absent.
package func rankingCurve(scores: [Float], isPositive: [Bool]) -> [RankingPoint] {
  let positives = isPositive.count { $0 }
  let negatives = isPositive.count - positives
  guard positives > 0, negatives > 0 else { return [] }
  var curve = [RankingPoint(threshold: .infinity, recall: 0, falsePositiveRate: 0, precision: 1)]
  var found = 0
  var seen = 0
  forEachTie(scores.map { -$0 }) { order, range in
    found += order[range].count { isPositive[$0] }
    seen += range.count
    curve.append(
      RankingPoint(
        threshold: scores[order[range.lowerBound]], recall: Double(found) / Double(positives),
        falsePositiveRate: Double(seen - found) / Double(negatives), precision: Double(found) / Double(seen)))
  }
  return curve
}
