// SPDX-License-Identifier: Apache-2.0
//
// Which columns are features, and how they become numbers.
//
// Before    DataSettings.swift     After    SplitSettings.swift

import SwiftletFormats
import SwiftletTables

extension Recipe {
  /// The columns to learn from.
  public struct Features: Sendable, Equatable {
    /// The columns to learn from; `nil`: all but the target and the column of the split.
    public var include: [String]?
    /// Columns to leave out.
    public var exclude: [String] = []
  }

  /// The rows of these settings, and of the ``PipelineOptions``.
  static let featureSettings: [Setting<Recipe>] = [
    Setting("features.include", .texts, "The columns to learn from.") {
      $0.features.include.map { JSONValue($0) }
    } set: {
      $0.features.include = $1.texts.isEmpty ? nil : $1.texts
    }
    .example("[age, income]").detail("By default all but the target and the column of the split."),
    .texts("features.exclude", \.features.exclude, "Columns to leave out.")
      .example("[id, name]")
      .detail("Leave out what will not be known when the model answers, and what only names a row."),
    Setting(
      "pipeline.numeric.impute", .choiceOrNumber(["mean", "median"]), "What takes the place of a missing number."
    ) { recipe in
      switch recipe.pipeline.numericImpute {
      case .mean: "mean"
      case .median: "median"
      case .constant(let value): .number(value)
      }
    } set: { recipe, value in
      recipe.pipeline.numericImpute = value.number.map { .constant($0) } ?? (value == "mean" ? .mean : .median)
    }
    .example("mean")
    .detail(
      "Mean or median of the training rows, or a number in the unit of the column. An absurd value moves the mean."),
    .choice("pipeline.numeric.scale", \.pipeline.numericScale, "How numbers are scaled.")
      .example("minmax")
      .detail("standard: mean 0 and standard deviation 1. minmax: from 0 to 1. Both as measured on the training rows."),
    .choice("pipeline.numeric.same", \.pipeline.numericSame, "What becomes of a column that holds one number.")
      .written { $0.pipeline.numericSame != .leaveOut }
      .example("keep")
      .detail("keep: it stays in its place, as a cell of a picture must that is empty in all training rows."),
    .choice("pipeline.categorical.impute", \.pipeline.categoricalImpute, "What takes the place of a missing category.")
      .example("most_frequent").detail("missing: a category of its own, so that the model can learn from its absence."),
    Setting(
      "pipeline.categorical.encode", .choice(Encoders.encodings(of: .category)), "How a category becomes numbers."
    ) {
      .string($0.pipeline.categoricalEncoding)
    } set: {
      $0.pipeline.categoricalEncoding = $1.string ?? ""
    }
    .example("one_hot").detail(Encoders.help(of: .category)),
    .integer(
      "pipeline.categorical.min_count", \.pipeline.minimumCount, 0...1_000_000_000,
      "The number of training rows a category needs to get a feature."
    )
    .example("10").detail("Rarer categories read as zeros."),
    .choice("pipeline.image.scale", \.pipeline.imageScale, "How pixels are scaled.")
      .example("per_image").detail("unit: from 0 to 1. per_image: each picture with mean 0 and standard deviation 1."),
  ]
}
