// SPDX-License-Identifier: Apache-2.0
//
// The fold of a recommendation: the last ratings of each user judge.
//
// Before    Fold.swift     After    Folds.swift

import SwiftletTables

extension Experiment {
  /// The fold of rows that belong to users.
  ///
  /// A column of splits, or the files, may decide the test; time then decides which rows before it are for validation.
  /// Without a time, rows are taken at random.
  ///
  /// - Throws: `DataError` if a column that the options name is absent, or holds what no split or time is.
  func fold(_ options: Recipe.SplitOptions, within user: String) throws -> Fold {
    let decided = try decidedSplits(options)
    guard let time = try timeColumn(options) else {
      let message = (decided?.message ?? "") + "No column is a time, so ratings are split at random."
      let splits =
        decided?.splits
        ?? Split.byRule(classes: truth.classes, test: options.test, validation: 0, seed: options.seed)
      guard !splits.contains(.validation) else { return Fold(splits, message: message) }
      return try addingValidation(to: splits, options, message: message)
    }
    let times = try time.times(for: "split.time")
    let groups = try groupNumbers(user)
    var splits = decided?.splits ?? Array(repeating: .train, count: truth.count)
    if decided == nil {
      splits = Split.takingLast(as: .test, options.test, of: splits, groups: groups, times: times)
    }
    if !splits.contains(.validation) {
      splits = Split.takingLast(as: .validation, options.validation, of: splits, groups: groups, times: times)
    }
    return Fold(
      splits, message: (decided?.message ?? "") + "The last ratings of each \(user) by \"\(time.name)\" judge.")
  }

  /// What the files or a column say.
  private func decidedSplits(_ options: Recipe.SplitOptions) throws -> (splits: [Split], message: String)? {
    if let files = data.fileSplits { return (files, "The files decide the test. ") }
    guard let column = try options.decidingColumn(of: data.table, targets: targetNames) else { return nil }
    return (try parts(of: column), "The column \"\(column.name)\" decides the test. ")
  }

  /// The column that the options name, or the only one of dates.
  private func timeColumn(_ options: Recipe.SplitOptions) throws -> Column? {
    if let time = options.time { return try data.table.column(time, for: "split.time") }
    let dates = data.table.columns.filter { $0.type == .date && !targetNames.contains($0.name) }
    return dates.count == 1 ? dates[0] : nil
  }
}
