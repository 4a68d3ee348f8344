// SPDX-License-Identifier: Apache-2.0
//
// Dropout: in training, a part of the numbers is set to zero at random, so that none is relied on alone.
//
// Before    Pairs.swift     After    Rearranging.swift
// Source    Srivastava et al., "Dropout" (2014), section 10, the inverted form

import SwiftletTensors

/// Drops each number with probability `rate` and scales the others up; nothing where the tape is not training.
public func dropout(_ x: Variable, rate: Float) -> Variable {
  guard x.tape.isTraining, rate > 0 else { return x }
  let mask = Tensor.dropoutMask(x.shape, rate: rate, using: &x.tape.generator)
  return x.tape.record(.dropout, x.value * mask, from: [x]) { upstream in [upstream * mask] }
}
