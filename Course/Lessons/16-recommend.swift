// SPDX-License-Identifier: Apache-2.0
//
// 16 · Recommend: a table with holes, filled by tastes
//
// You will learn   that tastes and traits can be learned from ratings alone, and how they fill what nobody has rated.
// It prints        Course/Expected/16-recommend.txt
// Try changing     the number of tastes, and the penalty on them, to 0.

import SwiftletAutograd
import SwiftletTensors

let people = ["Ada", "Bo", "Cleo", "Dan", "Eve", "Finn"]
let films = ["Chase", "Crash", "Comet", "Kiss", "Rose", "Waltz"]
// From 1 to 5 stars; 0: not seen. The first three like it loud, the others not. Nobody has told us so.
let stars = Tensor([
  [5, 4, 5, 1, 0, 2],
  [4, 5, 0, 2, 1, 0],
  [0, 4, 4, 0, 2, 1],
  [1, 0, 2, 5, 4, 4],
  [2, 1, 0, 4, 5, 0],
  [0, 2, 1, 0, 5, 5],
])  // [U, V]
let known = Tensor(stars.scalars.map { $0 > 0 ? 1 : 0 }, shape: stars.shape)
let count = known.sum().scalar
let mean = stars.sum().scalar / count

// A person is two numbers, a film is two numbers, and how well they go together is their product: P · Qᵀ.
let (rate, penalty): (Float, Float) = (0.5, 0.01)
var generator = Generator(seed: 16)
var tastes = Tensor.normal([6, 2], standardDeviation: 0.1, using: &generator)  // P, [U, K]
var traits = Tensor.normal([6, 2], standardDeviation: 0.1, using: &generator)  // Q, [V, K]
for epoch in 0...600 {
  let tape = Tape()
  let (p, q) = (tape.parameter(tastes), tape.parameter(traits))
  let guess = matmul(p, q, transposingRight: true) + mean  // [U, V]
  // Only what was rated is compared. The penalty keeps numbers small for which few ratings speak.
  let error = (guess - tape.constant(stars)) * tape.constant(known)
  let loss = (error * error).sum() / count
  if epoch % 200 == 0 { print("epoch \(epoch)  mean squared error \(Tensor(loss.value.scalar).rounded(decimals: 2))") }
  let gradients = tape.gradients(of: loss + ((p * p).sum() + (q * q).sum()) * penalty)
  tastes -= gradients[0] * rate
  traits -= gradients[1] * rate
}

let ratings = matmul(tastes, traits.transposed()) + mean
print("\nall ratings, the unseen ones too")
print(ratings.rounded(decimals: 1))
for (user, name) in people.enumerated() {
  let unseen = films.indices.filter { known[user, $0] == 0 }
  guard let best = unseen.max(by: { ratings[user, $0] < ratings[user, $1] }) else { continue }
  print("\(name): \(films[best]), \(ratings.rounded(decimals: 1)[user, best]) stars, is the best of the unseen")
}

// Films are alike whose traits point the same way, whoever has seen them: the cosine of the angle between them.
func cosine(_ a: Tensor, _ b: Tensor) -> Float { ((a * b).sum() / sqrt((a * a).sum() * (b * b).sum())).scalar }
let likeness = films.indices.map { cosine(traits.rows(0..<1), traits.rows($0..<$0 + 1)) }
let order = films.indices.sorted { likeness[$0] > likeness[$1] }
print("like \(films[0]): \(films[order[1]]), then \(films[order[2]]); least of all \(films[order[5]])")
// Exercises: 1. Finn rates Chase with 5. What else changes? 2. A newcomer has rated nothing. What can be said?
// Solutions/solutions-16.swift
