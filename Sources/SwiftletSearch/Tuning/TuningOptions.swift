// SPDX-License-Identifier: Apache-2.0
//
// TuningOptions: the section `tune` of a recipe, which `swiftlet tune` reads and a training leaves alone.
//
// Before    TuningSpace.swift     After    Trial.swift

import SwiftletFormats
import SwiftletTables
import SwiftletTraining

/// How a search goes about it.
public struct TuningOptions: Sendable, Equatable {
  /// Number of trials, the recipe itself among them.
  public var trials = 27
  /// Number of folds by which the finalists are judged.
  public var folds = 5
  /// Number of trials that are judged by folds, besides the recipe.
  public var finalists = 3
  /// After how many minutes no further trial begins; 0 for no limit. Folds are judged nevertheless.
  public var minutes = 0
  /// The metric; empty for the loss.
  public var metric = ""
  /// Chooses other trials.
  public var seed: UInt64 = 7
  /// What is varied; `nil` for the usual settings of the kind of model.
  public var search: JSONValue?

  /// The usual ones.
  public init() {}

  /// Every setting, by its key in a recipe.
  package static let settings = SettingTable<TuningOptions>(
    "recipe",
    [
      .integer("tune.trials", \.trials, 1...100_000, "The number of trials, the recipe itself among them.")
        .detail("A third is continued; more can be added to a search that is over.").example("81"),
      .integer("tune.folds", \.folds, 2...1000, "The number of folds that judge the finalists.").example("10"),
      .integer("tune.finalists", \.finalists, 1...1000, "The number of trials that are judged by folds.").example("6"),
      .integer("tune.minutes", \.minutes, 0...1_000_000, "After this many minutes no further trial begins.")
        .detail("The finalists are judged nevertheless, and the same command goes on from there.").example("30"),
      .text("tune.metric", \.metric, "The metric to choose by; empty for the loss.").example("roc_auc"),
      .seed("tune.seed", \.seed, "Another seed tries other values.").example("8"),
      Setting<TuningOptions>(
        "tune.search", .mapping(example: "{training.l2: [0.1, 1, 10]}"), "What is tried, setting by setting.",
        get: { $0.search }, set: { $0.search = $1 }
      )
      .detail(
        "A list, or a range {from: 0.001, to: 0.1, scale: log}. Without it, the usual settings of the kind of model."
      )
      .example("{training.l2: [0.1, 1, 10]}"),
    ])

  /// Reads the section of a recipe.
  ///
  /// - Parameter section: `nil` if there is none.
  /// - Throws: `DataError` for a key that does not exist, or a value that is not allowed.
  public init(_ section: JSONValue?) throws {
    guard let section, section != .null else { return }
    do { try TuningOptions.settings.apply(["tune": section], at: "", to: &self) } catch let error as SettingError {
      throw DataError(error.message)
    }
  }
}
