// SPDX-License-Identifier: Apache-2.0
//
// The preconditioner of the convex fit: knowing the curvature before the first step.
//
// The second derivatives of a loss with respect to a row of weights are XᵀDX/n. D is 1 for half the squared error,
// and p (1 − p), at most ¼, for log loss: how much the loss bends in a direction depends above all on how much the
// features vary in it, which one pass over them shows. Beginning from the inverse of this matrix, and not from a multiple
// of the identity, L-BFGS needs a tenth of the steps on pictures, whose neighboring pixels are nearly the same.
//
// Shapes    N examples, D features, C outputs
// Before    CheckpointReader.swift     After    WholeObjective.swift
// Source    Böhning, "Multinomial logistic regression algorithm" (1992), for the bound;
//           Nocedal, Wright, "Numerical Optimization" (2006), section 7.2, for the choice of H₀

import SwiftletTables
import SwiftletTensors

/// An estimate of the inverse second derivatives, the same for every output.
struct Preconditioner: Sendable {
  private let factor: CholeskyFactor
  private let inputSize: Int

  /// The largest number of features for which the factoring pays.
  private static let largestWidth = 2048
  /// Number of rows, spread over all, that show the second moments well enough.
  private static let sampleSize = 8192

  /// Looks at the features; `nil` if they are too wide, or if their second moments cannot be factored.
  ///
  /// - Parameters:
  ///   - curvature: What stands in the place of D: 1 for half the squared error, ¼ for log loss.
  ///   - penalty: What the penalty on the weights adds to their second derivatives: l2 / N.
  init?(_ features: FeatureMatrix, curvature: Double, penalty: Double) {
    let (n, d) = (features.rowCount, features.width)
    guard n > 0, d <= Self.largestWidth else { return nil }
    let count = min(n, Self.sampleSize)
    let sample = (0..<count).map { Int32($0 * n / count) }
    var products = Tensor.zeros([d, d])  // XᵀX
    var sums = Tensor.zeros([d])
    for start in stride(from: 0, to: count, by: 1024) {
      let x = features.gathered(sample[start..<min(start + 1024, count)])  // [B, D]
      matmul(x, x, transposingLeft: true, addingTo: &products)
      sums += x.sum(axis: 0)
    }
    // The bias is the weight of one more feature, which is always 1: row and column D.
    let size = d + 1
    let scale = curvature / Double(count)
    var moments = Array(repeating: 0.0, count: size * size)
    products.withUnsafeScalars { products in
      sums.withUnsafeScalars { sums in
        for row in 0..<d {
          for column in 0..<d { moments[row * size + column] = Double(products[row * d + column]) * scale }
          moments[row * size + d] = Double(sums[row]) * scale
          moments[d * size + row] = moments[row * size + d]
        }
      }
    }
    moments[d * size + d] = curvature
    let trace = (0..<d).reduce(0) { $0 + moments[$1 * size + $1] }
    for i in 0..<d {
      // A little more than was measured, so that what hardly varies in the sample has no huge step.
      moments[i * size + i] += penalty + 1e-3 * moments[i * size + i] + 1e-6 * trace / Double(d)
    }
    guard moments.allSatisfy(\.isFinite), let factor = CholeskyFactor(moments, size: size) else { return nil }
    self.factor = factor
    inputSize = d
  }

  /// Replaces a gradient by the direction in which a quadratic of this curvature has its minimum, but for the sign.
  ///
  /// - Parameter gradient: The weights' C · D numbers, then the biases' C.
  func apply(to gradient: inout [Double]) {
    let (d, c) = (inputSize, gradient.count / (inputSize + 1))
    var sides: [Double] = []
    for row in 0..<c {
      sides += gradient[row * d..<(row + 1) * d]
      sides.append(gradient[c * d + row])
    }
    factor.solve(&sides)
    for row in 0..<c {
      for column in 0..<d { gradient[row * d + column] = sides[row * (d + 1) + column] }
      gradient[c * d + row] = sides[row * (d + 1) + d]
    }
  }
}
