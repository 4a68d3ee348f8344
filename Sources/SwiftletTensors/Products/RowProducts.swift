// SPDX-License-Identifier: Apache-2.0
//
// Row products: the two products of a classifier with few classes, and its softmax.
//
// Ten classes are too few for GEMM, which copies all features into its own order before it multiplies them: the copy is
// more than the product. Here the features are read where they are.
//
// Shapes    N rows, D features, C classes
// Before    PackedMatrix.swift     After    Convolution.swift

import CVectorMath

/// The scores x · Wᵀ + b of some rows, shape `[N, C]`.
///
/// - Parameters:
///   - x: The features, shape `[N, D]`.
///   - weight: One row for each class, shape `[C, D]`.
///   - bias: One number for each class, shape `[C]`.
package func scores(
  of x: Tensor, weight: Tensor, bias: Tensor, instructions: VectorInstructions = .best
) -> Tensor {
  let (n, d) = x.rowsAndColumns(for: "scores")
  let (c, inputSize) = weight.rowsAndColumns(for: "scores")
  guard d == inputSize, bias.shape == [c] else {
    stop("scores: rows of shape \(x.shape) do not fit a weight of \(weight.shape) and a bias of \(bias.shape)")
  }
  return Tensor(uninitialized: [n, c]) { y in
    x.withUnsafeScalars { x in
      weight.withUnsafeScalars { weight in
        bias.withUnsafeScalars { bias in
          guard let x = x.baseAddress, let weight = weight.baseAddress, let bias = bias.baseAddress,
            let y = y.baseAddress
          else { return }
          swiftlet_score_rows(instructions.rawValue, x, n, d, weight, c, y)
          addBias(bias, .identity, to: y, rows: n, width: c)  // in bounds: the bias is padded, and so is the new tensor
        }
      }
    }
  }
}

/// sums ← sums + slopesᵀ · x: what some rows add to the gradient of a weight.
///
/// Few classes are too few for GEMM, which would copy all of `x` into its own order for them.
///
/// - Parameters:
///   - slopes: The gradient of the scores, shape `[N, C]`.
///   - x: The features, shape `[N, D]`.
///   - sums: Shape `[C, D]`.
package func addProduct(
  transposing slopes: Tensor, _ x: Tensor, to sums: inout Tensor, instructions: VectorInstructions = .best
) {
  let (n, c) = slopes.rowsAndColumns(for: "addProduct")
  let (rows, d) = x.rowsAndColumns(for: "addProduct")
  guard n == rows, sums.shape == [c, d] else {
    stop("addProduct: cannot add the product of \(slopes.shape)ᵀ and \(x.shape) to a tensor of shape \(sums.shape)")
  }
  let width = Int(SWIFTLET_PANEL_WIDTH)
  sums.withUnsafeMutableScalars { sums in
    slopes.withUnsafeScalars { slopes in
      x.withUnsafeScalars { x in
        guard let sums = sums.baseAddress, let slopes = slopes.baseAddress, let x = x.baseAddress else { return }
        // The matrix is its own panels: one begins sixteen columns after another. The last may be read fifteen numbers
        // beyond the end of a row, which is within the padding of a storage block even for the last row.
        swiftlet_multiply(
          instructions.rawValue, swiftlet_scalars(numbers: slopes, row_step: 1, step: c),
          swiftlet_panels(numbers: x, panel_step: width, step: d), c, n, d, sums, 1)
      }
    }
  }
}

/// The softmax of every row of scores, shape `[N, C]`: what `softmax(_:)` computes, many rows at a time.
package func softmaxRows(_ scores: Tensor, instructions: VectorInstructions = .best) -> Tensor {
  let (n, c) = scores.rowsAndColumns(for: "softmaxRows")
  return Tensor(uninitialized: [n, c]) { probabilities in
    scores.withUnsafeScalars { scores in
      guard let scores = scores.baseAddress, let probabilities = probabilities.baseAddress else { return }
      // In bounds: fifteen numbers beyond the end are within the padding of both blocks, and the new one has one owner.
      swiftlet_softmax_rows(instructions.rawValue, scores, n, c, probabilities)
    }
  }
}
