// SPDX-License-Identifier: Apache-2.0
//
// Trial: one choice of settings, and what came of it.
//
// A trial that failed, because its loss was no number or because its settings do not go together, is a result too. It
// has an error in the place of a score, and is never chosen.
//
// Before    TuningOptions.swift     After    StudyFolder.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTensors
import SwiftletTraining

/// One choice of settings.
public struct Trial: Sendable, Equatable {
  /// Its number; 0 is the recipe itself.
  public let index: Int
  /// The settings that differ from the recipe.
  public let settings: [JSONValue.Member]
  /// The scores on the validation rows, by the number of epochs that had been trained.
  public var rungs: [Rung] = []
  /// The measures by fold, if it is a finalist that was judged.
  public var folds: [[Metric]] = []
  /// Why it failed.
  public var error: String?

  /// A score after some epochs.
  public struct Rung: Sendable, Equatable {
    /// Number of epochs; of a convex model, 0.
    public let epochs: Int
    /// The score on the validation rows.
    public let score: Double
  }

  /// A trial that has not begun.
  init(_ index: Int, _ settings: [JSONValue.Member]) {
    self.index = index
    self.settings = settings
  }

  /// The score after some epochs, if it was measured.
  func score(after epochs: Int) -> Double? { rungs.first { $0.epochs == epochs }?.score }

  /// The recipe of the trial.
  ///
  /// - Throws: `SettingError` for a value that is not allowed.
  func recipe(varying recipe: Recipe, seed: UInt64) throws -> Recipe {
    var own = recipe
    for setting in settings { try Recipe.settings.apply(setting.value, at: setting.name, to: &own) }
    guard index > 0 else { return own }
    own.training.seed = Generator.mix(seed ^ Generator.mix(UInt64(index))) >> 33
    return own
  }

  /// The trial as it stands in its file.
  package var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("index", JSONValue(index)), .init("settings", .object(settings)),
      .init("rungs", .array(rungs.map { ["epochs": JSONValue($0.epochs), "score": .number($0.score)] })),
      .init("folds", .array(folds.map(\.json))),
    ]
    if let error { members.append(.init("error", .string(error))) }
    return .object(members)
  }

  /// Adds what a file says of this trial.
  ///
  /// - Returns: Whether the file is that of this trial.
  mutating func read(_ json: JSONValue) -> Bool {
    guard json["index"]?.integer == index, json["settings"] == .object(settings) else { return false }
    rungs = (json["rungs"]?.array ?? []).compactMap { rung in
      guard let epochs = rung["epochs"]?.integer, let score = rung["score"]?.number else { return nil }
      return Rung(epochs: epochs, score: score)
    }
    folds = (json["folds"]?.array ?? []).map { fold in
      (fold.members ?? []).compactMap { member in member.value.number.map { Metric(member.name, $0) } }
    }
    error = json["error"]?.string
    return true
  }
}
