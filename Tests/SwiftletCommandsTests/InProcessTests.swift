// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SwiftletModels
import Testing

@testable import SwiftletCommands
@testable import SwiftletTraining

/// The commands without a process: how flags become settings, and what is drawn.
@Suite("The command line, in process")
struct InProcessTests {
  @Test("flags lay themselves over the defaults, and --set over the flags")
  func precedence() throws {
    let command = try TrainCommand.parse([
      "my.csv", "--target", "a,b", "--model", "mlp", "--hidden", "8,4", "--epochs", "3", "--learning-rate", "0.01",
      "--set", "training.epochs=9", "--set", "features.exclude=[id]", "--set", "source.missing=[-999]",
    ])
    let recipe = try command.resolvedRecipe()
    #expect(recipe.data == "my.csv")
    #expect(recipe.targets == ["a", "b"])
    #expect(recipe.model.hidden == [8, 4])
    #expect(recipe.training.epochs == 9)
    #expect(recipe.training.learningRate == 0.01)
    #expect(recipe.features.exclude == ["id"])
    #expect(recipe.source.missing == ["-999"])
  }

  @Test("says how far a fit has come")
  func progress() {
    let figures = EpochFigures(
      epoch: 3, trainLoss: 0.25, validationLoss: 0.5, validationMetric: Metric("accuracy", 0.875))
    let progress = FitProgress(
      figures: figures, epochCount: 10, fraction: 0.5, examplesPerSecond: 1234.5, secondsLeft: 6.2)
    #expect(
      ProgressLine.text(progress, withBar: true)
        == "[█████···············]  epoch 3/10  loss 0.2500  validation loss 0.5000  accuracy 0.8750  1234 examples/s  7 s left"
    )
    #expect(ProgressLine.text(progress, withBar: false).hasPrefix("epoch 3/10  loss"))
  }

  @Test("draws a falling line from the upper left to the lower right")
  func drawing() {
    let lines = chart([[4, 3, 2, 1]], width: 4, height: 2).split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix("4.0000 ┤") && lines[1].hasPrefix("1.0000 ┤"))
    #expect(lines[0].last == "\u{2800}" && lines[1].last != "\u{2800}")
    #expect(chart([[1]]).isEmpty && chart([[.nan, .nan]]).isEmpty)
  }

  @Test("draws numbers whose range is no number, too")
  func extremes() {
    #expect(!chart([[-1.7e308, 1.7e308, 0]], width: 4, height: 2).isEmpty)
  }

  @Test("lines up the columns of a table")
  func table() {
    #expect(textTable([["", "a"], ["long", "10"]]) == "       a\nlong  10")
  }
}
