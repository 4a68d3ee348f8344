// SPDX-License-Identifier: Apache-2.0
//
// `swiftlet quickstart`: the tour. It looks at a data set, trains on it, tests, saves, and shows one answer.
//
// Before    SynthesizeCommand.swift     After    Tracking/TrackingOptions.swift

import ArgumentParser
import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTensors
import SwiftletTraining

struct QuickstartCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quickstart",
    abstract: "Train a model that reads handwritten digits, test it, and save it.",
    discussion: "Run it in the folder of the project, where Datasets/digits is. It writes Models/quickstart.")

  private static let dataset = "Datasets/digits"
  private static let output = "Models/quickstart"
  /// The arguments of `swiftlet train` that do the training.
  static let training = [dataset, "--output", output, "--force"]

  func run() throws {
    try reportingErrors {
      guard let description = try DataLoader.description(at: Self.dataset), let view = description.view else {
        throw DataError("There is no \(Self.dataset) here. Run quickstart in the folder of the project.")
      }
      print("1. The data: \(description.title)\n")
      let data = try DataLoader(Self.dataset).load()
      let pixels = data.table.selecting(
        columns: data.table.columnNames.filter { $0 != "split" && !description.targets.contains($0) })
      let shown = data.table.selecting(rows: [0, 1, 2])
      let answers = (0..<3).map { shown[description.targets[0]]?.text(at: $0) ?? "" }
      print(pictures(pixels.selecting(rows: [0, 1, 2]), view))
      print(
        "   "
          + answers.map { "this is a \($0)".padding(toLength: view.width * 2 + 4, withPad: " ", startingAt: 0) }
          .joined() + "\n")

      let train = try TrainCommand.parse(Self.training)
      let recipe = try train.resolvedRecipe()
      let fold = try Experiment(data, recipe).fold(recipe.split)
      let counts = Split.allCases.map { fold.rows($0).count }
      print(
        "2. The training: an MLP learns from \(counts[0]) such rows; \(counts[1]) more choose its best epoch, and "
          + "\(counts[2]) test it\n")
      try train.run()

      print("\n3. The answer: the saved model reads a digit that it has never seen\n")
      let bundle = try ModelBundle.load(from: Self.output)
      let isTest = (0..<data.table.rowCount).filter { data.table["split"]?.text(at: $0) == "test" }
      let row = Int32(isTest.first ?? 0)
      print(pictures(pixels.selecting(rows: [row]), view))
      let probabilities = try Predictor(bundle).predict(pixels.selecting(rows: [row])).answers.values
      for (label, p) in zip(bundle.labels, probabilities) {
        print("   \(label) \(String(repeating: "█", count: Int((p * 40).rounded()))) \(decimals(p * 100, 1)) %")
      }
      print(
        """

        Draw a digit yourself, on a page that this command opens (Ctrl-C ends it):
          \(shellCommand([programPath, "serve", Self.output]))
        Or train on a CSV of your own:
          \(shellWord(programPath)) train my.csv --target COLUMN
        """
      )
    }
  }

  /// Rows of numbers as pictures side by side.
  private func pictures(_ table: Table, _ view: PictureView) -> String {
    let shades = [" ", "░", "▒", "▓", "█"]
    let columns = table.columns.compactMap(\.numbers)
    guard columns.count == view.width * view.height else { return "" }
    return (0..<view.height).map { y in
      "   "
        + (0..<table.rowCount).map { row in
          (0..<view.width).map { x in
            let share = columns[y * view.width + x][row] / view.maximum
            let shade = share > 0 ? Int((min(share, 1) * 4).rounded()) : 0  // a missing value is white
            return String(repeating: shades[shade], count: 2)
          }.joined() + "    "
        }.joined()
    }.joined(separator: "\n")
  }
}
