// SPDX-License-Identifier: Apache-2.0
//
// Which rows are for training, validation and test.
//
// Before    FeatureSettings.swift     After    ModelSettings.swift

import SwiftletFormats
import SwiftletTables

extension Recipe {
  /// How rows are split: by a column, by time, by groups, or by the rule of `Split`.
  public struct SplitOptions: Sendable, Equatable {
    /// The column that says train, validation or test; `auto`: the one called `split`, if there is one.
    public var column: String? = Self.automaticColumn
    /// A column of numbers or dates: the last rows by it are the test.
    public var time: String?
    /// A column; rows with the same value in it stay together.
    public var group: String?
    /// The part of the rows for the test, if no column decides.
    public var test = 0.2
    /// The part of the remaining rows for validation.
    public var validation = 0.1
    /// Whether each class is split by itself.
    public var stratify = true
    /// Chooses other rows for each part: it is hashed together with a row's number.
    public var seed: UInt64 = 34
  }

  /// The rows of these settings.
  static let splitSettings: [Setting<Recipe>] = [
    .optionalText("split.column", \.split.column, "The column that says train, validation or test for each row.")
      .example("fold")
      .detail(
        """
        auto: the column called split, where there is one. The words may also be val, valid, dev or training, in any \
        case; any other is refused. none: no column decides.
        """),
    .optionalText("split.time", \.split.time, "A column of numbers or dates: the last rows by it are the test.")
      .written { $0.split.time != nil }.example("date").detail(
        "The last of those before them are for validation. Rows of one moment stay together."),
    .optionalText("split.group", \.split.group, "A column; rows with the same value in it stay together.")
      .example("patient").detail("Rows of one person or one day are too much alike to be in two parts."),
    .number("split.test", \.split.test, 0...0.9, "The part of the rows for the test, if no column decides.")
      .example("0.3"),
    .number("split.validation", \.split.validation, 0...0.9, "The part of the remaining rows for validation.")
      .example("0.2").detail("Validation rows choose the best epoch. With 0 the last one is kept."),
    .truth("split.stratify", \.split.stratify, "Whether each class is split by itself.").example("false"),
    .seed("split.seed", \.split.seed, "The seed of the split: another seed puts other rows into the test.")
      .example("1"),
  ]
}
