// SPDX-License-Identifier: Apache-2.0
//
// The table of rules: every operation that can be differentiated.
//
// Each has a file of its own in `Rules/`, with its value and its gradient side by side. The tests switch
// over this table to check every gradient against finite differences, so that a rule without a check
// does not compile.
//
// Before    Tape.swift     After    Rules/Arithmetic.swift

/// The operations that a tape can record.
public enum Rule: String, Sendable, CaseIterable {
  /// Arithmetic, number by number; shapes broadcast.
  case add, subtract, multiply, divide
  /// A matrix product; a product with a bias and an activation in one pass.
  case matmul, affine
  /// A window of weights at every place of a picture; pictures made smaller.
  case convolution, maxPooling, averagePooling
  /// Activations, number by number.
  case relu, tanh, sigmoid, gelu
  /// The exponential and the natural logarithm, number by number.
  case exp, log
  /// Normalizations along the last axis.
  case softmax, logSoftmax, layerNorm
  /// A normalization of a picture's channels in groups.
  case groupNorm
  /// Columns of codes, replaced by rows of tables.
  case embedColumns
  /// Scores of pairs of codes from two tables, and the squares of the rows that they look up.
  case pairScores, pairSquares
  /// Rows of a table by their index; numbers set to 0 at random.
  case embedding, dropout
  /// The same numbers in another shape or order.
  case reshape, transpose, concatenation
  /// Reductions of all numbers to a scalar.
  case sum, mean
  /// Losses, from logits or predictions to a scalar.
  case crossEntropy, binaryCrossEntropy, meanSquaredError
}
