// SPDX-License-Identifier: Apache-2.0
//
// ClassScores: from scores to probabilities and labels, as the operators of classical machine learning have it in common.
//
// Two classes may come as one score, that of the second. What the first one has then is said nowhere in the standard; it is
// done here as onnxruntime does it.
//
// Before    Scaling.swift     After    Linear.swift
// Source    onnx, docs/Operators-ml.md, the attribute post_transform; onnxruntime, core/providers/cpu/ml/ml_common.h

import Foundation

/// The names of classes, and what becomes of their scores.
struct ClassScores: Sendable {
  /// How scores become numbers that are answered.
  enum Transform: String {
    case none = "NONE"
    case softmax = "SOFTMAX"
    case sigmoid = "LOGISTIC"
    case softmaxOfNonzero = "SOFTMAX_ZERO"
    case probit = "PROBIT"

    init(_ context: NodeContext) throws {
      let name = context.text("post_transform", "NONE")
      self = try Transform(rawValue: name).orThrow(GraphError("the post_transform \(name) is not supported"))
    }

    func callAsFunction(_ scores: [Double]) -> [Double] {
      switch self {
      case .none: return scores
      case .sigmoid: return scores.map(Operators.sigmoid)
      case .probit: return scores.map { 2.0.squareRoot() * inverseErrorFunction(2 * $0 - 1) }
      case .softmax:
        let total = Operators.logSumExp(scores[...])
        return scores.map { exp($0 - total) }
      case .softmaxOfNonzero:
        let total = Operators.logSumExp(scores.filter { $0 != 0 }[...])
        return scores.map { $0 == 0 ? 0 : exp($0 - total) }
      }
    }
  }

  /// The labels as a list, of which positions are picked.
  let labels: GraphValue
  let transform: Transform

  init(_ context: NodeContext, integers: String) throws {
    transform = try Transform(context)
    if let texts = context.texts("classlabels_strings"), !texts.isEmpty {
      labels = GraphValue([texts.count], texts)
    } else {
      let numbers = context.integers(integers) ?? []
      labels = GraphValue([numbers.count], numbers.map { Int64($0) })
    }
    guard labels.count > 0 else { throw GraphError("it names no classes") }
  }

  /// Number of classes.
  var count: Int { labels.count }

  /// What two classes are answered of the second one's score.
  func pair(_ score: Double) -> [Double] {
    transform == .sigmoid ? [Operators.sigmoid(-score), Operators.sigmoid(score)] : [-score, score]
  }

  /// The outputs: a label for each row, and the numbers of its classes.
  func outputs(_ classes: [Int], _ numbers: [[Double]]) throws -> [GraphValue] {
    let width = numbers.first?.count ?? count
    guard classes.allSatisfy({ $0 < count }) else { throw GraphError("it has more scores than classes") }
    return [
      labels.picking(classes, shape: [classes.count]),
      GraphValue([numbers.count, width], numbers.joined().map { Float($0) }),
    ]
  }
}

/// The position of the largest number, the first of equal ones.
func firstLargest(_ numbers: [Double]) -> Int {
  numbers.indices.reduce(0) { numbers[$1] > numbers[$0] ? $1 : $0 }
}

/// x with erf(x) = y, by a formula in elementary functions.
///
/// Source: Winitzki, "A handy approximation for the error function and its inverse" (2008), with a = 0.147.
private func inverseErrorFunction(_ y: Double) -> Double {
  let logarithm = log((1 - y) * (1 + y))
  let first = 2 / (Double.pi * 0.147) + logarithm / 2
  return (y < 0 ? -1 : 1) * ((first * first - logarithm / 0.147).squareRoot() - first).squareRoot()
}
