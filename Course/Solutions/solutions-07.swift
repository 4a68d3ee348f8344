// SPDX-License-Identifier: Apache-2.0
//
// Solutions to 07 · XOR

import SwiftletAutograd
import SwiftletNN
import SwiftletTensors

let x = Tensor([[0, 0], [0, 1], [1, 0], [1, 1]])
let labels: [Int32] = [0, 1, 1, 0]

func isSolved(_ model: Sequential, _ x: Tensor) -> Bool {
  var (model, optimizer) = (model, Adam(learningRate: 0.05))
  for _ in 0..<300 {
    let tape = Tape(training: true)
    let loss = binaryCrossEntropy(logits: model(tape.constant(x)), labels: labels)
    optimizer.step(&model, gradients: tape.gradients(of: loss))
  }
  return zip(model(x).scalars, labels).allSatisfy { ($0 > 0) == ($1 == 1) }
}

// 1. Two units are enough in principle. Some starting points lead downhill into a place that is not the lowest; with
//    eight units there is nearly always a way out.
for size in [2, 8] {
  let solved = (1...5).count { seed in
    var generator = Generator(seed: UInt64(seed))
    return isSolved(
      Sequential(
        Linear(inputSize: 2, outputSize: size, using: &generator), Tanh(),
        Linear(inputSize: size, outputSize: 1, using: &generator)), x)
  }
  print("\(size) hidden units: \(solved == 5 ? "all" : "not all") of five seeds solve it")
}

// 2. With the product as a feature, a plane separates the classes: features can do what layers do.
let product = Tensor([[0, 0, 0], [0, 1, 0], [1, 0, 0], [1, 1, 1]])
var generator = Generator(seed: 1)
let plane = Sequential(Linear(inputSize: 3, outputSize: 1, using: &generator))
print("one layer with the product: \(isSolved(plane, product) ? "solved" : "not solved")")
