// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletTraining
import SwiftletUnderstanding
import Testing

let datasets =
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().path + "/Datasets/"

/// A run by settings, one for each line of `key: value`.
func run(_ settings: [(path: String, value: JSONValue)]) throws -> (run: Run, outcome: TrainingOutcome) {
  let recipe = try Recipe(YAMLDocument(name: "test", value: .object([])), settings: settings)
  let run = try Experiment(DataLoader(recipe.data), recipe).prepare(recipe, name: "test")
  return (run, try run.outcome())
}

@Suite("Diagnosis")
struct DiagnosisTests {
  /// A run whose losses fall as they should.
  private var healthy: RunEvidence {
    var evidence = RunEvidence()
    evidence.trainLosses = [0.5, 0.4, 0.33, 0.3, 0.29, 0.285, 0.284, 0.283]
    evidence.validationLosses = [0.52, 0.43, 0.37, 0.35, 0.34, 0.338, 0.337, 0.3371]
    evidence.baselineLoss = 0.69
    evidence.ending = .completed
    evidence.learningRate = 0.01
    return evidence
  }

  private func codes(_ change: (inout RunEvidence) -> Void) -> [String] {
    var evidence = healthy
    change(&evidence)
    return diagnosis(of: evidence).map(\.code)
  }

  @Test("a curve as it should be has no finding, and nothing known has none")
  func silence() {
    #expect(codes { _ in } == [])
    #expect(diagnosis(of: RunEvidence()) == [])
  }

  @Test("the codes are D1 to D8 and D10 to D12, each once")
  func table() {
    #expect(DiagnosisRules.all.map { $0.code }.sorted() == (1...12).filter { $0 != 9 }.map { "D\($0)" }.sorted())
  }

  @Test("losses: each rule hears its own fault, and is silent a little before its bound")
  func losses() {
    #expect(codes { $0.divergedAt = 3 } == ["D1"])
    #expect(codes { $0.trainLosses[0] = 1.04 } == ["D1"])
    #expect(codes { $0.trainLosses[0] = 1.03 } == [])
    #expect(codes { $0.trainLosses[4] = 0.91 } == ["D1"])
    #expect(codes { $0.trainLosses[4] = 0.89 } == [])
    let slow = (0..<60).map { 0.69 - 0.001 * Double($0) }
    let falls: (inout RunEvidence) -> Void = {
      $0.trainLosses = slow
      $0.validationLosses = slow
    }
    #expect(codes(falls) == ["D2"])
    #expect(codes { $0.validationLosses = [0.4, 0.3, 0.31, 0.32, 0.33, 0.34, 0.35, 0.36] } == ["D3"])
    #expect(codes { $0.validationLosses = [0.4, 0.3, 0.31, 0.32, 0.33, 0.33, 0.33, 0.33] } == [])
    #expect(codes { $0.validationLosses[6...] = [0.32, 0.3] } == ["D4"])
    let stopped: (inout RunEvidence) -> Void = {
      $0.validationLosses[6...] = [0.32, 0.3]
      $0.ending = .earlyStopping
    }
    #expect(codes(stopped) == [])
    #expect(codes { $0.validationLosses = [0.7, 0.68, 0.7, 0.75, 0.8, 0.85, 0.9, 1] } == ["D5"])
    // Two epochs that have not come far yet, and still fall.
    let begun: (inout RunEvidence) -> Void = {
      ($0.trainLosses, $0.validationLosses) = ([0.8, 0.66], [0.69, 0.665])
    }
    #expect(codes(begun) == [])
    let flat: (inout RunEvidence) -> Void = {
      $0.trainLosses = [0.75] + Array(repeating: 0.6, count: 7)
      $0.validationLosses = Array(repeating: 0.61, count: 8)
    }
    #expect(codes(flat) == ["D6"])
  }

  @Test("facts: each rule hears its own fault, and is silent on the other side of its bound")
  func facts() {
    #expect(codes { $0.features = [.init("area", deviation: 569), .init("age", deviation: 1)] } == ["D7"])
    #expect(codes { $0.features = [.init("area", deviation: 9), .init("constant", deviation: 0)] } == [])
    #expect(codes { $0.columns = [.init("biopsy", share: 0.999)] } == ["D8"])
    #expect(codes { $0.columns = [.init("biopsy", share: 0.99)] } == [])
    for (silent, expected) in [(21, ["D1", "D10"]), (20, ["D1"])] {
      let dead: (inout RunEvidence) -> Void = {
        $0.trainLosses[0] = 2
        $0.silentUnits = .init(count: 100, silentCount: silent)
      }
      #expect(codes(dead) == expected)
    }
    // A network that does well can afford them.
    #expect(codes { $0.silentUnits = .init(count: 100, silentCount: 40) } == [])
    #expect(codes { $0.classes = [.init("no", share: 0.96), .init("yes", share: 0.04)] } == ["D11"])
    var absent = healthy
    absent.classes = [.init("no", share: 1), .init("yes", share: 0)]
    #expect(diagnosis(of: absent).first?.sentence.contains("No training row is \"yes\"") == true)
    #expect(codes { $0.classes = (0..<25).map { .init("\($0)", share: 0.04) } } == [])
    #expect(codes { $0.trials = .init(difference: 0.02, standardError: 0.011) } == ["D12"])
    #expect(codes { $0.trials = .init(difference: 0.02, standardError: 0.009) } == [])
  }

  @Test("a learning rate that is advised has two digits, and is made of the recipe's")
  func rates() throws {
    let slow = (0..<60).map { 0.69 - 0.001 * Double($0) }
    let cases: [(rate: Float, smaller: String, larger: String)] = [
      (0.29998302, "0.03", "3.0"), (0.1, "0.01", "1.0"), (0.0123, "0.0012", "0.12"),
    ]
    for (rate, smaller, larger) in cases {
      let large = codesAndSentences {
        $0.learningRate = rate
        $0.divergedAt = 2
      }
      #expect(large.first?.sentence.hasSuffix("Try --learning-rate \(smaller).") == true, "\(large)")
      let small = codesAndSentences {
        $0.learningRate = rate
        ($0.trainLosses, $0.validationLosses) = (slow, slow)
      }
      #expect(small.first?.sentence.hasSuffix("Try --learning-rate \(larger).") == true, "\(small)")
    }
    // Cosine begins at the recipe's rate, and has left it after the first epoch.
    let (run, outcome) = try run([
      ("data", .string(datasets + "iris")), ("training.learning_rate", 0.3), ("training.schedule", "cosine"),
      ("training.epochs", 4),
    ])
    #expect(try #require(outcome.fit.history.epochs.first?.learningRate) < 0.3)
    #expect(RunEvidence(run, outcome).learningRate == 0.3)
    #expect(try RunEvidence(outcome.bundle).learningRate == 0.3)
    let error = DivergenceError(epoch: 1, step: 2, loss: .nan, learningRate: 0.29998302)
    #expect("\(error)".contains("(--learning-rate 0.03)"))
  }

  @Test("of a rare class it is said what is true of many classes too, and no measure that no row of it is in")
  func rare() {
    let many = codesAndSentences {
      $0.classes = [.init("a", share: 0.5), .init("b", share: 0.477), .init("c", share: 0.023)]
      $0.metrics = ["macro_recall": 0.61]
    }
    #expect(
      many.first?.sentence
        == "Accuracy says little: 2.3 percent of the training rows are \"c\", so a model can miss every one of them and "
        + "lose only 2.3 percent of its accuracy there. Look at macro_recall (0.610) first.")
    let unjudged = codesAndSentences {
      $0.classes = [.init("a", share: 0.977), .init("c", share: 0.023)]
      $0.metrics = ["macro_recall": 0.61, "average_precision": 0.5]
      $0.judgedLabels = ["a"]
    }
    #expect(unjudged.first?.sentence.contains("Look at") == false, "\(unjudged)")
  }

  /// What is said of a healthy run that was changed.
  private func codesAndSentences(_ change: (inout RunEvidence) -> Void) -> [Finding] {
    var evidence = healthy
    change(&evidence)
    return diagnosis(of: evidence)
  }

  @Test("a sentence has the figures and the remedy")
  func sentences() {
    var evidence = healthy
    evidence.validationLosses = [0.4, 0.3, 0.31, 0.32, 0.33, 0.34, 0.35, 0.36]
    #expect(
      diagnosis(of: evidence).first?.sentence
        == "Learned by heart: the validation loss was least at epoch 2 with 0.300, and 0.360 in the end. Stop there "
        + "(training.early_stopping does), use a smaller network or more rows, or regularize: --set model.dropout=0.3, "
        + "--set training.weight_decay=0.001.")
    evidence.restraint = ["--set", "model.l2=0.1"]
    #expect(diagnosis(of: evidence).first?.sentence.hasSuffix("or regularize: --set model.l2=0.1.") == true)
  }

  /// Runs that are spoiled on purpose, with the code that must come first.
  static let spoiled: [(code: String, settings: [(path: String, value: JSONValue)])] = [
    ("D1", [("data", "breast-cancer"), ("training.learning_rate", 0.3)]),
    ("D2", [("data", "breast-cancer"), ("training.learning_rate", 0.00001)]),
    ("D3", [("data", "heart-disease"), ("model.hidden", [128, 64]), ("training.epochs", 60)]),
    ("D4", [("data", "breast-cancer"), ("training.epochs", 3)]),
    ("D6", [("data", "circles"), ("model.hidden", [1]), ("training.learning_rate", 0.01)]),
  ]

  @Test("a run that is spoiled on purpose is told its cause first", arguments: spoiled.indices)
  func spoiledRuns(position: Int) throws {
    var (code, settings) = Self.spoiled[position]
    settings[0].value = .string(datasets + (settings[0].value.string ?? ""))
    let fixed: [(path: String, value: JSONValue)] = [
      ("model.kind", "mlp"), ("training.early_stopping", "none"), ("split.validation", 0.2), ("training.threads", 1),
    ]
    let (run, outcome) = try run(fixed + settings)
    #expect(diagnosis(of: RunEvidence(run, outcome)).first?.code == code)
  }

  @Test("of a run that diverged the cause is told: inputs that are not scaled, or the step alone; never L-BFGS's step")
  func diverged() throws {
    for (scale, expected) in [("standard", ["D1"]), ("none", ["D7", "D1"])] {
      let settings: [(path: String, value: JSONValue)] = [
        ("data", .string(datasets + "concrete")), ("model.kind", "mlp"), ("training.optimizer", "sgd"),
        ("training.learning_rate", 1000), ("training.schedule", "constant"), ("pipeline.numeric.scale", .string(scale)),
      ]
      var recipe = Recipe()
      for (path, value) in settings { try Recipe.settings.apply(value, at: path, to: &recipe) }
      let run = try Experiment(DataLoader(recipe.data), recipe).prepare(recipe, name: "spoiled")
      let error = try #require(throws: DivergenceError.self) { _ = try run.outcome() }
      #expect(diagnosis(of: RunEvidence(run, diverged: error)).map(\.code) == expected)
      let other = DivergenceError(epoch: 2, step: 1, loss: .nan, learningRate: nil)
      #expect(!diagnosis(of: RunEvidence(run, diverged: other)).map(\.code).contains("D1"))
    }
  }

  @Test(
    "the recipes of small data sets are healthy; penguins are so easy that D8 asks whether they may be",
    arguments: [("iris", []), ("penguins", ["D8"]), ("breast-cancer", []), ("wage", [])])
  func shipped(name: String, known: [String]) throws {
    let file = datasets + name + "/recipe.yaml"
    let document = try YAML.read(.file(file))
    let recipe = try Recipe(document, settings: [("data", .string(datasets + name))])
    let run = try Experiment(DataLoader(recipe.data), recipe).prepare(recipe, name: name)
    #expect(diagnosis(of: RunEvidence(run, try run.outcome())).map(\.code) == known)
  }

  @Test("a saved model knows what was told of it; one without a diagnosis is told by its losses")
  func saved() throws {
    let (run, outcome) = try run([
      ("data", .string(datasets + "breast-cancer")), ("model.kind", "mlp"), ("training.epochs", 3),
      ("split.validation", 0.2), ("training.threads", 1),
    ])
    let findings = diagnosis(of: RunEvidence(run, outcome))
    #expect(findings.map(\.code) == ["D4"])
    #expect(try outcome.bundle.findings() == findings)
    let other = [Finding(code: "D3", sentence: "told")]
    #expect(try outcome.bundle.recording(other).recording(other).findings() == other)
    #expect(try outcome.bundle.recording([]).findings() == [])
  }
}
