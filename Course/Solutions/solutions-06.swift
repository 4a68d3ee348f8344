// SPDX-License-Identifier: Apache-2.0
//
// Solutions to 06 · Logistic regression

import SwiftletTensors

let hours = Tensor([[0.5], [1], [1.5], [2], [2.5], [3], [3.5], [4], [4.5], [5]])
let labels = Tensor([0, 0, 0, 1, 0, 1, 0, 1, 1, 1], shape: [10, 1])

func fit(l2: Float) -> (weight: Tensor, bias: Tensor) {
  var (weight, bias) = (Tensor(0), Tensor(0))
  for _ in 0..<2000 {
    let error = sigmoid(hours * weight + bias) - labels
    weight -= ((error * hours).mean() + weight * l2) * 0.5
    bias -= error.mean() * 0.5
  }
  return (weight, bias)
}

// 1. The chances rise with every hour, most where they are even.
let free = fit(l2: 0)
for time: Float in [1, 3, 5] {
  print("after \(time) hours: \(sigmoid(free.weight * time + free.bias).rounded(decimals: 2))")
}

// 2. Every unit of weight now costs something, so the weight grows only as long as the fit gains more than that.
print("weight \(free.weight.rounded(decimals: 2)), with a penalty \(fit(l2: 0.1).weight.rounded(decimals: 2))")
