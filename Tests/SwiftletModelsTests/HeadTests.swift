// SPDX-License-Identifier: Apache-2.0

import SwiftletAutograd
import SwiftletFormats
import SwiftletModels
import SwiftletTensors
import Testing

@Suite("Heads")
struct HeadTests {
  private let arrival = NumberHead(targets: [TargetScale(name: "arrival", offset: 1.7e9, factor: 300)])

  private var lists: RecommendationOptions {
    var options = RecommendationOptions()
    options.user = "customer"
    options.item = "book"
    options.top = 5
    options.popularity = 0.7
    return options
  }

  private func answer(_ head: some Head, _ scores: [Float]) -> [Double] {
    var answers = Array(repeating: 0.0, count: scores.count / head.scoreCount * head.answerWidth)
    scores.withUnsafeBufferPointer { scores in
      answers.withUnsafeMutableBufferPointer { head.finish(scores, into: $0) }
    }
    return answers
  }

  @Test("a target that is large beside its spread is answered to the unit, and published in 64 bits")
  func largeOffset() {
    #expect(answer(arrival, [0.01, -1]) == [Double(Float(0.01)) * 300 + 1.7e9, 1_699_999_700])
    #expect(arrival.outputs == [OutputSchema("prediction", .double, width: 1)])
    #expect(arrival.fields(of: [1_699_999_703.25]) == [.init("prediction", 1_699_999_703.25)])
  }

  @Test(
    "32 bits are published where they hold a ten-thousandth of the standard deviation",
    arguments: [
      (0, 1, false), (50, 10, false), (1990, 10, false), (200_000, 80_000, false), (1e9, 1e9, false),
      (52.5, 0.01, true), (1.7e9, 300, true), (-1.7e9, 300, true), (1e39, 1e39, true),
    ])
  func precision(offset: Double, factor: Double, isDouble: Bool) {
    #expect(NumberHead(targets: [TargetScale(name: "y", offset: offset, factor: factor)]).isDouble == isDouble)
  }

  @Test("measures keep the 64 bits")
  func measures() {
    let answers = Answers(values: [1_700_000_001, 1_700_000_003], count: 2, width: 1)
    let metrics = arrival.metrics(answers, Truth(numbers: [[1_700_000_000, 1_700_000_004]]))
    #expect(metrics["rmse"] == 1 && metrics["mae"] == 1)
  }

  @Test("every head reads from a bundle what it wrote, and its task names it", arguments: Heads.tasks)
  func json(task: String) throws {
    let heads: [String: any Head] = [
      "classification": ClassHead(labels: ["a", "b"], threshold: 0.25), "regression": arrival,
      "recommendation": RankingHead(lists, scale: TargetScale(name: "stars", offset: 3.5, factor: 1.1)),
    ]
    let head = try #require(heads[task])
    let threshold = head.threshold.map { [JSONValue.Member("threshold", .number($0))] } ?? []
    let json = JSONValue.object([.init("signature", .object(head.signature))] + threshold)
    let again = try Heads.named(task).init(model: json, file: "model.json")
    #expect(again.signature == head.signature && again.threshold == head.threshold)
    #expect(again.outputs == head.outputs && again.scoreCount == head.scoreCount)
    #expect(throws: FormatError.self) { try Heads.named(task).init(model: ["signature": .null], file: "model.json") }
  }

  @Test("a task that there is not is refused with those that there are")
  func unknownTask() {
    #expect { try Heads.named("ranking") } throws: {
      "\($0)" == "The task is classification, regression or recommendation, not \"ranking\"."
    }
  }

  @Test(
    "the loss without a tape is the loss on it, with weights and without", arguments: [nil, [1, 3, 0.5]] as [[Float]?])
  func gradients(weights: [Float]?) {
    let cases: [(head: any Head, truth: Truth)] = [
      (ClassHead(labels: ["a", "b"]), Truth(labels: [0, 1, 1], weights: weights)),
      (ClassHead(labels: ["a", "b", "c"]), Truth(labels: [0, 2, 1], weights: weights)),
      (arrival, Truth(numbers: [[1.7e9, 1.7e9 + 300, 1.7e9 - 600]], weights: weights)),
    ]
    var generator = Generator(seed: 3)
    for (head, truth) in cases {
      let scores = Tensor.normal([3, head.scoreCount], using: &generator)
      let (loss, gradient) = head.lossAndGradient(scores, truth)
      let tape = Tape(training: true)
      let variable = tape.parameter(scores)
      let taped = head.loss(variable, truth)
      #expect(abs(Double(taped.value.scalar) - loss) < 1e-5)
      let found = tape.gradients(of: taped)[0]
      #expect(zip(found.scalars, gradient.scalars).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test("a squared error with weights is their weighted mean")
  func weightedSquares() {
    // Errors 1 and 2 in units of the scores, weights 3 and 1: (3 · 1 + 1 · 4) / 4.
    let truth = Truth(numbers: [[1.7e9 + 300, 1.7e9 + 600]], weights: [3, 1])
    #expect(abs(arrival.lossAndGradient(Tensor([[0], [0]]), truth).loss - 1.75) < 1e-6)
  }
}
