// SPDX-License-Identifier: Apache-2.0
//
// Pooling on variables: a picture made smaller, by the largest of four pixels or by the mean of all.
//
// Shapes    N pictures, H the height, W the width, C channels
// Before    Convolution.swift     After    Activations.swift

import SwiftletTensors

/// The largest number of every square of four pixels, channel by channel.
///
/// - Parameter x: Shape `[N, H, W, C]`, of at least two pixels each way.
/// - Returns: Shape `[N, H / 2, W / 2, C]`, rounded down.
public func maxPooled(_ x: Variable) -> Variable {
  let input = x.value
  let output = maxPooled(input)
  return x.tape.record(.maxPooling, output, from: [x]) { upstream in
    [maxPoolingGradient(upstream, input: input, output: output)]
  }
}

/// The mean of every channel over a whole picture.
///
/// - Parameter x: Shape `[N, H, W, C]`.
/// - Returns: Shape `[N, C]`.
public func averagePooled(_ x: Variable) -> Variable {
  let shape = x.shape
  let output = averagePooled(x.value)
  let share = 1 / Float(max(shape[1] * shape[2], 1))
  return x.tape.record(.averagePooling, output, from: [x]) { upstream in
    // Every pixel has the same part in the mean.
    [upstream.reshaped(to: [shape[0], 1, 1, shape[3]]) * share + .zeros(shape)]
  }
}

/// The mean of every channel over a whole picture: `[N, H, W, C]` becomes `[N, C]`.
public func averagePooled(_ x: Tensor) -> Tensor {
  guard x.rank == 4 else { stop("averagePooled: needs pictures [N, H, W, C], but the shape is \(x.shape)") }
  return x.reshaped(to: [x.shape[0], x.shape[1] * x.shape[2], x.shape[3]]).mean(axis: 1)
}
