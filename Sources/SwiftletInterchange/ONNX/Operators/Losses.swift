// SPDX-License-Identifier: Apache-2.0
//
// Losses: how wrong scores are. A graph that was written while it was trained may hold one.
//
// Shapes    N rows, C classes, and further axes behind them
// Before    Attention.swift     After    Scaling.swift
// Source    onnx, docs/Operators.md: NegativeLogLikelihoodLoss, SoftmaxCrossEntropyLoss

import Foundation

extension Operators {
  static let losses: [Operator] = [
    Operator("NegativeLogLikelihoodLoss", since: 12) { context in
      let reduction = context.text("reduction", "mean")
      let ignored = context.integer("ignore_index")
      return { x in [try likelihood(try x[0], x, reduction, ignored)] }
    },
    Operator("SoftmaxCrossEntropyLoss", since: 12) { context in
      let reduction = context.text("reduction", "mean")
      let ignored = context.integer("ignore_index")
      return { x in
        let scores = try x[0]
        guard scores.rank >= 2 else { throw GraphError("it takes rows of scores, and was given \(scores.shape)") }
        let lines = try Lines(scores, axis: 1)
        var numbers = lines.numbers
        for start in lines.starts {
          let places = (0..<lines.length).map { start + $0 * lines.step }
          let total = logSumExp(places.map { lines.numbers[$0] }[...])
          for place in places { numbers[place] -= total }
        }
        let logarithms = GraphValue(scores.shape, .double(numbers)).cast(to: scores.type)
        return [try likelihood(logarithms, x, reduction, ignored), logarithms]
      }
    },
  ]

  /// The negative logarithm of the true class's probability, weighted.
  private static func likelihood(
    _ logarithms: GraphValue, _ x: Operands, _ reduction: String, _ ignored: Int?
  ) throws -> GraphValue {
    let labels = try x.integers(1)
    guard logarithms.rank >= 2 else { throw GraphError("it takes rows of scores, and was given \(logarithms.shape)") }
    let lines = try Lines(logarithms, axis: 1)
    let weights = try x.optional(2) == nil ? nil : x[2].doubles
    guard labels.count == lines.starts.count, weights.map({ $0.count == lines.length }) ?? true else {
      throw GraphError("its labels or weights do not fit the scores \(logarithms.shape)")
    }
    var losses = Array(repeating: 0.0, count: labels.count)
    var total = 0.0
    for (place, label) in labels.enumerated() where label != ignored {
      guard (0..<lines.length).contains(label) else { throw GraphError("there is no class \(label)") }
      let weight = weights?[label] ?? 1
      losses[place] = -weight * lines.numbers[lines.starts[place] + label * lines.step]
      total += weight
    }
    let result: GraphValue =
      switch reduction {
      case "none": GraphValue(try x[1].shape, .double(losses))
      case "sum": GraphValue([], .double([losses.reduce(0, +)]))
      default: GraphValue([], .double([losses.reduce(0, +) / total]))
      }
    return result.cast(to: logarithms.type)
  }
}
