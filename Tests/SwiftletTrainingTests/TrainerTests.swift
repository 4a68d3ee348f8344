// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletAutograd
import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors
import SwiftletTestSupport
import Synchronization
import Testing

@testable import SwiftletTraining

@Suite("The trainer")
struct TrainerTests {
  /// One example, x = 1 and y = 1, and a network of one weight and one bias that are zero: the loss is (w + b − 1)²,
  /// and its gradient with respect to each is −2.
  private let one = Examples(features: .dense(Tensor([[1]])), truth: Truth(numbers: [[1]]))
  private let numbers = NumberHead(targets: [TargetScale(name: "y")])
  private let zero = Sequential(Linear(weight: .zeros([1, 1]), bias: .zeros([1])))

  private func settings(epochs: Int, _ change: (inout Recipe.Training) -> Void = { _ in }) -> Recipe.Training {
    var settings = Recipe().training
    settings.epochs = epochs
    settings.threads = 1
    change(&settings)
    return settings
  }

  @Test("the optimizer's own rate is the one that counts")
  func ownRate() throws {
    var network = zero
    let trainer = Trainer(SGD(learningRate: 0.05), Objective(numbers), settings(epochs: 1))
    let report = try trainer.fit(&network, train: one)
    #expect(network.parameters.map(\.value.scalars) == [[0.1], [0.1]])  // 0.05 · 2
    #expect(report.history.epochs.map(\.learningRate) == [0.05])
  }

  @Test(
    "a schedule is a factor on the rate",
    arguments: [
      (Recipe.ScheduleKind.constant, [1, 1, 1, 1]), (.step, [1, 0.1, 0.01, 0.001]),
      (.cosine, [1, 0.853553, 0.5, 0.146447]), (.warmup, [1, 0.853553, 0.5, 0.146447]),
    ] as [(Recipe.ScheduleKind, [Float])])
  func schedules(kind: Recipe.ScheduleKind, factors: [Float]) throws {
    var network = zero
    let trainer = Trainer(
      SGD(learningRate: 0.01), Objective(numbers), settings(epochs: 4) { $0.schedule = kind })
    let rates = try trainer.fit(&network, train: one).history.epochs.compactMap(\.learningRate)
    expectClose(Tensor(rates, shape: [4]), Tensor(factors.map { 0.01 * $0 }, shape: [4]))
  }

  @Test("warm-up rises over a twentieth of the steps, and then falls as the cosine does over the others")
  func warmUp() throws {
    var network = zero
    let trainer = Trainer(
      SGD(learningRate: 0.01), Objective(numbers), settings(epochs: 40) { $0.schedule = .warmup })
    let rates = try trainer.fit(&network, train: one).history.epochs.compactMap(\.learningRate)
    let cosine = (0..<38).map { 0.005 * (1 + Float(cos(Double.pi * Double($0) / 38))) }
    expectClose(Tensor(rates, shape: [40]), Tensor([0.005, 0.01] + cosine, shape: [40]))
  }

  /// By hand: the network is 2w + b, so the gradient of half its squared error is (2r, r) with r = 2w + b − 1, and the
  /// penalty adds w to the first. From (0, 0): r = −1, w = 0.1, b = 0.05; then r = −0.75, w = 0.1 + 0.07, b = 0.0875.
  @Test("what is frozen stays, and the others learn, with a penalty too")
  func frozen() throws {
    var network = Sequential([Frozen(), Linear(weight: .zeros([1, 1]), bias: .zeros([1]))])
    let optimizer = SGD(learningRate: 0.05, momentum: 0)
    let trainer = Trainer(optimizer, Objective(numbers, l2: 1), settings(epochs: 2))
    _ = try trainer.fit(&network, train: one)
    #expect(network.parameters.map(\.name) == ["0.scale", "1.weight", "1.bias"])
    for (parameter, expected) in zip(network.parameters, [2, 0.17, 0.0875] as [Float]) {
      expectClose(Tensor(parameter.value.scalars, shape: [1]), Tensor([expected], shape: [1]))
    }

    var idle = trainer
    idle.gradientSum = WithoutRows()
    let before = network.parameters.map(\.value)
    idle.settings.epochs = 1
    _ = try idle.fit(&network, train: one)
    // Only the penalty moves the weight of a process that has no rows and hears of no others.
    expectClose(network.parameters[1].value, before[1] - Tensor([[0.05 * 0.17]]))
    #expect(network.parameters[0].value == before[0] && network.parameters[2].value == before[2])
  }

  @Test("a step's gradient is clipped to its limit")
  func clipping() throws {
    var network = zero
    let trainer = Trainer(
      SGD(learningRate: 1), Objective(numbers), settings(epochs: 1) { $0.clipNorm = 1 })
    _ = try trainer.fit(&network, train: one)
    // (−2, −2) has the norm √8; clipped, each is −1/√2.
    expectClose(network.parameters[0].value, Tensor([[0.70710678]]))
  }

  @Test("OpenBLAS has as many threads after a fit as before", arguments: [false, true])
  func threadCount(isConvex: Bool) async {
    // In a process of its own, because the count is the whole process's.
    if isConvex {
      await #expect(processExitsWith: .success) {
        let isRestored = try TrainerTests.restoresThreads(isConvex: true)
        #expect(isRestored)
      }
    } else {
      await #expect(processExitsWith: .success) {
        let isRestored = try TrainerTests.restoresThreads(isConvex: false)
        #expect(isRestored)
      }
    }
  }

  private static func restoresThreads(isConvex: Bool) throws -> Bool {
    OpenBLAS.setThreadCount(1)
    var settings = Recipe().training
    settings.threads = 2
    settings.epochs = 1
    let objective = Objective(NumberHead(targets: [TargetScale(name: "y")]), l2: isConvex ? 1 : nil)
    let examples = Examples(features: .dense(Tensor([[1], [2]])), truth: Truth(numbers: [[1, 2]]))
    var network = Sequential(Linear(weight: .zeros([1, 1]), bias: .zeros([1])))
    let fitter: any Fitter = isConvex ? ConvexFit(objective, settings) : Trainer(Adam(), objective, settings)
    _ = try fitter.fit(&network, train: examples)
    return OpenBLAS.threadCount == 1
  }

  @Test("measures accuracy of one score and of several, and R²")
  func measuring() {
    let identity = Sequential(Linear(weight: Tensor([[1]]), bias: .zeros([1])))
    let scores = FeatureMatrix.dense(Tensor([[2], [-1], [3], [-2]]))
    let two = Examples(features: scores, truth: Truth(labels: [1, 0, 0, 0]))
    #expect(Objective(ClassHead(labels: ["a", "b"])).measure(identity, two).metric == Metric("accuracy", 0.75))
    // Scores (x, 0, −x): the first class where x > 0, else the third.
    let three = Sequential(Linear(weight: Tensor([[1], [0], [-1]]), bias: .zeros([3])))
    let several = Examples(features: scores, truth: Truth(labels: [0, 0, 0, 2]))
    #expect(Objective(ClassHead(labels: ["a", "b", "c"])).measure(three, several).metric == Metric("accuracy", 0.75))
    // True 2, −1, 3, 0: one error of 2. Around their mean 1 they vary by 1 + 4 + 4 + 1.
    let errors = Examples(features: scores, truth: Truth(numbers: [[2, -1, 3, 0]]))
    let measured = Objective(numbers).measure(identity, errors)
    #expect(measured.metric.name == "r2" && abs(measured.metric.value - 0.6) < 1e-6)
    #expect(abs(measured.loss - 1) < 1e-6)
  }

  @Test("two processes that share the batches take the steps of one")
  func gradientSum() throws {
    var generator = Generator(seed: 2)
    let start = Sequential(
      Linear(inputSize: 5, outputSize: 8, using: &generator), Tanh(),
      Linear(inputSize: 8, outputSize: 3, using: &generator))
    let features = Tensor.normal([33, 5], using: &generator)
    let labels = (0..<33).map { _ in Int32(generator.below(3)) }
    let weights = labels.map { Float($0 + 1) }
    let examples = Examples(features: .dense(features), truth: Truth(labels: labels, weights: weights))
    // 33 rows in batches of 16: the last batch has one row, and one process has none of it.
    let settings = settings(epochs: 2) { $0.batchSize = 16 }
    let objective = Objective(ClassHead(labels: ["a", "b", "c"]))
    var alone = start
    _ = try Trainer(Adam(learningRate: 0.01), objective, settings).fit(&alone, train: examples)

    let meeting = Meeting()
    let fitted = Mutex<[Int: Sequential]>([:])
    ThreadTeam(count: 2).run { rank in
      var network = start
      var trainer = Trainer(Adam(learningRate: 0.01), objective, settings)
      trainer.gradientSum = Half(rank: rank, meeting: meeting)
      _ = try? trainer.fit(&network, train: examples)
      fitted.withLock { [network] in $0[rank] = network }
    }
    let networks = fitted.withLock { $0 }
    #expect(networks.count == 2)
    for network in networks.values {
      for (a, b) in zip(network.parameters, alone.parameters) { expectClose(a.value, b.value, tolerance: 1e-4) }
    }
  }
}

/// x · 2, with a matrix that training leaves alone.
private struct Frozen: Layer {
  static let kind = "frozen"
  var scale = Tensor([[2]])
  init() {}
  init(from plan: LayerPlan) throws {}
  var parameters: [NamedParameter] { [NamedParameter(name: "scale", value: scale, isTrainable: false)] }
  mutating func updateParameters(_ body: (String, inout Tensor) throws -> Void) rethrows { try body("scale", &scale) }
  func callAsFunction(_ input: Tensor) -> Tensor { input * scale }
  func callAsFunction(_ input: Variable) -> Variable { input * input.tape.constant(scale) }
}

/// The second of two processes, for which a batch of one row leaves none.
private struct WithoutRows: GradientSum {
  let rank = 1
  let count = 2
  func sum(_ loss: inout Float, _ gradients: inout [Tensor]) {}
}

/// One of two processes, played by a thread.
private struct Half: GradientSum {
  let rank: Int
  let count = 2
  let meeting: Meeting

  func sum(_ loss: inout Float, _ gradients: inout [Tensor]) {
    let both = meeting.exchange(rank, [Tensor(loss)] + gradients)
    loss = both[0].scalar
    gradients = Array(both.dropFirst())
  }
}

/// Where two threads add up what they bring.
private final class Meeting: Sendable {
  private struct State {
    var brought: [Int: [Tensor]] = [:]
    var taken: Set<Int> = []
  }
  private let state = Mutex(State())

  func exchange(_ rank: Int, _ own: [Tensor]) -> [Tensor] {
    while !state.withLock({ state in  // the last exchange must be over
      guard state.brought[rank] == nil else { return false }
      state.brought[rank] = own
      return true
    }) { pause() }
    while true {
      let sum = state.withLock { state -> [Tensor]? in
        guard let a = state.brought[0], let b = state.brought[1] else { return nil }
        state.taken.insert(rank)
        if state.taken.count == 2 { state = State() }
        return zip(a, b).map { $0 + $1 }
      }
      if let sum { return sum }
      pause()
    }
  }

  private func pause() { sched_yield() }
}
