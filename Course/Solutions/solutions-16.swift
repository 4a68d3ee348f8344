// SPDX-License-Identifier: Apache-2.0
//
// Solutions to Lessons/16-recommend.swift

import SwiftletAutograd
import SwiftletTensors

let films = ["Chase", "Crash", "Comet", "Kiss", "Rose", "Waltz"]
let rows: [[Float]] = [
  [5, 4, 5, 1, 0, 2],
  [4, 5, 0, 2, 1, 0],
  [0, 4, 4, 0, 2, 1],
  [1, 0, 2, 5, 4, 4],
  [2, 1, 0, 4, 5, 0],
  [0, 2, 1, 0, 5, 5],
]

/// All ratings, filled as in the lesson.
func filled(_ rows: [[Float]]) -> Tensor {
  let stars = Tensor(rows)  // [U, V]
  let known = Tensor(stars.scalars.map { $0 > 0 ? 1 : 0 }, shape: stars.shape)
  let count = known.sum().scalar
  let mean = stars.sum().scalar / count
  var generator = Generator(seed: 16)
  var tastes = Tensor.normal([6, 2], standardDeviation: 0.1, using: &generator)  // [U, K]
  var traits = Tensor.normal([6, 2], standardDeviation: 0.1, using: &generator)  // [V, K]
  for _ in 0...600 {
    let tape = Tape()
    let (p, q) = (tape.parameter(tastes), tape.parameter(traits))
    let guess = matmul(p, q, transposingRight: true) + mean
    let error = (guess - tape.constant(stars)) * tape.constant(known)
    let loss = (error * error).sum() / count
    let gradients = tape.gradients(of: loss + ((p * p).sum() + (q * q).sum()) * 0.01)
    tastes -= gradients[0] * 0.5
    traits -= gradients[1] * 0.5
  }
  return matmul(tastes, traits.transposed()) + mean
}

// 1. Finn's other guesses move, and so do those of people for Chase: a rating speaks of both.
var changed = rows
changed[5][0] = 5
let (before, after) = (filled(rows), filled(changed))
print("what Finn's rating of Chase changes")
print((after - before).rounded(decimals: 1))
print()

// 2. The tastes of a newcomer are zeros, and zeros times any traits are nothing: every film gets the mean. It is better to
//    show what most people liked, which is why the library learns a number for each item beside its traits.
let stars = Tensor(rows)
let known = Tensor(stars.scalars.map { $0 > 0 ? 1 : 0 }, shape: stars.shape)
let means = stars.sum(axis: 0) / known.sum(axis: 0)  // [V]
let best = films.indices.max { means[$0] < means[$1] } ?? 0
print("liked by most: \(films[best]), \(Tensor(means[best]).rounded(decimals: 1)) stars")
