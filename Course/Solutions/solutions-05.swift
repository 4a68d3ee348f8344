// SPDX-License-Identifier: Apache-2.0
//
// Solutions to 05 · Fitting a line

import SwiftletAutograd
import SwiftletNN
import SwiftletTensors

var generator = Generator(seed: 5)
let x = Tensor.uniform([40, 1], in: -1..<1, using: &generator)
let y = x * 3 - 1 + Tensor.normal([40, 1], standardDeviation: 0.2, using: &generator)
let start = Linear(inputSize: 1, outputSize: 1, using: &generator)

func fit(_ optimizer: some Optimizer, _ x: Tensor, _ y: Tensor, epochs: Int) -> Linear {
  var (model, optimizer) = (start, optimizer)
  for _ in 0..<epochs {
    let tape = Tape(training: true)
    let loss = meanSquaredError(model(tape.constant(x)), targets: y)
    optimizer.step(&model, gradients: tape.gradients(of: loss))
  }
  return model
}

// 1. Adam steps by its learning rate whatever the slope is: slower where the slope is large, as here at the start.
for epochs in [10, 40] {
  let losses = [fit(SGD(learningRate: 0.1), x, y, epochs: epochs), fit(Adam(learningRate: 0.1), x, y, epochs: epochs)]
    .map { square($0(x) - y).mean().rounded(decimals: 1).scalar }
  print("after \(epochs) epochs: loss \(losses[0]) with SGD, \(losses[1]) with Adam")
}

// 2. A square makes a point that is far off count a hundred times: ten such points pull the line away from all others.
let wrong = concatenated([y, Tensor(repeating: 20, shape: [10, 1])], axis: 0)
let places = concatenated([x, Tensor.uniform([10, 1], in: -1..<1, using: &generator)], axis: 0)
let bias = fit(SGD(learningRate: 0.1), places, wrong, epochs: 200).bias[0]
print("the bias is \(bias > 2 ? "far above" : "near") -1 now")
