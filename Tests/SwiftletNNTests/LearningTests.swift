// SPDX-License-Identifier: Apache-2.0

import SwiftletAutograd
import SwiftletNN
import SwiftletTensors
import SwiftletTestSupport
import Testing

@Suite("Learning")
struct LearningTests {
  private let corners = Tensor([[0, 0], [0, 1], [1, 0], [1, 1]])

  private func trainedOnXOR(seed: UInt64) -> (model: Sequential, loss: Float) {
    var generator = Generator(seed: seed)
    var model = Sequential(
      Linear(inputSize: 2, outputSize: 8, using: &generator), Tanh(),
      Linear(inputSize: 8, outputSize: 1, using: &generator))
    var optimizer = Adam(learningRate: 0.05)
    var last: Float = 0
    for _ in 0..<200 {
      let tape = Tape(training: true)
      let loss = binaryCrossEntropy(logits: model(tape.constant(corners)), labels: [0, 1, 1, 0])
      last = loss.value.scalar
      optimizer.step(&model, gradients: tape.gradients(of: loss))
    }
    return (model, last)
  }

  @Test("solves XOR with seed 1, and the same seed gives the same bits")
  func xor() {
    let (model, loss) = trainedOnXOR(seed: 1)
    #expect(loss < 0.05)
    #expect(sigmoid(model(corners)).scalars.map { $0 > 0.5 } == [false, true, true, false])
    #expect(trainedOnXOR(seed: 1).model.parameters.map(\.value) == model.parameters.map(\.value))
  }

  @Test("updates parameters in place and leaves a kept copy alone")
  func keptCopy() {
    var generator = Generator(seed: 1)
    var model = Sequential(Linear(inputSize: 2, outputSize: 1, using: &generator))
    let kept = model
    let before = kept.parameters.map { $0.value.scalars }
    var optimizer = SGD(learningRate: 1)
    let tape = Tape()
    let loss = model(tape.constant(corners)).sum()
    optimizer.step(&model, gradients: tape.gradients(of: loss))
    #expect(kept.parameters.map { $0.value.scalars } == before)
    #expect(model.parameters.map { $0.value.scalars } != before)
  }

  @Test("minimizes Rosenbrock's valley by L-BFGS")
  func rosenbrock() {
    var x = [-1.2, 1.0]
    let result = LBFGS(tolerance: 1e-8, maximumIterations: 200).minimize(&x) { x, gradient in
      let (a, b) = (1 - x[0], x[1] - x[0] * x[0])
      gradient = [-2 * a - 400 * x[0] * b, 200 * b]
      return a * a + 100 * b * b
    }
    #expect(result.ending == .converged)
    #expect(abs(x[0] - 1) < 1e-6 && abs(x[1] - 1) < 1e-6)
  }

  @Test("says when L-BFGS diverges, reaches its limit, or is interrupted")
  func endings() {
    func bowl(_ x: [Double], _ gradient: inout [Double]) -> Double {
      gradient = x.enumerated().map { Double($0.offset + 1) * $0.element }
      return zip(x, gradient).reduce(0) { $0 + $1.0 * $1.1 / 2 }
    }
    var x = [5.0, -3, 2]
    #expect(
      LBFGS(tolerance: 1e-12, maximumIterations: 1).minimize(&x, objective: bowl).ending == .reachedMaximumIterations)
    #expect(
      LBFGS(tolerance: 1e-12).minimize(&x, progress: { _, _ in false }, objective: bowl).ending == .interrupted)
    #expect(LBFGS(tolerance: 1e-9).minimize(&x, objective: bowl).ending == .converged)
    #expect(x.allSatisfy { abs($0) < 1e-8 })
    #expect(LBFGS().minimize(&x, objective: { _, _ in .nan }).ending == .diverged)
  }

  @Test("calls a gradient that is NaN where the search begins a divergence, and steps back from one that comes later")
  func nanGradient() {
    var x = [1.0]
    let atOnce = LBFGS().minimize(&x) { x, gradient in
      gradient = [.nan]
      return x[0]
    }
    #expect(atOnce.ending == .diverged && x == [1])
    // A bowl around 2 that is not defined from 1 on: the search comes near, and ends on this side.
    x = [-3]
    let later = LBFGS().minimize(&x) { x, gradient in
      gradient = [x[0] < 1 ? x[0] - 2 : .nan]
      return x[0] < 1 ? (x[0] - 2) * (x[0] - 2) / 2 : 0
    }
    #expect(later.ending == .stalled && later.gradientLength.isFinite)
    #expect(x[0] > 0 && x[0] < 1)
  }

  @Test("says how long the gradient is, which is what the tolerance is compared with")
  func gradientLength() {
    // f = x₀ + 2 x₁ has the gradient (1, 2) everywhere.
    var x = [0.0, 0]
    let result = LBFGS(maximumIterations: 1).minimize(&x) { x, gradient in
      gradient = [1, 2]
      return x[0] + 2 * x[1]
    }
    #expect(abs(result.gradientLength - 5.0.squareRoot()) < 1e-12)
  }

  @Test("an optimizer goes on from its state as if nothing had happened")
  func optimizerState() {
    for optimizer: any Optimizer in [Adam(), Adam.adamW(), SGD(learningRate: 0.1, momentum: 0.9)] {
      var generator = Generator(seed: 3)
      var whole = Sequential(Linear(inputSize: 3, outputSize: 2, using: &generator))
      let gradients = (0..<4).map { _ in
        [Tensor.normal([2, 3], using: &generator), Tensor.normal([2], using: &generator)]
      }
      var first = optimizer
      for gradient in gradients.prefix(2) { first.step(&whole, gradients: gradient) }
      var resumed = whole
      var second = optimizer
      second.state = first.state
      for gradient in gradients.suffix(2) {
        first.step(&whole, gradients: gradient, rateFactor: 0.5)
        second.step(&resumed, gradients: gradient, rateFactor: 0.5)
      }
      #expect(whole.parameters.map(\.value) == resumed.parameters.map(\.value))
      #expect(first.state == second.state && first.state.stepCount == 4)
    }
  }

  @Test("refuses another model than the optimizer's own, and a model that was called twice")
  func refusals() async {
    let other = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var adam = Adam()
      var (small, large) = (Tensor.zeros([2]), Tensor.zeros([4096]))
      adam.update(&small, gradient: .ones([2]), at: 0, over: .alone)
      adam.update(&large, gradient: .ones([4096]), at: 0, over: .alone)
    }
    let saidOfOther = String(decoding: other?.standardErrorContent ?? [], as: UTF8.self)
    #expect(saidOfOther.contains("An optimizer serves one model"))
    let twice = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var model = Sequential(Linear(weight: .ones([1, 1]), bias: .zeros([1])))
      let tape = Tape()
      let x = tape.constant(.ones([1, 1]))
      var sgd = SGD(learningRate: 1)
      sgd.step(&model, gradients: tape.gradients(of: (model(x) + model(x)).sum()))
    }
    let saidOfTwice = String(decoding: twice?.standardErrorContent ?? [], as: UTF8.self)
    #expect(saidOfTwice.contains("the model was called twice on one tape"))
  }

  @Test("clips the common norm of gradients")
  func clipping() {
    var gradients = [Tensor([3], shape: [1]), Tensor([4], shape: [1])]
    #expect(clipGradients(&gradients, toNorm: 1) == 5)
    expectClose(gradients[0], Tensor([0.6], shape: [1]))
    #expect(clipGradients(&gradients, toNorm: 10) == 1)
    gradients = [Tensor([3e30], shape: [1]), Tensor([4e30], shape: [1])]  // their squares are no Floats
    #expect(clipGradients(&gradients, toNorm: 1) == 5e30)
    expectClose(gradients[1], Tensor([0.8], shape: [1]))
  }

  @Test("follows its schedules")
  func schedules() {
    let cosine = Schedule.cosine
    #expect(cosine.factor(atStep: 0, stepsPerEpoch: 10, totalSteps: 100) == 1)
    #expect(abs(cosine.factor(atStep: 50, stepsPerEpoch: 10, totalSteps: 100) - 0.5) < 1e-6)
    #expect(Schedule.step(every: 2, factor: 0.5).factor(atStep: 40, stepsPerEpoch: 10, totalSteps: 100) == 0.25)
    #expect(
      Schedule.warmUp(fraction: 0.1, then: .constant).factor(atStep: 4, stepsPerEpoch: 10, totalSteps: 100) == 0.5)
    #expect(Schedule.step(every: .max, factor: 0.1).factor(atStep: 10, stepsPerEpoch: .max, totalSteps: 100) == 1)
  }

  @Test("prints a summary")
  func summary() throws {
    var generator = Generator(seed: 1)
    let model = Sequential(
      Linear(inputSize: 4, outputSize: 16, using: &generator), ReLU(),
      Linear(inputSize: 16, outputSize: 3, using: &generator))
    #expect(
      try model.summary(inputSize: 4) == """
        Layer              Output shape  Parameters
        0  Linear(4 → 16)  [N, 16]               80
        1  ReLU            [N, 16]                0
        2  Linear(16 → 3)  [N, 3]                51
        Total                                   131
        """)
  }
}
