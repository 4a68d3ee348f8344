// SPDX-License-Identifier: Apache-2.0
//
// Solutions to Lessons/15-what-a-filter-sees.swift

import SwiftletAutograd
import SwiftletNN
import SwiftletTensors

let side = 8
var chance = Generator(seed: 14)
let labels = (0..<200).map { Int32($0 % 2) }
let x = Tensor(labels.flatMap { bar(isUpright: $0 == 1, &chance) }, shape: [200, side, side, 1])

func bar(isUpright: Bool, _ chance: inout Generator) -> [Float] {
  let (line, start) = (chance.below(side), chance.below(4))
  return (0..<side * side).map { pixel in
    let (across, along) = isUpright ? (pixel % side, pixel / side) : (pixel / side, pixel % side)
    return across == line && (start..<start + 5).contains(along) ? 1 : 0
  }
}

func trained(filters: Int, _ chance: inout Generator) -> Sequential {
  var network = Sequential(
    Conv2d(inputChannels: 1, outputChannels: filters, using: &chance), ReLU(), GlobalAveragePool(),
    Linear(inputSize: filters, outputSize: 1, using: &chance))
  var optimizer = Adam(learningRate: 0.05)
  for _ in 0..<200 {
    let tape = Tape(training: true)
    let loss = binaryCrossEntropy(logits: network(tape.constant(x)), labels: labels)
    optimizer.step(&network, gradients: tape.gradients(of: loss))
  }
  return network
}

func draw(_ network: Sequential, isUpright: Bool, _ chance: inout Generator) {
  let tape = Tape()
  let picture = tape.parameter(Tensor(bar(isUpright: isUpright, &chance), shape: [1, side, side, 1]))
  let slope = tape.gradients(of: network(picture))[0].scalars
  let largest = slope.map { abs($0) }.max() ?? 1
  for row in 0..<side {
    let places = row * side..<(row + 1) * side
    let drawn = places.map { picture.value.scalars[$0] > 0 ? "█" : "·" }.joined()
    print(drawn + "   " + places.map { abs(slope[$0]) > largest / 4 ? "▒" : "·" }.joined())
  }
}

// 1. No: it lies around this bar, above and below it too, where a pixel more would wake the upright detector. Where both
//    filters are silent nothing is steep.
let two = trained(filters: 2, &chance)
print("a bar across, and where its score is steep")
draw(two, isUpright: false, &chance)

// 2. One filter finds one kind of bar. The other kind is where it found little: that is enough for most.
let one = trained(filters: 1, &chance)
let right = zip(one(x).scalars, labels).count { ($0 > 0) == ($1 == 1) }
print(
  "\nwith one filter \(right) of 200, by a detector for \(one.parameters[2].value[0, 0] > 0 ? "upright" : "across")")
print(one.parameters[0].value.reshaped(to: [3, 3]).rounded(decimals: 1))
