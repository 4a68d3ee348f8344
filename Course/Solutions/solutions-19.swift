// SPDX-License-Identifier: Apache-2.0
//
// Solutions to 19 · Is it better, or luck?

import SwiftletModels
import SwiftletTensors

/// People, as in the lesson; the second measurement tells more by `lead`.
struct People {
  var areIll: [Bool] = []
  var measured: [[Double]] = [[], []]

  init(_ count: Int, lead: Double, _ generator: inout Generator) {
    for _ in 0..<count {
      let isIll = generator.uniform() < 0.5
      areIll.append(isIll)
      for column in 0...1 {
        measured[column].append(generator.normal() + (isIll ? 1 + Double(column) * lead : 0))
      }
    }
  }

  func accuracy(lookingAt column: Int, on fold: Int, of folds: [Int]) -> Double {
    var (sums, counts) = ([0.0, 0.0], [0.0, 0.0])
    for person in areIll.indices where folds[person] != fold {
      sums[areIll[person] ? 1 : 0] += measured[column][person]
      counts[areIll[person] ? 1 : 0] += 1
    }
    let middle = (sums[0] / counts[0] + sums[1] / counts[1]) / 2
    let held = areIll.indices.filter { folds[$0] == fold }
    return Double(held.count { (measured[column][$0] > middle) == areIll[$0] }) / Double(held.count)
  }

  func differences(folds: Int, repeats: Int, _ generator: inout Generator) -> [Double] {
    (0..<repeats).flatMap { _ in
      let dealt = generator.permutation(of: areIll.count).map { Int($0) % folds }
      return (0..<folds).map { accuracy(lookingAt: 1, on: $0, of: dealt) - accuracy(lookingAt: 0, on: $0, of: dealt) }
    }
  }
}

/// In how many of some comparisons each test says that one of the two is better.
func claims(_ count: Int, lead: Double, repeats: Int) -> (naive: Int, corrected: Int) {
  var generator = Generator(seed: 1)
  var (naive, corrected) = (0, 0)
  for _ in 0..<count {
    let scores = People(300, lead: lead, &generator).differences(folds: 10, repeats: repeats, &generator)
    let (m, center) = (Double(scores.count), scores.reduce(0, +) / Double(scores.count))
    let deviation = (scores.reduce(0) { $0 + ($1 - center) * ($1 - center) } / (m - 1)).squareRoot()
    if abs(center) > studentQuantile(0.975, degreesOfFreedom: m - 1) * deviation / m.squareRoot() { naive += 1 }
    if let interval = FoldMean(scores, folds: 10).interval, !(interval.low...interval.high ~= 0) { corrected += 1 }
  }
  return (naive, corrected)
}

// 1. 300 people are few: a lead of 0.3 is five more right answers of 100, and it is seen in less than a third of the
//    comparisons. Who wants to see it needs more people. The naive test sees it more often, as it sees what is not there.
for lead in [0.3, 0.6] {
  let found = claims(100, lead: lead, repeats: 10)
  print("a lead of \(lead) is noticed in \(found.corrected) of 100 comparisons, by the naive test in \(found.naive)")
}

// 2. The naive test becomes wrong more and more often: it takes what is counted again for something new. The corrected
//    one does not: repeats smooth out how the folds were dealt, and nothing makes up for people who are not there.
for repeats in [1, 10, 40] {
  let found = claims(50, lead: 0, repeats: repeats)
  print("\(repeats) repeats, no lead: naive \(found.naive) of 50, corrected \(found.corrected) of 50")
}
