// SPDX-License-Identifier: Apache-2.0
//
// Solutions to 01 · Tensors

import SwiftletTensors

let flowers = Tensor([[1.5, 0.2], [4.5, 1.5], [6.0, 2.5]])  // [3, 2]

// 1. The largest of each column stands in the last row of both.
print("largest \(flowers.max(axis: 0)), in rows \(flowers.argmax(axis: 0))")

// 2. Reshaping keeps the order of the numbers and moves the ends of the rows. Transposing makes rows of the columns.
print("reshaped")
print(flowers.reshaped(to: [2, 3]))
print("transposed")
print(flowers.transposed())
