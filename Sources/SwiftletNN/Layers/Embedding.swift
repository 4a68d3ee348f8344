// SPDX-License-Identifier: Apache-2.0
//
// Embedding: a learned row of numbers for each entry of a vocabulary.
//
// Its input is positions and not numbers, so it stands at the front of a model that is written by hand,
// not in a Sequential.
//
// Shapes    V vocabulary, D numbers in each row, T positions
// Before    LayerNorm.swift     After    EmbedColumns.swift

import SwiftletAutograd
import SwiftletTensors

/// A table of V rows with D learned numbers each.
public struct Embedding: Sendable {
  /// Shape `[V, D]`; normally distributed at first, as PyTorch makes it.
  public var weight: Tensor

  /// V rows of normally distributed numbers.
  public init(vocabularySize: Int, size: Int, using generator: inout Generator) {
    weight = Initializer.normal()([vocabularySize, size], using: &generator)
  }

  /// The rows of the given positions, shape `[T, D]`.
  public func callAsFunction(_ indices: [Int32]) -> Tensor { weight.gathered(indices) }

  /// The same on a tape, onto which the table is lifted.
  public func callAsFunction(_ indices: [Int32], on tape: Tape) -> Variable {
    embedding(indices, in: tape.parameter(weight))
  }
}
