// SPDX-License-Identifier: Apache-2.0
//
// 04 · The gradient by machine: a tape that remembers
//
// You will learn   how a tape records a computation, and plays it backwards to get every slope at once.
// It prints        Course/Expected/04-gradient-by-machine.txt
// Try changing     the loss: anything made of +, -, *, /, exp, matmul has a gradient.

import SwiftletAutograd
import SwiftletTensors

// The line and the points of 03.
let x = Tensor([[1], [2], [3]])  // [N, 1]
let y = Tensor([[3], [5], [7]])  // [N, 1]

// What is done with a variable is written on its tape. A parameter is a number that is to be learned.
let tape = Tape()
let weight = tape.parameter(Tensor(1))
let bias = tape.parameter(Tensor(0))
let predictions = tape.constant(x) * weight + bias  // [N, 1]
let loss = meanSquaredError(predictions, targets: y)
print("loss \(loss.value)")

// Backwards along the tape: each rule asks how its result would change, and passes that on to what it was made from.
let gradients = tape.gradients(of: loss)  // one for each parameter, in their order
print("by the machine: \(gradients[0]) by the weight, \(gradients[1]) by the bias")

// The same by hand, as in 03.
func measuredLoss(_ weight: Float, _ bias: Float) -> Float { square(x * weight + bias - y).mean().scalar }
let step: Float = 0.01
let byHand = [
  (measuredLoss(1 + step, 0) - measuredLoss(1 - step, 0)) / (2 * step),
  (measuredLoss(1, step) - measuredLoss(1, -step)) / (2 * step),
]
for (machine, hand) in zip(gradients, byHand) {
  let agrees = abs(machine.scalar - hand) < 0.01
  print("they agree to a hundredth: \(agrees)")
}

// By hand each parameter costs two evaluations. The tape gives all of them for the price of about three: that is why
// networks with millions of parameters can be trained.

// Exercises
// 1. Take `exp` of the weight in the predictions. What is the gradient by it now, and can you say why on paper?
// 2. Let one parameter stand in two places of the loss. Does its gradient count both?
// Solutions/solutions-04.swift
