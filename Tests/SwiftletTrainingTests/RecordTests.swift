// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTraining
import Testing

/// What a run leaves behind: its history, its record, its card.
@Suite("Records of a run")
struct RecordTests {
  private let figures = Figures(
    parts: [
      .init(.train, rowCount: 90, metrics: [Metric("accuracy", 0.9), Metric("log_loss", 0.1)]),
      .init(.validation, rowCount: 10, metrics: [Metric("accuracy", 0.8), Metric("log_loss", 0.2)]),
      .init(.test, rowCount: 20, metrics: [Metric("accuracy", 0.7), Metric("log_loss", 0.34567)]),
    ], baseline: [Metric("accuracy", 0.5)])

  @Test("the card's columns are the splits in their order, then the baseline")
  func card() throws {
    let bundle = try ModelBundle.load(from: datasets.dropLast("Datasets/".count) + "Models/iris")
    let card = ModelCard(
      title: "Irises", model: "logistic regression", dataset: "iris", citation: "Fisher (1936).", licence: "CC BY 4.0",
      command: "swiftlet train",
      figures: figures, warnings: ["Mind this."]
    ).markdown(for: bundle)
    for line in [
      "| metric | train | validation | test | baseline |", "| --- | ---: | ---: | ---: | ---: |",
      "| accuracy | 0.9 | 0.8 | 0.7 | 0.5 |", "| log_loss | 0.1 | 0.2 | 0.3457 |  |",
      "Rows: 90 train, 10 validation, 20 test. The baseline always answers with the most frequent class.",
      "- Mind this.", "Fisher (1936). Licence: CC BY 4.0.",
    ] { #expect(card.contains("\n\(line)\n"), "\(line)") }
    #expect(card.contains(#""split":"test""#) || card.contains(#""split": "test""#))
  }

  @Test("the rows that judge are the last that there are")
  func judged() {
    #expect(figures.judged.split == .test && figures.judged.metrics["accuracy"] == 0.7)
    #expect(Figures(parts: Array(figures.parts.prefix(1)), baseline: []).judged.split == .train)
    #expect(figures[.validation]?["log_loss"] == 0.2 && figures[.validation]?["r2"] == nil)
    #expect(figures.rowsJSON == ["train": 90, "validation": 10, "test": 20])
  }

  @Test("a history is a line of figures for each epoch, to six digits")
  func history() {
    var history = History(validationMetric: "r2")
    history.epochs = [
      EpochFigures(
        epoch: 1, trainLoss: 1234.56789, validationLoss: 0.000123456789, validationMetric: Metric("r2", -2),
        learningRate: 0.01),
      EpochFigures(
        epoch: 2, trainLoss: 0, validationLoss: .nan, validationMetric: Metric("r2", 1.0 / 3), learningRate: 0.005),
    ]
    #expect(
      history.csv == """
        epoch,train_loss,validation_loss,validation_r2,learning_rate
        1,1234.57,0.000123457,-2.0,0.01
        2,0.0,nan,0.333333,0.005

        """)
    var bare = History(validationMetric: nil)
    bare.epochs = [EpochFigures(epoch: 1, trainLoss: 0.5)]
    #expect(bare.csv == "epoch,train_loss,learning_rate\n1,0.5,\n")
  }

  @Test("a record and the events of a run survive Codable, and model.json keeps the record's own text")
  func coding() throws {
    var recipe = Recipe()
    recipe.data = datasets + "iris"
    recipe.training.epochs = 2
    let observer = Recorder()
    let outcome = try Experiment(DataLoader(recipe.data), recipe).run(recipe, name: "iris", observer: observer)
    let record = try JSONDecoder().decode(RunRecord.self, from: JSONEncoder().encode(outcome.record))
    #expect(record.figures == outcome.figures && record.epochs == 2 && record.seed == 7)
    for event in observer.events {
      guard case .ended = event else {
        #expect(try JSONDecoder().decode(RunEvent.self, from: JSONEncoder().encode(event)) == event)
        continue
      }
    }
    #expect(observer.events.last == .ended(outcome.record))
    #expect(outcome.bundle.training == outcome.record.json)
    #expect(outcome.bundle.training["metrics"]?["test"]?["accuracy"]?.number == outcome.figures[.test]?["accuracy"])
    // One line for each epoch, in the order of its events.
    #expect(observer.epochs == outcome.fit.history.epochs && observer.epochs.map(\.epoch) == [1, 2])
    #expect(outcome.bundle.history == outcome.fit.history.csv)
  }

  @Test("the figures of the epoch that is kept are those of the model")
  func keptEpoch() throws {
    var recipe = Recipe()
    recipe.data = datasets + "heart-disease"
    recipe.training.learningRate = 0.03
    recipe.training.earlyStopping = 3
    recipe.training.epochs = 200
    let experiment = try Experiment(DataLoader(recipe.data), recipe)
    let outcome = try experiment.run(recipe, name: "heart")
    let kept = outcome.fit.history.epochs[outcome.fit.bestEpoch - 1]
    #expect(outcome.fit.ending == .earlyStopping && outcome.fit.bestEpoch == outcome.fit.epochs - 3)
    #expect(abs((kept.validationLoss ?? 0) - (outcome.figures[.validation]?["log_loss"] ?? 9)) < 1e-5)
    #expect(kept.validationMetric?.value == outcome.figures[.validation]?["accuracy"])
    // A run that ends there has the same parameters.
    recipe.training.epochs = outcome.fit.bestEpoch
    let shorter = try experiment.run(recipe, name: "heart")
    #expect(shorter.bundle.network.parameters.map(\.value) == outcome.bundle.network.parameters.map(\.value))
  }
}
