// SPDX-License-Identifier: Apache-2.0
//
// Embedding: a learned row of numbers for each entry of a vocabulary.
//
// Shapes    V vocabulary, D numbers in each row, T positions
// Before    GroupNorm.swift     After    EmbedColumns.swift
// Source    Bengio et al., "A Neural Probabilistic Language Model" (2003), section 2

import SwiftletTensors

/// The rows of `table` with the given positions.
///
/// - Parameters:
///   - indices: T positions from 0 to V − 1.
///   - table: Shape `[V, D]`.
/// - Returns: Shape `[T, D]`.
public func embedding(_ indices: [Int32], in table: Variable) -> Variable {
  let shape = table.shape
  return table.tape.record(.embedding, table.value.gathered(indices), from: [table]) { upstream in
    // A row that was used several times receives the sum.
    var gradient = Tensor.zeros(shape)
    let width = shape[1]
    gradient.withUnsafeMutableScalars { gradient in
      upstream.withUnsafeScalars { upstream in
        for (position, index) in indices.enumerated() {
          for i in 0..<width { gradient[Int(index) * width + i] += upstream[position * width + i] }
        }
      }
    }
    return [gradient]
  }
}
