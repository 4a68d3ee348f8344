// SPDX-License-Identifier: Apache-2.0
//
// 09 · Overfitting, and three remedies measured
//
// You will learn   how a network learns noise by heart, how that shows, and what three remedies bring.
// It prints        Course/Expected/09-overfitting.txt
// Try changing     the number of training points, to 1,000: more data is the best remedy of all.

import SwiftletAutograd
import SwiftletNN
import SwiftletTensors
typealias Points = (features: Tensor, labels: [Int32])

// Class 1 lies right of a line, but one label in five is wrong: no model can be right on more than 80 percent.
func points(_ count: Int, _ generator: inout Generator) -> Points {
  let features = Tensor.uniform([count, 2], in: -1..<1, using: &generator)  // [N, 2]
  let labels = (0..<count).map { row in
    let isRight = features[row, 0] + features[row, 1] > 0
    return Int32(isRight == (generator.uniform() > 0.2) ? 1 : 0)
  }
  return (features, labels)
}
var generator = Generator(seed: 9)
let train = points(60, &generator)
let validation = points(200, &generator)
let test = points(1000, &generator)

func fit(weightDecay: Float = 0, dropout: Float = 0, stopsEarly: Bool = false) -> Sequential {
  var generator = Generator(seed: 1)
  var network = Sequential(
    Linear(inputSize: 2, outputSize: 64, using: &generator), ReLU(), Dropout(rate: dropout),
    Linear(inputSize: 64, outputSize: 32, using: &generator), ReLU(), Dropout(rate: dropout),
    Linear(inputSize: 32, outputSize: 1, using: &generator))
  var optimizer = Adam.adamW(learningRate: 0.01, weightDecay: weightDecay)
  var (best, leastLoss) = (network, Float.infinity)
  for epoch in 1...300 {
    let tape = Tape(training: true, generator: Generator(seed: UInt64(epoch)))
    let loss = binaryCrossEntropy(logits: network(tape.constant(train.features)), labels: train.labels)
    optimizer.step(&network, gradients: tape.gradients(of: loss))
    let measured = stopsEarly ? evaluate(network, validation).loss : 0
    if measured < leastLoss { (best, leastLoss) = (network, measured) }
  }
  return stopsEarly ? best : network
}

func evaluate(_ network: Sequential, _ points: Points) -> (loss: Float, right: Int) {
  let logits = network(points.features)  // [N, 1]
  let loss = binaryCrossEntropy(logits: Tape().constant(logits), labels: points.labels).value.scalar
  return (loss, zip(logits.scalars, points.labels).count { ($0 > 0) == ($1 == 1) } * 100 / points.labels.count)
}
for (name, network) in [
  ("nothing      ", fit()), ("weight decay ", fit(weightDecay: 8)), ("dropout      ", fit(dropout: 0.8)),
  ("stopped early", fit(stopsEarly: true)),
] {
  let (learned, unseen) = (evaluate(network, train), evaluate(network, test))
  let loss = Tensor([learned.loss, unseen.loss], shape: [2]).rounded(decimals: 1)
  print("\(name)  right on \(learned.right) percent of the training points, \(unseen.right) of others; loss \(loss)")
}
// Exercises: 1. And 1,000 points? 2. Why may the validation points choose the epoch, and the test points may not?
// Solutions/solutions-09.swift
