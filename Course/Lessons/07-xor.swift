// SPDX-License-Identifier: Apache-2.0
//
// 07 · Why one layer is not enough: XOR
//
// You will learn   what a line cannot separate, and how a hidden layer bends the plane until it can.
// It prints        Course/Expected/07-xor.txt
// Try changing     the number of hidden units, to 2 and to 1.

import SwiftletAutograd
import SwiftletNN
import SwiftletTensors

// One of two, but not both. No line has the two zeros on one side and the two ones on the other.
let x = Tensor([[0, 0], [0, 1], [1, 0], [1, 1]])  // [N, 2]
let labels: [Int32] = [0, 1, 1, 0]

var generator = Generator(seed: 1)
var line = Sequential(Linear(inputSize: 2, outputSize: 1, using: &generator))
var network = Sequential(
  Linear(inputSize: 2, outputSize: 8, using: &generator), Tanh(), Linear(inputSize: 8, outputSize: 1, using: &generator)
)

print("One layer, which draws a line. ", terminator: "")
train(&line)  // the best it can do is to say 0.5 to everything
print("Two layers. ", terminator: "")
train(&network)
draw(network)

func train(_ model: inout Sequential) {
  var optimizer = Adam(learningRate: 0.05)
  for _ in 0..<300 {
    let tape = Tape(training: true)
    let loss = binaryCrossEntropy(logits: model(tape.constant(x)), labels: labels)
    optimizer.step(&model, gradients: tape.gradients(of: loss))
  }
  let probabilities = sigmoid(model(x))  // [N, 1]
  print("the four answers: \(probabilities.reshaped(to: [4]).rounded(decimals: 1))")
}

/// The decision boundary: where the model says 1, from (-0.5, -0.5) below left to (1.5, 1.5) above right.
func draw(_ model: Sequential) {
  for row in 0..<11 {
    let points = (0..<31).map { [-0.5 + Float($0) / 15, 1.5 - Float(row) / 5] }
    let logits = model(Tensor(points))  // [31, 1]
    print("    " + logits.scalars.map { $0 > 0 ? "█" : "·" }.joined())
  }
}

// Exercises
// 1. Train with 2 hidden units and seeds 1 to 5. How many of the five solve it? Why not all?
// 2. Give a single layer the product of both inputs as a third one. Is one layer enough now?
// Solutions/solutions-07.swift
