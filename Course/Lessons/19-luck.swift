// SPDX-License-Identifier: Apache-2.0
//
// 19 · Is it better, or luck?
//
// You will learn   that scores by fold share their rows, and that a test which overlooks it is wrong half of the time.
// It prints        Course/Expected/19-luck.txt
// Try changing     the number of people, 300: do more of them help the test that is wrong?

import SwiftletModels
import SwiftletTensors

/// People who are ill or not, with two measurements that tell it equally well.
struct People {
  var areIll: [Bool] = []
  var measured: [[Double]] = [[], []]
  init(_ count: Int, _ generator: inout Generator) {
    for _ in 0..<count {
      let isIll = generator.uniform() < 0.5
      areIll.append(isIll)
      for column in 0...1 { measured[column].append(generator.normal() + (isIll ? 1 : 0)) }
    }
  }

  /// The accuracy on a fold of who looks at one measurement, and learned on the others where the middle is.
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

  /// By how much the second learner is more accurate, fold by fold. Each repeat deals the folds out anew.
  func differences(folds: Int, repeats: Int, _ generator: inout Generator) -> [Double] {
    (0..<repeats).flatMap { _ in
      let dealt = generator.permutation(of: areIll.count).map { Int($0) % folds }
      return (0..<folds).map { accuracy(lookingAt: 1, on: $0, of: dealt) - accuracy(lookingAt: 0, on: $0, of: dealt) }
    }
  }
}

// A test at 5 % may be wrong once in twenty times. The naive one takes the scores for independent: s/√m.
print("200 comparisons of two equal learners. One is said to be better by")
for (folds, repeats) in [(5, 1), (5, 5), (10, 10)] {
  var generator = Generator(seed: 1)
  var (naive, corrected) = (0, 0)
  for _ in 0..<200 {
    let scores = People(300, &generator).differences(folds: folds, repeats: repeats, &generator)
    let (m, center) = (Double(scores.count), scores.reduce(0, +) / Double(scores.count))
    let deviation = (scores.reduce(0) { $0 + ($1 - center) * ($1 - center) } / (m - 1)).squareRoot()
    if abs(center) > studentQuantile(0.975, degreesOfFreedom: m - 1) * deviation / m.squareRoot() { naive += 1 }
    if let interval = FoldMean(scores, folds: folds).interval, !(interval.low...interval.high ~= 0) { corrected += 1 }
  }
  print("  \(folds) folds × \(repeats): the naive test in \(naive), the corrected one in \(corrected)")
}
// Exercises: 1. Make one measurement better, by 0.3. How often is it noticed? 2. What do more repeats bring each test?
// Solutions/solutions-19.swift
