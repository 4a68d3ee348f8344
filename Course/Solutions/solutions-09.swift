// SPDX-License-Identifier: Apache-2.0
//
// Solutions to 09 · Overfitting

import SwiftletAutograd
import SwiftletNN
import SwiftletTensors

typealias Points = (features: Tensor, labels: [Int32])

func points(_ count: Int, _ generator: inout Generator) -> Points {
  let features = Tensor.uniform([count, 2], in: -1..<1, using: &generator)
  let labels = (0..<count).map { row in
    Int32((features[row, 0] + features[row, 1] > 0) == (generator.uniform() > 0.2) ? 1 : 0)
  }
  return (features, labels)
}

func loss(_ network: Sequential, _ points: Points) -> Float {
  binaryCrossEntropy(logits: Tape().constant(network(points.features)), labels: points.labels).value.scalar
}

// 1. A thousand points are too many to learn by heart: what is learned of them holds for others.
var generator = Generator(seed: 9)
let test = points(1000, &generator)
for count in [60, 1000] {
  let train = points(count, &generator)
  var seeded = Generator(seed: 1)
  var network = Sequential(
    Linear(inputSize: 2, outputSize: 64, using: &seeded), ReLU(),
    Linear(inputSize: 64, outputSize: 32, using: &seeded), ReLU(), Linear(inputSize: 32, outputSize: 1, using: &seeded))
  var optimizer = Adam(learningRate: 0.01)
  for _ in 0..<150 {
    let tape = Tape(training: true)
    let loss = binaryCrossEntropy(logits: network(tape.constant(train.features)), labels: train.labels)
    optimizer.step(&network, gradients: tape.gradients(of: loss))
  }
  let ratio = loss(network, test) / loss(network, train)
  print("trained on \(count): the loss of other points is \(ratio > 2 ? "several times" : "about") that of its own")
}

// 2. Whatever chooses becomes part of the training. The epoch was chosen because it fits the validation points, so
//    their loss is a little too good; only points that chose nothing can judge.
