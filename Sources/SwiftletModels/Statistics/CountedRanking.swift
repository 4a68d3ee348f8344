// SPDX-License-Identifier: Apache-2.0
//
// CountedRanking: the measures of a ranking, for rows that count more than once or not at all.
//
// The rows are put in order once; each resample then takes one pass over them.
//
// Before    CountedMetric.swift     After    ModelBundle.swift
// Source    Fawcett (2006), algorithm 2

/// Scores in rising order.
struct CountedRanking: Sendable {
  /// The rows by rising score.
  private let order: [Int32]
  /// Whether a row in the order is the last of its score.
  private let endsTie: [Bool]
  /// Whether a row in the order is positive.
  private let isPositive: [Bool]

  init(scores: [Float], isPositive: [Bool]) {
    order = scores.indices.sorted { scores[$0] < scores[$1] }.map { Int32($0) }
    let sorted = order.map { scores[Int($0)] }
    endsTie = sorted.indices.map { $0 + 1 == sorted.count || sorted[$0 + 1] != sorted[$0] }
    self.isPositive = order.map { isPositive[Int($0)] }
  }

  /// The rows of one score, counted.
  private struct Tie {
    var positives = 0.0
    var negatives = 0.0
  }

  /// Calls `body` with what stands at each score, in the order of `positions`.
  private func forEachTie(
    _ positions: some Sequence<Int>, _ counts: [Double], endsAt: (Int) -> Bool, _ body: (Tie) -> Void
  ) {
    var tie = Tie()
    for position in positions {
      let count = counts[Int(order[position])]
      if isPositive[position] { tie.positives += count } else { tie.negatives += count }
      guard endsAt(position) else { continue }
      body(tie)
      tie = Tie()
    }
  }

  /// The probability that a positive row has a higher score than a negative one; equal scores count half.
  ///
  /// - Returns: `nil` if one of the two kinds is absent.
  func areaUnderROC(_ counts: [Double]) -> Double? {
    var positives = 0.0
    var negatives = 0.0
    var pairs = 0.0
    forEachTie(order.indices, counts, endsAt: { endsTie[$0] }) { tie in
      pairs += tie.positives * (negatives + tie.negatives / 2)
      positives += tie.positives
      negatives += tie.negatives
    }
    return positives > 0 && negatives > 0 ? pairs / (positives * negatives) : nil
  }

  /// Σ (recallₖ − recallₖ₋₁) · precisionₖ over falling thresholds.
  ///
  /// - Returns: `nil` if there is no positive row.
  func averagePrecision(_ counts: [Double]) -> Double? {
    var found = 0.0
    var seen = 0.0
    var sum = 0.0
    forEachTie(order.indices.reversed(), counts, endsAt: { $0 == 0 || endsTie[$0 - 1] }) { tie in
      found += tie.positives
      seen += tie.positives + tie.negatives
      if seen > 0 { sum += tie.positives * found / seen }
    }
    return found > 0 ? sum / found : nil
  }
}
