// SPDX-License-Identifier: Apache-2.0
//
// Sums and means of variables: every number that took part receives the same gradient.
//
// Before    Rearranging.swift     After    CrossEntropy.swift

import SwiftletTensors

extension Variable {
  /// The sum of all scalars, of rank 0.
  public func sum() -> Variable {
    let shape = shape
    return tape.record(.sum, value.sum(), from: [self]) { [Tensor(repeating: $0.scalar, shape: shape)] }
  }

  /// The mean of all scalars, of rank 0.
  public func mean() -> Variable {
    let shape = shape
    return tape.record(.mean, value.mean(), from: [self]) { upstream in
      [Tensor(repeating: upstream.scalar / Float(shape.elementCount), shape: shape)]
    }
  }
}
