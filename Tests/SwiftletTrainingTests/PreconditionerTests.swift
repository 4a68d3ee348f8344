// SPDX-License-Identifier: Apache-2.0

import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors
import SwiftletTestSupport
import Testing

@testable import SwiftletTraining

@Suite("The preconditioner")
struct PreconditionerTests {
  @Test("leads from the gradient of a parabola to its minimum")
  func parabola() throws {
    // One feature, −1 and 1, and the bias: XᵀX/n is the identity, so the direction is the gradient itself.
    let features = FeatureMatrix.dense(Tensor([[-1], [1]]))
    let preconditioner = try #require(Preconditioner(features, curvature: 1, penalty: 0))
    var gradient = [3.0, 5.0]
    preconditioner.apply(to: &gradient)
    #expect(abs(gradient[0] - 3) < 0.01 && abs(gradient[1] - 5) < 1e-9)
    // With a penalty of 1 the curvature along the weight is 2.
    gradient = [3, 5]
    try #require(Preconditioner(features, curvature: 1, penalty: 1)).apply(to: &gradient)
    #expect(abs(gradient[0] - 1.5) < 0.01 && abs(gradient[1] - 5) < 1e-9)
  }

  @Test("features that never vary, or that are not finite, are no trap")
  func oddFeatures() throws {
    var gradient = [1.0, 1, 1]
    try #require(Preconditioner(.dense(Tensor([[0, 1], [0, 2]])), curvature: 1, penalty: 0)).apply(to: &gradient)
    #expect(gradient.allSatisfy { $0.isFinite })
    #expect(Preconditioner(.dense(Tensor([[.infinity], [1]])), curvature: 1, penalty: 0) == nil)
    #expect(Preconditioner(.dense(Tensor.zeros([4, 3])), curvature: 1, penalty: 0) == nil)
    #expect(Preconditioner(.dense(Tensor.zeros([1, 2049])), curvature: 1, penalty: 1) == nil)
  }

  @Test("a badly scaled fit needs a third of the steps, and ends at the same coefficients")
  func fewerSteps() throws {
    // Ten features that are nearly one, as neighboring pixels are.
    var generator = Generator(seed: 5)
    let n = 400
    let rows = (0..<n).map { _ -> [Float] in
      let common = generator.normal()
      return (0..<10).map { _ in Float(common + 0.05 * generator.normal()) }
    }
    let labels = rows.map { row in Int32(row[0] - row[1] + 0.05 * Float(generator.normal()) > 0 ? 1 : 0) }
    let examples = Examples(features: .dense(Tensor(rows)), truth: Truth(labels: labels))
    var settings = Recipe().training
    settings.tolerance = 1e-6
    settings.maximumIterations = 2000
    settings.l2 = 0.01
    var network = Sequential(Linear(weight: .zeros([1, 10]), bias: .zeros([1])))
    let objective = Objective(ClassHead(labels: ["a", "b"]), l2: settings.l2)
    let report = try ConvexFit(objective, settings).fit(&network, train: examples)

    var plain = Array(repeating: 0.0, count: 11)
    var evaluations = 0
    let result = LBFGS(tolerance: 1e-6, maximumIterations: 2000).minimize(&plain) { x, gradient in
      evaluations += 1
      let layer = Linear(
        weight: Tensor(x[..<10].map { Float($0) }, shape: [1, 10]), bias: Tensor([Float(x[10])], shape: [1]))
      let (loss, slope) = objective.head.lossAndGradient(layer(Tensor(rows)), examples.truth)
      let penalty = 0.01 / Double(n)
      gradient =
        matmul(slope, Tensor(rows), transposingLeft: true).scalars.map { Double($0) } + [Double(slope.sum().scalar)]
      for i in 0..<10 { gradient[i] += penalty * x[i] }
      return loss + x[..<10].reduce(0) { $0 + 0.5 * penalty * $1 * $1 }
    }
    #expect(report.ending == .converged && result.ending == .converged)
    #expect(report.epochs * 3 < result.iterations, "\(report.epochs) steps, and \(result.iterations) without")
    let found = network.parameters.flatMap { $0.value.scalars }
    for (a, b) in zip(found, plain) { #expect(abs(Double(a) - b) < 2e-2 * (1 + abs(b)), "\(a) and \(b)") }
  }
}
