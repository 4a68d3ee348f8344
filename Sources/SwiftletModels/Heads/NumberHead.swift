// SPDX-License-Identifier: Apache-2.0
//
// NumberHead: numbers in the unit of their target.
//
// A network learns best from numbers around 0 that differ by about 1, so the targets are standardized by the training
// rows, and the scores are scaled back in 64 bits: seconds since 1970 need more than the 24 bits of a Float.
//
// Shapes    N rows, T targets, as many scores and answers
// Before    ClassHead.swift     After    Metrics/ClassificationMetrics.swift
// Source    Goodfellow, Bengio, Courville (2016), section 6.2.2.1

import SwiftletAutograd
import SwiftletFormats
import SwiftletTables
import SwiftletTensors

/// A target and how the network's scores become its values.
public struct TargetScale: Sendable, Equatable {
  /// The target's name.
  public let name: String
  /// What the network's 0 stands for, in the target's unit: the mean of the training rows.
  public let offset: Double
  /// What the network's 1 is more than that: their standard deviation.
  public let factor: Double

  /// A scale: predicted = score · factor + offset.
  public init(name: String, offset: Double = 0, factor: Double = 1) {
    self.name = name
    self.offset = offset
    self.factor = factor
  }

  /// Whether 32 bits are too few for its values: where, four standard deviations from the mean, one Float and the next
  /// are more than a ten-thousandth of a standard deviation apart.
  var isDouble: Bool {
    let farthest = Float(offset.magnitude + 4 * factor.magnitude)
    return !farthest.isFinite || Double(farthest.ulp) > 1e-4 * factor.magnitude
  }
}

/// Numbers for each row, one for each target.
public struct NumberHead: Head {
  public static let task = "regression"
  public static let keepsSpelling = false

  /// T targets with their scales.
  public let targets: [TargetScale]

  /// A head for the given targets, at least one.
  public init(targets: [TargetScale]) { self.targets = targets }

  public var labels: [String] { [] }
  public var targetNames: [String] { targets.map(\.name) }
  public var threshold: Double? {
    get { nil }
    set {}
  }
}

// MARK: From a table to truth

extension NumberHead {
  public static func suits(_ columns: [Column]) -> Bool { true }

  public static func prepare(
    _ columns: [Column], rows: [Int32], positive: String?
  ) throws -> (head: NumberHead, truth: Truth) {
    let numbers = try columns.map { column in
      guard let values = column.numbers else {
        throw DataError(
          "The target \"\(column.name)\" is not a number, so this cannot be a regression. Use --task classification, or another target."
        )
      }
      return values.gathered(rows[...])
    }
    return (NumberHead(targets: columns.map { TargetScale(name: $0.name) }), Truth(numbers: numbers))
  }

  /// Mean and standard deviation of each target.
  public func fitted(to truth: Truth) -> NumberHead {
    NumberHead(
      targets: zip(truth.numbers, targets).map { column, target in
        let center = mean(column)
        let deviation = mean(column.map { ($0 - center) * ($0 - center) }).squareRoot()
        return TargetScale(name: target.name, offset: center, factor: deviation > 0 ? deviation : 1)
      })
  }

  public func truth(_ truth: Truth, readBy other: any Head) throws -> Truth {
    guard truth.numbers.count == targets.count else {
      throw DataError("The model predicts \(targets.count) targets, and the data hold \(truth.numbers.count).")
    }
    return truth
  }

  /// Whether the column is one of the targets, number for number.
  public func isGivenAway(by column: Column, _ truth: Truth) -> Bool {
    guard let numbers = column.numbers else { return false }
    return truth.numbers.contains { $0.elementsEqual(numbers) }
  }
}

// MARK: From scores to answers

extension NumberHead {
  public var scoreCount: Int { targets.count }

  public var outputs: [OutputSchema] {
    [OutputSchema("prediction", targets.contains(where: \.isDouble) ? .double : .single, width: targets.count)]
  }

  public func finish(_ scores: UnsafeBufferPointer<Float>, into answers: UnsafeMutableBufferPointer<Double>) {
    for (position, scale) in targets.enumerated() {
      for i in stride(from: position, to: scores.count, by: targets.count) {
        answers[i] = Double(scores[i]) * scale.factor + scale.offset
      }
    }
  }

  public func label(of answer: ArraySlice<Double>) -> Int { 0 }

  public func fields(of answer: ArraySlice<Double>) -> [JSONValue.Member] {
    let isDouble = isDouble
    return zip(targets, answer).map { target, value in
      .init(
        targets.count == 1 ? "prediction" : "prediction_\(target.name)",
        .number(isDouble ? value : shortest(Float(value))))
    }
  }
}

// MARK: In a bundle

extension NumberHead {
  public init(model json: JSONValue, file: String) throws {
    let targets = try (json["signature"]?["targets"]?.array ?? []).map { scale in
      guard let name = scale["name"]?.string, let offset = scale["offset"]?.number, let factor = scale["factor"]?.number
      else {
        throw FormatError(file, "has a target without name, offset and factor in its signature.")
      }
      return TargetScale(name: name, offset: offset, factor: factor)
    }
    guard !targets.isEmpty else { throw FormatError(file, "needs targets in its signature.") }
    self.init(targets: targets)
  }

  public var signature: [JSONValue.Member] {
    let scales: [JSONValue] = targets.map {
      ["name": .string($0.name), "offset": .number($0.offset), "factor": .number($0.factor)]
    }
    return [.init("outputs", ["prediction"]), .init("targets", .array(scales))]
  }
}

// MARK: In a fit

extension NumberHead {
  /// The truth in the units of the scores, shape `[N, T]`.
  private func standardized(_ truth: Truth) -> Tensor {
    Tensor(uninitialized: [truth.count, targets.count]) { scaled in
      for (position, (column, scale)) in zip(truth.numbers, targets).enumerated() {
        for row in column.indices {
          scaled[row * targets.count + position] = Float((column[row] - scale.offset) / scale.factor)
        }
      }
    }
  }

  /// √(N wᵢ / Σ w) for each row, shape `[N, 1]`: errors times it have the weighted mean of squares as their mean.
  private func rootWeights(_ truth: Truth) -> Tensor? {
    truth.weights.map { weights in
      let mean = Float(truth.totalWeight / Double(truth.count))
      return Tensor(weights.map { ($0 / mean).squareRoot() }, shape: [weights.count, 1])
    }
  }

  public func loss(_ scores: Variable, _ truth: Truth) -> Variable {
    let targets = standardized(truth)
    guard let weights = rootWeights(truth) else { return meanSquaredError(scores, targets: targets) }
    return meanSquaredError(scores * scores.tape.constant(weights), targets: targets * weights)
  }

  public func lossAndGradient(_ scores: Tensor, _ truth: Truth) -> (loss: Double, gradient: Tensor) {
    var difference = scores - standardized(truth)
    let weights = rootWeights(truth)
    if let weights { difference = difference * weights }
    let loss = Double(square(difference).mean().scalar)
    if let weights { difference = difference * weights }
    return (loss: loss, gradient: difference * (2 / Float(difference.count)))
  }

  /// ½ the squared error, which is a mean over the T targets too.
  public var convexity: Convexity? { Convexity(curvature: 1, factor: 0.5 * Double(targets.count)) }

  public func balancingWeights(of truth: Truth, trainedOn train: Truth) -> [Float]? { nil }
}

// MARK: In the figures

extension NumberHead {
  public var watchedMetric: String { "r2" }

  /// The squared errors.
  public func watchedSum(_ scores: Tensor, _ truth: Truth) -> Double {
    Double(square(scores - standardized(truth)).sum().scalar)
  }

  /// 1 − their sum by the sum of the squared distances from the means.
  public func watchedValue(_ sum: Double, _ truth: Truth) -> Double {
    let spread = zip(truth.numbers, targets).reduce(0.0) { total, target in
      let center = mean(target.0)
      return total + target.0.reduce(0) { $0 + ($1 - center) * ($1 - center) } / (target.1.factor * target.1.factor)
    }
    return spread > 0 ? 1 - sum / spread : 0
  }

  public func metrics(_ answers: Answers, _ truth: Truth) -> [Metric] {
    regressionMetrics(
      targets: truth.numbers, predictions: (0..<answers.count).map { Array(answers.row($0)) }, names: targetNames)
  }

  /// Always the mean.
  public func baselineMetrics(trainedOn train: Truth, judgedOn truth: Truth) -> [Metric] {
    let means = train.numbers.map { mean($0) }
    return regressionMetrics(
      targets: truth.numbers, predictions: Array(repeating: means, count: truth.count), names: targetNames)
  }

  /// The difference of the squared errors as a part of the mean square around the mean.
  public func gains(of answers: Answers, _ truth: Truth, trainedOn train: Truth) -> [Double] {
    var gains = Array(repeating: 0.0, count: truth.count)
    for (position, (column, trained)) in zip(truth.numbers, train.numbers).enumerated() {
      let simplest = mean(trained)
      let center = mean(column)
      let spread = mean(column.map { ($0 - center) * ($0 - center) })
      guard spread > 0 else { continue }
      for (row, value) in column.enumerated() {
        let own = answers.values[row * answers.width + position] - value
        let other = simplest - value
        gains[row] += (other * other - own * own) / spread / Double(targets.count)
      }
    }
    return gains
  }

  public var baselineName: String { "the mean" }
  public var summary: String { "predicts a number" }
  public var hubTask: String { "tabular-regression" }
}
