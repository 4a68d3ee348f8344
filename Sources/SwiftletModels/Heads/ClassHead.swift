// SPDX-License-Identifier: Apache-2.0
//
// ClassHead: one class of several.
//
// Two classes need one score, the log odds of the second; more need a score each, of which softmax makes
// probabilities. The loss is the negative logarithm of the probability of the true class.
//
// Shapes    N rows, C classes, S scores: 1 of two classes, else C
// Before    Heads.swift     After    NumberHead.swift
// Source    Goodfellow, Bengio, Courville (2016), sections 6.2.2.2 and 6.2.2.3

import Foundation
import SwiftletAutograd
import SwiftletFormats
import SwiftletTables
import SwiftletTensors

/// A class for each row.
public struct ClassHead: Head {
  public static let task = "classification"
  public static let keepsSpelling = true
  /// The most classes that are learned.
  public static let limit = 1000

  public let labels: [String]
  public var threshold: Double?

  /// A head for the given classes.
  ///
  /// - Parameters:
  ///   - labels: Their names in their order, at least two.
  ///   - threshold: The probability from which on the second of two is answered.
  public init(labels: [String], threshold: Double = 0.5) {
    self.labels = labels
    self.threshold = threshold
  }

  public var targetNames: [String] { [] }
  private var isBinary: Bool { labels.count == 2 }
}

// MARK: From a table to truth

extension ClassHead {
  /// Text, truth values and at most 20 distinct whole numbers are classes.
  public static func suits(_ columns: [Column]) -> Bool {
    guard columns.count == 1, let column = columns.first else { return false }
    guard let numbers = column.numbers else { return true }
    return numbers.distinct(atMost: 20)?.allSatisfy { $0 == $0.rounded() } ?? false
  }

  public static func prepare(
    _ columns: [Column], rows: [Int32], positive: String?
  ) throws -> (head: ClassHead, truth: Truth) {
    guard columns.count == 1, let column = columns.first else {
      throw DataError("A classification has one target; several are for a regression.")
    }
    let texts = rows.map { column.text(at: Int($0)) ?? "" }
    var names = sortedLabels(Array(Set(texts)))
    guard names.count > 1 else {
      throw DataError(
        "The target \"\(column.name)\" is \(quoted(names.first ?? "")) in every row: there is nothing to tell apart.")
    }
    if column.numbers != nil, names.count > 100 {
      throw DataError(
        "The target \"\(column.name)\" has \(names.count) distinct numbers. Use --task regression to predict a number.")
    }
    guard names.count <= limit else {
      throw DataError(
        "The target \"\(column.name)\" has \(names.count) classes, and at most \(limit) are learned. Is it an identifier?"
      )
    }
    if let positive {
      guard names.count == 2, names.contains(positive) else {
        throw DataError(
          "decision.positive is \(quoted(positive)), but the classes are \(names.prefix(8).joined(separator: ", ")).")
      }
      names = names.filter { $0 != positive } + [positive]
    }
    let positions = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
    return (ClassHead(labels: names), Truth(labels: texts.map { positions[$0] ?? 0 }))
  }

  public func fitted(to truth: Truth) -> ClassHead { self }

  public func truth(_ truth: Truth, readBy other: any Head) throws -> Truth {
    guard !other.labels.isEmpty else { throw DataError("The model predicts classes, and the data hold numbers.") }
    let positions = other.labels.map { labels.firstIndex(of: $0) }
    if let unknown = zip(other.labels, positions).first(where: { $0.1 == nil }) {
      throw DataError(
        "The data hold the label \(quoted(unknown.0)), which the model does not know: \(labels.joined(separator: ", "))."
      )
    }
    var own = truth
    own.labels = truth.labels.map { Int32(positions[Int($0)] ?? 0) }
    return own
  }

  /// Whether the column is the classes under other names, one to one.
  public func isGivenAway(by column: Column, _ truth: Truth) -> Bool {
    // Only few distinct numbers can be names of classes; a measurement that happens to separate is not a leak.
    if let numbers = column.numbers, numbers.distinct(atMost: labels.count)?.count != labels.count { return false }
    guard let keys = column.words?.codes else { return false }
    var labelOf: [Int32: Int32] = [:]
    for (key, label) in zip(keys, truth.labels) {
      guard labelOf[key, default: label] == label else { return false }
      labelOf[key] = label
    }
    return labelOf.count == labels.count && Set(labelOf.values).count == labels.count
  }
}

// MARK: From scores to answers

extension ClassHead {
  public var scoreCount: Int { isBinary ? 1 : labels.count }

  public var outputs: [OutputSchema] {
    [OutputSchema("probabilities", .single, width: labels.count), OutputSchema("label", .label, width: 1)]
  }

  public func finish(_ scores: UnsafeBufferPointer<Float>, into answers: UnsafeMutableBufferPointer<Double>) {
    guard !isBinary else {
      for row in scores.indices {
        let p = 1 / (1 + expf(-scores[row]))
        answers[2 * row] = Double(1 - p)
        answers[2 * row + 1] = Double(p)
      }
      return
    }
    let c = labels.count
    withUnsafeTemporaryAllocation(of: Float.self, capacity: c) { probabilities in
      for start in stride(from: 0, to: scores.count, by: c) {
        softmax(UnsafeBufferPointer(rebasing: scores[start..<start + c]), into: probabilities)
        for k in 0..<c { answers[start + k] = Double(probabilities[k]) }
      }
    }
  }

  /// Of two, the second from the threshold on; else the most probable.
  public func label(of answer: ArraySlice<Double>) -> Int {
    if isBinary { return answer[answer.startIndex + 1] >= threshold ?? 0.5 ? 1 : 0 }
    var best = answer.startIndex
    for i in answer.indices where answer[i] > answer[best] { best = i }
    return best - answer.startIndex
  }

  public func fields(of answer: ArraySlice<Double>) -> [JSONValue.Member] {
    [.init("prediction", .string(labels[label(of: answer)]))]
      + zip(labels, answer).map { .init("probability_\($0)", .number(shortest(Float($1)))) }
  }
}

// MARK: In a bundle

extension ClassHead {
  public init(model json: JSONValue, file: String) throws {
    guard let threshold = json["threshold"]?.number, threshold >= 0, threshold <= 1 else {
      throw FormatError(file, "needs a \"threshold\" from 0 to 1.")
    }
    guard let labels = json["signature"]?["labels"]?.strings, labels.count >= 2, Set(labels).count == labels.count
    else { throw FormatError(file, "needs at least two distinct labels in its signature.") }
    self.init(labels: labels, threshold: threshold)
  }

  public var signature: [JSONValue.Member] {
    [.init("outputs", ["label", "probabilities"]), .init("labels", JSONValue(labels))]
  }
}

// MARK: In a fit

extension ClassHead {
  public func loss(_ scores: Variable, _ truth: Truth) -> Variable {
    isBinary
      ? binaryCrossEntropy(logits: scores, labels: truth.labels, weights: truth.weights)
      : crossEntropy(logits: scores, labels: truth.labels, weights: truth.weights)
  }

  public func lossAndGradient(_ scores: Tensor, _ truth: Truth) -> (loss: Double, gradient: Tensor) {
    isBinary
      ? binaryCrossEntropyAndGradient(logits: scores, labels: truth.labels, weights: truth.weights)
      : crossEntropyAndGradient(logits: scores, labels: truth.labels, weights: truth.weights)
  }

  /// p (1 − p) is at most ¼.
  public var convexity: Convexity? { Convexity(curvature: 0.25) }

  /// n / (C · nₖ) for a row of class k.
  public func balancingWeights(of truth: Truth, trainedOn train: Truth) -> [Float]? {
    let weights = counts(of: train).map { Float(train.count) / Float(labels.count * max($0, 1)) }
    return truth.labels.map { weights[Int($0)] }
  }

  private func counts(of truth: Truth) -> [Int] {
    var counts = Array(repeating: 0, count: labels.count)
    for label in truth.labels { counts[Int(label)] += 1 }
    return counts
  }
}

// MARK: In the figures

extension ClassHead {
  public var watchedMetric: String { "accuracy" }

  /// The number of rows that are right.
  public func watchedSum(_ scores: Tensor, _ truth: Truth) -> Double {
    let answers = isBinary ? scores.scalars.map { $0 > 0 ? 1 : 0 } : scores.argmax(axis: 1)
    return Double(zip(truth.labels, answers).count { $0 == $1 })
  }

  public func watchedValue(_ sum: Double, _ truth: Truth) -> Double { sum / Double(truth.count) }

  public func metrics(_ answers: Answers, _ truth: Truth) -> [Metric] {
    classificationMetrics(
      labels: truth.labels, predicted: (0..<answers.count).map { Int32(label(of: answers.row($0))) },
      probabilities: Tensor(answers.values.map { Float($0) }, shape: [answers.count, answers.width]))
  }

  /// Always the most frequent class, as sure of it as it is frequent.
  public func baselineMetrics(trainedOn train: Truth, judgedOn truth: Truth) -> [Metric] {
    let majority = Int32(mostFrequent(in: train))
    let shares = Tensor(counts(of: train).map { Float($0) / Float(max(train.count, 1)) }, shape: [1, labels.count])
    return classificationMetrics(
      labels: truth.labels, predicted: truth.labels.map { _ in majority },
      probabilities: shares.gathered(Array(repeating: 0, count: truth.count)))
  }

  /// 1 where only the answer is right, −1 where only the most frequent class is.
  public func gains(of answers: Answers, _ truth: Truth, trainedOn train: Truth) -> [Double] {
    let majority = mostFrequent(in: train)
    return truth.labels.enumerated().map { row, own in
      (label(of: answers.row(row)) == Int(own) ? 1 : 0) - (majority == Int(own) ? 1 : 0)
    }
  }

  private func mostFrequent(in truth: Truth) -> Int {
    let counts = counts(of: truth)
    return counts.indices.max { counts[$0] < counts[$1] } ?? 0
  }

  public var baselineName: String { "the most frequent class" }
  public var summary: String { "tells \(labels.count) classes apart" }
  public var hubTask: String { "tabular-classification" }
}
