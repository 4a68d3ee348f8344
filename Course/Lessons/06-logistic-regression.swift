// SPDX-License-Identifier: Apache-2.0
//
// 06 · Logistic regression: from its formula, then with the library
//
// You will learn   how a line becomes a probability, and that the library computes what the formula says.
// It prints        Course/Expected/06-logistic-regression.txt
// Try changing     a label, so that someone who studied 5 hours failed: the line gets less steep.

import SwiftletAutograd
import SwiftletTensors

// Hours of study, and whether the exam was passed.
let hours = Tensor([[0.5], [1], [1.5], [2], [2.5], [3], [3.5], [4], [4.5], [5]])  // [N, 1]
let passed: [Int32] = [0, 0, 0, 1, 0, 1, 0, 1, 1, 1]  // [N]
let labels = Tensor(passed.map { Float($0) }, shape: [10, 1])

// The logit is a line; the sigmoid brings it between 0 and 1. The gradient of the mean log loss is as simple as can
// be: the mean of (probability - label) · feature. (Bishop 2006, equation 4.91)
var (weight, bias) = (Tensor(0), Tensor(0))
for _ in 0..<2000 {
  let error = sigmoid(hours * weight + bias) - labels  // [N, 1]
  weight -= (error * hours).mean() * 0.5
  bias -= error.mean() * 0.5
}
print("by the formula  weight \(weight.rounded(decimals: 2)), bias \(bias.rounded(decimals: 2))")

// The same with a tape: the library knows the loss, and finds the gradient by itself.
var parameters = [Tensor(0), Tensor(0)]
for _ in 0..<2000 {
  let tape = Tape()
  let (weight, bias) = (tape.parameter(parameters[0]), tape.parameter(parameters[1]))
  let logits = tape.constant(hours) * weight + bias  // [N, 1]
  let gradients = tape.gradients(of: binaryCrossEntropy(logits: logits, labels: passed))
  for i in 0..<2 { parameters[i] -= gradients[i] * 0.5 }
}
print("by the library  weight \(parameters[0].rounded(decimals: 2)), bias \(parameters[1].rounded(decimals: 2))")
print("an even chance at \((-bias / weight).rounded(decimals: 2)) hours")
print()

// A model that is sure of 0 where the label is 1. In 32 bits its probability is rounded to 0, and the logarithm of 0 is
// no number to learn from. From the logit itself the loss is exact.
let sure = Tensor([[-200]])  // the logit, [1, 1]
let tape = Tape()
print("loss of the wrong answer, from its probability: \(-log(sigmoid(sure)).scalar)")
print("from its logit: \(binaryCrossEntropy(logits: tape.constant(sure), labels: [1]).value)")

// Exercises
// 1. What are the chances after 1, 3 and 5 hours?
// 2. Add ½ · weight² / 10 to the loss (its gradient is weight / 10). Why does the weight shrink?
// Solutions/solutions-06.swift
