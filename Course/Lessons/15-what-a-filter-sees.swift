// SPDX-License-Identifier: Apache-2.0
//
// 15 · What a filter sees, and what the whole network looks at
//
// You will learn   that a window is learned like any weight, and that a slope by the pixels shows what an answer rests on.
// It prints        Course/Expected/15-what-a-filter-sees.txt
// Try changing     the number of filters, to 1 and to 4.

import SwiftletAutograd
import SwiftletNN
import SwiftletTensors

// Pictures of 8 by 8 pixels with one bar of five: across (0) or upright (1), anywhere.
let side = 8
var chance = Generator(seed: 14)
let labels = (0..<200).map { Int32($0 % 2) }
let x = Tensor(labels.flatMap { bar(isUpright: $0 == 1, &chance) }, shape: [200, side, side, 1])  // [N, H, W, C]

func bar(isUpright: Bool, _ chance: inout Generator) -> [Float] {
  let (line, start) = (chance.below(side), chance.below(4))
  return (0..<side * side).map { pixel in
    let (across, along) = isUpright ? (pixel % side, pixel / side) : (pixel / side, pixel % side)
    return across == line && (start..<start + 5).contains(along) ? 1 : 0
  }
}

// Two filters of 3 by 3, and then one question: how much did each find, on the mean of the picture?
var network = Sequential(
  Conv2d(inputChannels: 1, outputChannels: 2, using: &chance), ReLU(), GlobalAveragePool(),
  Linear(inputSize: 2, outputSize: 1, using: &chance))
var optimizer = Adam(learningRate: 0.05)
for _ in 0..<200 {
  let tape = Tape(training: true)
  let loss = binaryCrossEntropy(logits: network(tape.constant(x)), labels: labels)
  optimizer.step(&network, gradients: tape.gradients(of: loss))
}
let right = zip(network(x).scalars, labels).count { ($0 > 0) == ($1 == 1) }
print("\(right) of 200 are told apart")

// Nobody said what a bar is. Each filter became a detector, and its weight behind says what for.
let (windows, voices) = (network.parameters[0].value, network.parameters[2].value)
for filter in 0..<2 {
  print("\na filter that speaks for \(voices[0, filter] > 0 ? "upright" : "across")")
  print(windows.reshaped(to: [2, 9]).rows(filter..<filter + 1).reshaped(to: [3, 3]).rounded(decimals: 1))
}

// Now the weights hold still, and the tape is asked for the slope of the score by each pixel of one picture.
let tape = Tape()
let picture = tape.parameter(Tensor(bar(isUpright: true, &chance), shape: [1, side, side, 1]))
let slope = tape.gradients(of: network(picture))[0].scalars  // the picture was lifted first
let largest = slope.map { abs($0) }.max() ?? 1
print("\nthe picture, and where its score is steep")
for row in 0..<side {
  let places = row * side..<(row + 1) * side
  let drawn = places.map { picture.value.scalars[$0] > 0 ? "█" : "·" }.joined()
  print(drawn + "   " + places.map { abs(slope[$0]) > largest / 4 ? "▒" : "·" }.joined())
}
// Exercises: 1. Is it the same for a bar across? 2. Train with one filter. What does it find, and what does it not need?
// Solutions/solutions-15.swift
