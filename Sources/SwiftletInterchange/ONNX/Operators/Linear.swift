// SPDX-License-Identifier: Apache-2.0
//
// Linear: weighted sums of the features.
//
// Shapes    N rows, D features, C classes or targets
// Before    ClassScores.swift     After    Encoding.swift
// Source    onnx, docs/Operators-ml.md: LinearClassifier, LinearRegressor

import SwiftletTensors

extension Operators {
  static let linear: [Operator] = [
    learning("LinearClassifier") { context in
      let classes = try ClassScores(context, integers: "classlabels_ints")
      let sums = try WeightedSums(context)
      return { x in
        let scores = try sums(x)
        guard sums.count > 1 || classes.count != 2 else {
          return try classes.outputs(scores.map { $0[0] > 0 ? 1 : 0 }, scores.map { classes.pair($0[0]) })
        }
        return try classes.outputs(scores.map(firstLargest), scores.map { classes.transform($0) })
      }
    },
    learning("LinearRegressor") { context in
      let sums = try WeightedSums(context, count: context.integer("targets", 1))
      let transform = try ClassScores.Transform(context)
      return { x in
        let scores = try sums(x).map { transform($0) }
        return [GraphValue([scores.count, sums.count], scores.joined().map { Float($0) })]
      }
    },
  ]
}

/// W · x + b for each row.
private struct WeightedSums: Sendable {
  let weight: Tensor  // [C, D]
  let bias: [Float]
  /// C, the number of sums.
  var count: Int { weight.shape[0] }

  init(_ context: NodeContext, count: Int? = nil) throws {
    let weights = try context.floats("coefficients").orThrow(context.missing("coefficients"))
    let bias = context.floats("intercepts") ?? []
    let count = count ?? max(bias.count, 1)
    guard count > 0, !weights.isEmpty, weights.count % count == 0, bias.isEmpty || bias.count == count else {
      throw GraphError("\(weights.count) coefficients and \(bias.count) intercepts do not fit \(count) sums")
    }
    weight = Tensor(weights, shape: [count, weights.count / count])
    self.bias = bias.isEmpty ? Array(repeating: 0, count: count) : bias
  }

  func callAsFunction(_ x: Operands) throws -> [[Double]] {
    let rows = try Rows(x)
    guard rows.width == weight.shape[1] else {
      throw GraphError("it takes rows of \(weight.shape[1]) numbers, and was given \(rows.width)")
    }
    let product = matmul(Tensor(rows.numbers, shape: [rows.count, rows.width]), weight, transposingRight: true)
    return product.withUnsafeScalars { product in
      (0..<rows.count).map { row in bias.indices.map { Double(product[row * bias.count + $0] + bias[$0]) } }
    }
  }
}
