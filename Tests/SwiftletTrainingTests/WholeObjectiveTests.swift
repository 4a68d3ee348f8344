// SPDX-License-Identifier: Apache-2.0

import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors
import SwiftletTestSupport
import Testing

@testable import SwiftletTraining

@Suite("The objective over all examples")
struct WholeObjectiveTests {
  private static let heads: [any Head] = [
    ClassHead(labels: ["a", "b"]), ClassHead(labels: ["a", "b", "c", "d"]),
  ]

  // 2,500 rows: two whole sums of 1,024 and a part of one, whose last block is a part of one too.
  @Test(
    "is its definition on all rows at once", arguments: heads.indices,
    [(1, false), (2, false), (2, true)] as [(Int, Bool)])
  func naiveTwin(position: Int, way: (threads: Int, isWeighted: Bool)) {
    let head = Self.heads[position]
    let classes = head.labels.count
    var generator = Generator(seed: 1)
    let features = Tensor.normal([2500, 37], using: &generator)
    var truth = Truth(labels: (0..<2500).map { _ in Int32(generator.below(classes)) })
    if way.isWeighted { truth.weights = (0..<2500).map { _ in 0.5 + Float(generator.uniform()) } }
    let layer = Linear(
      weight: .normal([head.scoreCount, 37], using: &generator), bias: .normal([head.scoreCount], using: &generator))
    let team = ThreadTeam(count: way.threads)
    var whole = WholeObjective(
      Objective(head, l2: 3), Examples(features: .dense(features), truth: truth), layer, team)
    var gradient: [Double] = []
    let value = whole.value(at: whole.numbers(of: layer), gradient: &gradient)

    let (mean, slope) = head.lossAndGradient(layer(features), truth)
    let share = Float(truth.totalWeight / 2500)
    let weightGradient = threeLoops(slope.transposed(), features) * share + layer.weight * (3 / 2500)
    let expected = weightGradient.scalars + (slope.sum(axis: 0) * share).scalars
    let penalty = 1.5 / 2500 * Double(square(layer.weight).sum().scalar)
    #expect(abs(value - (mean * Double(share) + penalty)) < 1e-5)
    expectClose(
      Tensor(gradient.map { Float($0) }, shape: [gradient.count]), Tensor(expected, shape: [expected.count]),
      tolerance: 1e-5)
    #expect(whole.looks == 1)
  }
}
