// SPDX-License-Identifier: Apache-2.0
//
// 03 · The slope by hand: what a gradient is
//
// You will learn   that a gradient says how much the loss changes when one number changes, and how to measure it.
// It prints        Course/Expected/03-slope-by-hand.txt
// Try changing     the step: 1 does no harm, as this loss is a parabola; 0.000001 drowns in rounding.

import SwiftletTensors

// A line y = weight · x + bias, and three points that it should go through.
let x = Tensor([[1], [2], [3]])  // [N, 1]
let y = Tensor([[3], [5], [7]])  // [N, 1]

// How wrong the line is: the mean of the squared errors. Training means making this small.
func loss(_ weight: Float, _ bias: Float) -> Float {
  square(x * weight + bias - y).mean().scalar
}

print("loss of y = 1·x + 0: \(loss(1, 0))")
print("loss of y = 2·x + 1: \(loss(2, 1))")
print()

// Move one number a little to both sides and look at what the loss does: a central difference.
let step: Float = 0.01
func slope(_ weight: Float, _ bias: Float) -> (weight: Float, bias: Float) {
  let byWeight = (loss(weight + step, bias) - loss(weight - step, bias)) / (2 * step)
  let byBias = (loss(weight, bias + step) - loss(weight, bias - step)) / (2 * step)
  return (byWeight, byBias)
}

// On paper: the derivative by the weight is the mean of 2 · error · x, by the bias the mean of 2 · error.
// The errors at (1, 0) are -2, -3, -4, so it is 2 · (-2 - 6 - 12) / 3 = -13.33 and 2 · -9 / 3 = -6.
let measured = slope(1, 0)
print("slope by the weight \(Tensor(measured.weight).rounded(decimals: 2)), on paper -13.33")
print("slope by the bias \(Tensor(measured.bias).rounded(decimals: 2)), on paper -6")
print()

// Both are negative: the loss falls where weight and bias grow. So take a step against the slope.
var (weight, bias) = (Float(1), Float(0))
for _ in 0..<200 {
  let gradient = slope(weight, bias)
  weight -= 0.1 * gradient.weight
  bias -= 0.1 * gradient.bias
}
let line = Tensor([weight, bias], shape: [2]).rounded(decimals: 2)
print("after 200 steps the weight and the bias are \(line): the line on which the points lie")

// Exercises
// 1. Count how often `loss` is called for one slope. How often would it be for a model of 235,146 numbers?
// 2. Make the steps longer: 0.15 instead of 0.1, then 0.19. From when on does the loss grow instead of shrinking?
// Solutions/solutions-03.swift
