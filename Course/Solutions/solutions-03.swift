// SPDX-License-Identifier: Apache-2.0
//
// Solutions to 03 · The slope by hand

import SwiftletTensors

let x = Tensor([[1], [2], [3]])
let y = Tensor([[3], [5], [7]])

// 1. Twice for each number. A model of 235,146 numbers would need 470,292 evaluations for one step.
nonisolated(unsafe) var count = 0
func loss(_ weight: Float, _ bias: Float) -> Float {
  count += 1
  return square(x * weight + bias - y).mean().scalar
}
_ = (loss(1.01, 0) - loss(0.99, 0)) / 0.02
_ = (loss(1, 0.01) - loss(1, -0.01)) / 0.02
print("\(count) evaluations for a slope of 2 numbers, \(2 * 235_146) for one of 235,146")

// 2. A step that is too long lands on the other side, higher up than it began.
for stepLength: Float in [0.1, 0.15, 0.19, 0.2] {
  var (weight, bias) = (Float(1), Float(0))
  for _ in 0..<20 {
    let error = x * weight + bias - y
    weight -= stepLength * 2 * (error * x).mean().scalar
    bias -= stepLength * 2 * error.mean().scalar
  }
  let grows = loss(weight, bias) > loss(1, 0)
  print("steps of \(stepLength): after 20 of them the loss is \(grows ? "larger" : "smaller") than at the start")
}
