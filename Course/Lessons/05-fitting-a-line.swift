// SPDX-License-Identifier: Apache-2.0
//
// 05 · Fitting a line: the training loop
//
// You will learn   the fifteen lines in which every network is trained: predict, measure, differentiate, step.
// It prints        Course/Expected/05-fitting-a-line.txt
// Try changing     the learning rate, to 0.001 (slow) and to 1 (it never settles).

import SwiftletAutograd
import SwiftletNN
import SwiftletTensors

// Forty points near the line y = 3x - 1, with noise: what a sensor gives, and not what it means.
var generator = Generator(seed: 5)
let x = Tensor.uniform([40, 1], in: -1..<1, using: &generator)  // [N, 1]
let noise = Tensor.normal([40, 1], standardDeviation: 0.2, using: &generator)
let y = x * 3 - 1 + noise  // [N, 1]

var model = Linear(inputSize: 1, outputSize: 1, using: &generator)
var optimizer = SGD(learningRate: 0.1)
for epoch in 0...100 {
  let tape = Tape(training: true)
  let predictions = model(tape.constant(x))  // [N, 1]
  let loss = meanSquaredError(predictions, targets: y)
  let gradients = tape.gradients(of: loss)
  optimizer.step(&model, gradients: gradients)
  if epoch % 20 == 0 {
    print("epoch \(epoch): loss \(loss.value.rounded(decimals: 2))")
  }
}

print("learned: weight \(model.weight.rounded(decimals: 2)), bias \(model.bias.rounded(decimals: 2))")
let least = square(noise).mean().rounded(decimals: 2)
print("the noise alone has a mean square of \(least), so this is as near as a line can come")

// Exercises
// 1. Replace SGD by Adam with the same learning rate. Is it faster here?
// 2. Put ten points at y = 20 among the others. What becomes of the line, and what does that say of squared errors?
// Solutions/solutions-05.swift
