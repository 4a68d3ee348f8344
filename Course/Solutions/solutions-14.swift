// SPDX-License-Identifier: Apache-2.0
//
// Solutions to Lessons/14-convolution.swift

import SwiftletTensors

let row: [Float] = [0, 0, 0, 9, 9, 9]
let picture = Tensor((0..<4).flatMap { _ in row }, shape: [1, 4, 6, 1])  // [N, H, W, C]

func found(by window: Tensor) -> Tensor {
  convolution(picture, weight: window.reshaped(to: [1, 1, 3, 3]), bias: Tensor.zeros([1])).reshaped(to: [4, 6])
}

// 1. Below minus above. Inside, all rows are alike; the border is an edge, because the frame is dark.
print("horizontal edges")
print(found(by: Tensor([[-1, -1, -1], [0, 0, 0], [1, 1, 1]])))
print()

// 2. A pixel changes where its neighbors differ from it: at the edge, and at the border with its dark frame.
print("blurred")
print(found(by: Tensor.ones([3, 3]) / 9).rounded(decimals: 1))
