// SPDX-License-Identifier: Apache-2.0
//
// Recipe: everything that decides a run.
//
// A recipe file, flags and `--set` are laid over the defaults, in this order; the result goes into the bundle, so
// that a model can always say how it was made. Each section is a file beside this one: its properties with their
// defaults, and a row of the table for each. From the table come the reader and the writer of recipes, `--set`, the
// flags of `swiftlet train`, the pages that list the settings, the schema for editors and the space of a search.
//
// Before    SwiftletModels     After    DataSettings.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables

/// Everything that decides a run. The defaults are those of the command line.
public struct Recipe: Sendable, Equatable {
  /// A dataset folder, a file, or `-`.
  public var data = "."
  /// Where in the data to look, and how they are written.
  public var source = Source()
  /// The columns to predict: one, or several of a regression. Empty: the one that the data set names.
  public var targets: [String] = []
  /// The task of a head, such as `classification`; `nil`: what the target's values suggest.
  public var task: String?
  /// The types of columns whose type should not be inferred.
  public var columns: [String: ColumnType] = [:]
  /// Which columns are features.
  public var features = Features()
  /// How columns become numbers.
  public var pipeline = PipelineOptions()
  /// Which rows are for training, validation and test.
  public var split = SplitOptions()
  /// The kind of model and its layers.
  public var model = Model()
  /// How the model is fitted.
  public var training = Training()
  /// How probabilities become a class.
  public var decision = Decision()
  /// Who gets what recommended.
  public var recommendation = RecommendationOptions()

  /// The defaults.
  public init() {}

  /// Every setting, in the order in which a recipe is written.
  package static let settings = SettingTable<Recipe>(
    "recipe",
    dataSettings + featureSettings + splitSettings + modelSettings + ModelKinds.settings + trainingSettings
      + decisionSettings + recommendationSettings)
}
