// SPDX-License-Identifier: Apache-2.0
//
// Solutions to 04 · The gradient by machine

import SwiftletAutograd
import SwiftletTensors

let x = Tensor([[1], [2], [3]])
let y = Tensor([[3], [5], [7]])

// 1. With w = exp(v) the chain rule says: the slope by v is the slope by w, times exp(v). At v = 1, where 04
//    stands, w is 2.72: the line is too steep already, and the slope is positive. At v = 0 the factor is 1, and the
//    slope is the one of w = 1.
for v: Float in [1, 0] {
  let tape = Tape()
  let inner = tape.parameter(Tensor(v))
  let loss = meanSquaredError(tape.constant(x) * exp(inner), targets: y)
  print("by v at \(v): \(tape.gradients(of: loss)[0].rounded(decimals: 2))")
}

// 2. Both places count: the slope of a · a is 2a.
let tape = Tape()
let a = tape.parameter(Tensor(3))
print("by a in a · a, at 3: \(tape.gradients(of: (a * a).sum())[0])")
