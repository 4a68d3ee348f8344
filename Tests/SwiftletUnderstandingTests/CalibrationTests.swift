// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletNN
import SwiftletTables
import SwiftletTensors
import SwiftletTraining
import Testing

@testable import SwiftletUnderstanding

@Suite("Calibration and temperature")
struct CalibrationTests {
  private let golden = ExplanationGolden.self

  /// Rows whose scores are the given ones.
  private func rows(_ logits: [Float], _ labels: [Int32]) throws -> AnsweredRows {
    let all = try Table([column("x", logits.map { Double($0) })])
    let affine = try #require(try Pipeline.fit(all).0.encoders.first?.affine)
    // Undoes the scaling: score = weight · (x − offset) · factor + bias.
    let weight = Float(1 / affine.factor)
    let bundle = try linearModel(
      all, ClassHead(labels: ["no", "yes"]), weights: [[weight]], biases: [Float(affine.offset)])
    return try answered(bundle, all, Truth(labels: labels))
  }

  @Test("ECE, Brier and its parts are those that numpy and scikit-learn compute")
  func vectors() throws {
    let calibration = try Calibration(rows(golden.logits, golden.labels))
    #expect(calibration.event == "yes")
    #expect(calibration.bins.count == 15)
    #expect(calibration.bins.map(\.count) == Array(repeating: 14, count: 5) + Array(repeating: 13, count: 10))
    #expect(abs(calibration.error - golden.ece) < 1e-5)
    #expect(abs(calibration.brier - golden.brier) < 1e-6)
    #expect(abs(calibration.reliability - golden.reliability) < 1e-5)
    #expect(abs(calibration.resolution - golden.resolution) < 1e-6)
    #expect(calibration.isBeyondChance)
  }

  @Test("by hand: two bins, and Brier = reliability − resolution + uncertainty where a bin has one probability")
  func byHand() {
    // 10 rows with 0.2, of which 3 happen; 10 with 0.6, of which 9 do.
    let probabilities = Array(repeating: 0.6, count: 10) + Array(repeating: 0.2, count: 10)
    let happened = (0..<20).map { $0 < 9 || $0 >= 17 }
    let calibration = Calibration(probabilities, happened: happened, event: "rain", binCount: 2)
    #expect(calibration.bins.map(\.share) == [0.3, 0.9])
    #expect(calibration.bins[0].interval == Rate(successes: 3, count: 10).interval())
    #expect(abs(calibration.error - 0.2) < 1e-12)  // (0.1 + 0.3)/2
    #expect(abs(calibration.reliability - 0.05) < 1e-12)  // (0.01 + 0.09)/2
    #expect(abs(calibration.resolution - 0.09) < 1e-12)  // (0.3 − 0.6)² and (0.9 − 0.6)²
    #expect(abs(calibration.uncertainty - 0.24) < 1e-12)
    #expect(abs(calibration.brier - (0.05 - 0.09 + 0.24)) < 1e-12)
    #expect(abs(calibration.withinBins) < 1e-12)
  }

  @Test("true probabilities are beyond chance in about 5 of 100 data sets, and sharpened ones nearly always")
  func chance() {
    var generator = Generator(seed: 3)
    var honest = 0
    var sharpened = 0
    for _ in 0..<100 {
      let logits = (0..<300).map { _ in 2 * generator.normal() }
      let happened = logits.map { generator.uniform() < 1 / (1 + exp(-$0)) }
      if Calibration(logits.map { 1 / (1 + exp(-$0)) }, happened: happened, event: "").isBeyondChance { honest += 1 }
      if Calibration(logits.map { 1 / (1 + exp(-3 * $0)) }, happened: happened, event: "").isBeyondChance {
        sharpened += 1
      }
    }
    #expect(honest <= 12)
    #expect(sharpened >= 95)
  }

  @Test("few rows make few bins, one row one; several labels are judged by the answered one")
  func small() throws {
    #expect(Calibration([0.5], happened: [true], event: "").bins.count == 1)
    #expect(
      Calibration(Array(repeating: 0.5, count: 45), happened: Array(repeating: true, count: 45), event: "").bins.count
        == 4)
    let all = try table("x\n-1\n0\n1\n")
    let head = ClassHead(labels: ["a", "b", "c"])
    let bundle = try linearModel(all, head, weights: [[0], [0], [0]], biases: [0, 2, 1])
    let calibration = try Calibration(answered(bundle, all, Truth(labels: [1, 0, 1])))
    #expect(calibration.event == "the answered label is right")
    #expect(abs(calibration.bins[0].probability - exp(2) / (1 + exp(1) + exp(2))) < 1e-6)
    #expect(abs(calibration.bins[0].share - 2.0 / 3) < 1e-12)
    let numbers = try linearModel(all, NumberHead(targets: [TargetScale(name: "y")]), weights: [[1]], biases: [0])
    let rows = try answered(numbers, all, Truth(numbers: [[1, 2, 3]]))
    #expect(throws: DataError.self) { try Calibration(rows) }
    #expect(throws: DataError.self) { try Temperature(rows) }
  }

  @Test("the temperature is the one that scipy finds, and lowers the loss of rows that did not fit it")
  func temperature() throws {
    let rows = try rows(golden.logits, golden.labels)
    let temperature = try Temperature(rows)
    #expect(abs(temperature.value - golden.temperature) < 2e-3)
    #expect(temperature.isAccepted)
    #expect(temperature.lossAfter <= temperature.crossFittedLoss)
    #expect(temperature.crossFittedLoss < temperature.lossBefore)
    #expect(abs(temperature.lossBefore - rows.loss.value) < 1e-7)
  }

  @Test("too few rows, and rows that are true already, are left alone")
  func refused() throws {
    let few = try Temperature(rows(Array(golden.logits.prefix(99)), Array(golden.labels.prefix(99))))
    #expect(!few.isAccepted)
    #expect(few.reason.hasPrefix("99 rows are too few"))
    var generator = Generator(seed: 5)
    var accepted = 0
    for _ in 0..<20 {
      let logits = (0..<200).map { _ in Float(2 * generator.normal()) }
      let labels = logits.map { Int32(generator.uniform() < 1 / (1 + exp(-Double($0))) ? 1 : 0) }
      if try Temperature(rows(logits, labels)).isAccepted { accepted += 1 }
    }
    #expect(accepted < 10)
  }

  @Test("in a bundle: softmax(z/T) to 1e-6, no answer changes, a threshold moves along, and it can be saved and loaded")
  func folded() throws {
    let (run, outcome) = try run([
      ("data", .string(datasets + "german-credit")), ("model.kind", "mlp"), ("training.epochs", 20),
      ("decision.threshold", 0.3),
    ])
    let table = run.data.experiment.data.table
    let validation = run.data.fold.rows(.validation)
    let rows = try AnsweredRows(
      JudgedRows(outcome.bundle, table, rows: validation, run.data.experiment.truth.selecting(validation)))
    let temperature = try Temperature(rows)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-cool-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try temperature.applied(to: outcome.bundle).save(to: folder)
    let cool = try AnsweredRows(
      JudgedRows(ModelBundle.load(from: folder), table, rows: validation, rows.judged.truth))
    let scores = outcome.bundle.network(try outcome.bundle.pipeline.transform(table, rows: validation).features.tensor)
    for (row, score) in scores.scalars.enumerated() {
      let expected = 1 / (1 + exp(-Double(score) / temperature.value))
      #expect(abs(cool.answers.values[2 * row + 1] - expected) < 1e-6)
      #expect(
        outcome.bundle.head.label(of: rows.answers.row(row))
          == cool.judged.bundle.head.label(of: cool.answers.row(row)))
    }
    #expect(cool.judged.bundle.threshold != 0.3)
    #expect(abs(cool.loss.value - temperature.lossAfter) < 1e-6)
  }

  @Test("a network whose last layer is not linear is refused with a sentence")
  func notLinear() throws {
    var generator = Generator(seed: 1)
    let network = Sequential(Linear(inputSize: 2, outputSize: 3, using: &generator), Tanh())
    #expect(throws: LayerError.self) { try network.multiplyingScores(by: 2) }
    let nested = Sequential(ReLU(), Sequential(Linear(inputSize: 2, outputSize: 3, using: &generator)))
    let x = Tensor([1, 2], shape: [1, 2])
    let twice = try nested.multiplyingScores(by: 2)(x).scalars
    for (doubled, score) in zip(twice, nested(x).scalars) { #expect(abs(doubled - 2 * score) < 1e-6) }
  }

  @Test("the golden section finds the lowest place, at the ends too")
  func section() {
    #expect(abs(leastPlace(from: -1.6, to: 1.6) { ($0 - 0.3) * ($0 - 0.3) } - 0.3) < 1e-5)
    #expect(abs(leastPlace(from: -1.6, to: 1.6) { $0 } + 1.6) < 1e-5)
    #expect(abs(leastPlace(from: -1.6, to: 1.6) { -$0 } - 1.6) < 1e-5)
  }
}
