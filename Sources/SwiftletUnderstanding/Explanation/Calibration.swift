// SPDX-License-Identifier: Apache-2.0
//
// Calibration: whether what is said to happen in 7 of 10 cases does happen in 7 of 10.
//
// The rows are put in the order of their probability and cut into bins of equal count. In each, the mean probability is
// compared with the part of the rows in which it happened. On few rows even true probabilities show an error, so the one
// that chance alone gives is told beside it.
//
// Shapes    N rows, K bins
// Before    WrongRows.swift     After    Temperature.swift
// Source    Murphy, "A New Vector Partition of the Probability Score" (1973), equation 4; Naeini, Cooper, Hauskrecht,
//           "Obtaining Well Calibrated Probabilities Using Bayesian Binning" (2015), for ECE; Bröcker, Smith, "Increasing the
//           Reliability of Reliability Diagrams" (2007), for what chance gives

import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTensors

/// How far the probabilities of a model are from what happens.
public struct Calibration: Codable, Equatable, Sendable {
  /// Rows of similar probability.
  public struct Bin: Codable, Equatable, Sendable {
    /// Number of rows.
    public let count: Int
    /// The mean of their probabilities.
    public let probability: Double
    /// The part of them in which it happened.
    public let share: Double
    /// Wilson's interval of ``share``.
    public let interval: Interval
  }

  /// What the probabilities are of: the positive one of two labels, or that the answered label is right.
  public let event: String
  /// The bins, by rising probability.
  public let bins: [Bin]
  /// The expected calibration error: the mean of |probability − share|, each bin by its rows.
  public let error: Double
  /// The error that 95 of 100 models with true probabilities stay below on as many rows.
  public let chanceError: Double
  /// The mean of (probability − what happened)².
  public let brier: Double
  /// The mean of (probability − share)² over the bins: 0 is best.
  public let reliability: Double
  /// The mean of (share − share of all rows)² over the bins: how well the bins are told apart.
  public let resolution: Double
  /// The Brier score of always saying the share of all rows: a property of the rows.
  public let uncertainty: Double

  /// brier − (reliability − resolution + uncertainty): what the probabilities differ by within the bins.
  public var withinBins: Double { brier - (reliability - resolution + uncertainty) }
  /// Whether the error is more than chance.
  public var isBeyondChance: Bool { error > chanceError }

  /// Compares probabilities with what happened.
  ///
  /// - Parameters:
  ///   - probabilities: N numbers from 0 to 1, at least one.
  ///   - happened: For each of them, whether it did.
  ///   - event: What the probabilities are of.
  ///   - binCount: K; fewer if a bin would have less than 10 rows.
  ///   - seed: Draws what might have happened, for ``chanceError``.
  public init(_ probabilities: [Double], happened: [Bool], event: String, binCount: Int = 15, seed: UInt64 = 7) {
    let n = Double(max(probabilities.count, 1))
    let order = probabilities.indices.sorted {
      probabilities[$0] != probabilities[$1] ? probabilities[$0] < probabilities[$1] : $0 < $1
    }
    let count = max(1, min(binCount, probabilities.count / 10))
    // As evenly as it goes: the first bins have a row more.
    let (size, more) = order.count.quotientAndRemainder(dividingBy: count)
    let parts = (0..<count).map { order[$0 * size + min($0, more)..<($0 + 1) * size + min($0 + 1, more)] }
    let means = parts.map { part in SwiftletModels.mean(part.map { probabilities[$0] }) }
    let bins = zip(parts, means).map { part, mean in
      let rate = Rate(successes: Double(part.count { happened[$0] }), count: Double(part.count))
      return Bin(count: part.count, probability: mean, share: rate.value, interval: rate.interval())
    }
    let share = Double(happened.count { $0 }) / n
    self.event = event
    self.bins = bins
    error = Calibration.error(bins.map(\.share), means, parts.map(\.count))
    brier = SwiftletModels.mean(
      zip(probabilities, happened).map { ($0 - ($1 ? 1 : 0)) * ($0 - ($1 ? 1 : 0)) })
    reliability = bins.reduce(0) { sum, bin in
      sum + Double(bin.count) * (bin.probability - bin.share) * (bin.probability - bin.share) / n
    }
    resolution = bins.reduce(0) { $0 + Double($1.count) * ($1.share - share) * ($1.share - share) / n }
    uncertainty = share * (1 - share)
    var generator = Generator(seed: seed)
    let errors = (0..<200).map { _ in
      let shares = parts.map { part in
        Double(part.count { generator.uniform() < probabilities[$0] }) / Double(max(part.count, 1))
      }
      return Calibration.error(shares, means, parts.map(\.count))
    }.sorted()
    chanceError = errors[189]
  }

  private static func error(_ shares: [Double], _ means: [Double], _ counts: [Int]) -> Double {
    let total = Double(max(counts.reduce(0, +), 1))
    return zip(zip(shares, means), counts).reduce(0) { $0 + Double($1.1) * ($1.0.0 - $1.0.1).magnitude / total }
  }
}

extension Calibration {
  /// Compares the probabilities of a model's answers with the truth: of two labels that of the positive one, of more that of
  /// the one that is answered.
  ///
  /// - Throws: `DataError` if the model answers with numbers.
  public init(_ rows: AnsweredRows, binCount: Int = 15) throws {
    let head = rows.judged.bundle.head
    guard !head.labels.isEmpty else {
      throw DataError("The model answers with numbers, and only probabilities can be calibrated.")
    }
    let answers = rows.answers
    let isBinary = head.labels.count == 2
    let chosen = (0..<rows.count).map { row -> Int in
      let answer = answers.row(row)
      // The most probable, whatever the threshold decides for.
      return isBinary ? 1 : (answer.indices.max { answer[$0] < answer[$1] } ?? answer.startIndex) - answer.startIndex
    }
    self.init(
      chosen.indices.map { answers.values[$0 * answers.width + chosen[$0]] },
      happened: chosen.indices.map { Int(rows.judged.truth.labels[$0]) == chosen[$0] },
      event: isBinary ? head.labels[1] : "the answered label is right", binCount: binCount)
  }

  /// The members of this struct, in an object.
  public var json: JSONValue {
    [
      "event": .string(event), "ece": .number(error), "ece_by_chance": .number(chanceError), "brier": .number(brier),
      "reliability": .number(reliability), "resolution": .number(resolution), "uncertainty": .number(uncertainty),
      "bins": .array(
        bins.map {
          [
            "rows": JSONValue($0.count), "probability": .number($0.probability), "share": .number($0.share),
            "interval": $0.interval.json,
          ]
        }),
    ]
  }
}
