// SPDX-License-Identifier: Apache-2.0
//
// ClassHead: one class of several.
//
// Two classes need one score, the log odds of the second; more need a score each, of which softmax makes
// probabilities. The loss is the negative logarithm of the probability of the true class.
//
// Shapes    N rows, C classes, S scores: 1 of two classes, else C
// Before    Heads/Heads.swift     After    ClassTruth.swift
// Source    Goodfellow, Bengio, Courville (2016), sections 6.2.2.2 and 6.2.2.3

import Foundation
import SwiftletFormats
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
  ///   - threshold: The least probability at which the second of two is answered.
  public init(labels: [String], threshold: Double = 0.5) {
    self.labels = labels
    self.threshold = threshold
  }

  public var targetNames: [String] { [] }
  var isBinary: Bool { labels.count == 2 }
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

  /// Of two classes, the second if it reaches the threshold; else the most probable.
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
