// SPDX-License-Identifier: Apache-2.0
//
// Which rows a model is measured on: those of its training data, or others.
//
// Before    SettingsCommand.swift     After    EvaluateCommand.swift

import ArgumentParser
import Foundation
import SwiftletData
import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTraining

/// The flags that choose rows whose answers are known.
struct JudgedOptions: ParsableArguments {
  @Option(help: "Other data; then all rows are used, unless --split says otherwise.") var data: String?
  @Option(help: "The table of a SQLite file.") var table: String?
  @Option(help: "One SELECT to read from a SQLite file, instead of a table.") var query: String?
  @Option(help: "test, validation, train or all.") var split: String?

  func validate() throws {
    guard split == nil || split == "all" || Split(rawValue: split ?? "") != nil else {
      throw ValidationError("--split is test, validation, train or all, not \"\(split ?? "")\".")
    }
  }

  /// The data that --data names, or the training data.
  func loader(for bundle: ModelBundle, _ model: String, command: String) throws -> DataLoader {
    var recipe = try bundle.recipe()
    if data == nil {
      guard recipe.data != "-" else {
        throw DataError(
          "\(bundle.name) was trained from standard input, so its data were not saved. Name them with --data FILE, or send "
            + "them again: … | \(shellCommand(["swiftlet", command, model, "--data", "-"])).")
      }
      guard FileManager.default.fileExists(atPath: recipe.data) else {
        throw FormatError(
          recipe.data,
          "held the training data of \(bundle.name), and is not there from this folder. Run \(command) in "
            + "the folder of the training, or name the data with --data.", isMissingInput: true)
      }
    }
    recipe.data = data ?? recipe.data
    if table != nil || query != nil || !DataLoader.takesQueries(recipe.data) {
      recipe.source.table = table
      recipe.source.query = query
    }
    return DataLoader(recipe)
  }

  /// The rows of a split in words: "all 150 rows", "the only row", "30 test rows".
  static func text(_ count: Int, of split: String) -> String {
    guard split == "all" else { return counted(count, split + " row") }
    return count == 1 ? "the only row" : "all \(count) rows"
  }

  /// Which rows are measured, and a warning about them.
  func choice(_ judged: JudgedData, _ path: String) -> (rows: String, warning: String?) {
    let isOther = data != nil
    if judged.isTrainingData {
      let chosen = split ?? (isOther ? "all" : "test")
      let learned =
        "The model was trained on most of these rows. --split test measures the others."
      return (chosen, isOther && split == nil ? learned : nil)
    }
    let changed = isOther ? nil : "\(path) has changed since the model was trained: its SHA-256 differs."
    if let split { return (split, changed) }
    if isOther { return ("all", nil) }
    guard !judged.isSplit else {
      return ("test", changed.map { $0 + " The test rows are the ones that the data now name." })
    }
    return (
      "all", changed.map { $0 + " So all rows are measured, and the model may have been trained on some of them." }
    )
  }
}
