// SPDX-License-Identifier: Apache-2.0
//
// Solutions to 02 · Broadcasting

import SwiftletTensors

let features = Tensor([[150, 3], [170, 5], [190, 7]])  // [N, D]

// 1. The least is subtracted, the range divides: every column now goes from 0 to 1.
let least = -(-features).max(axis: 0)  // [D]
let range = features.max(axis: 0) - least  // [D]
print((features - least) / range)

// 2. A row minus a column is the table of all pairs.
let numbers = Tensor([[1, 4, 9]])  // [1, 3]
print(abs(numbers - numbers.transposed()))  // [1, 3] - [3, 1] gives [3, 3]
