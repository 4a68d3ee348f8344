// SPDX-License-Identifier: Apache-2.0
//
// Fold: which rows are for training, validation and test in one run.
//
// The files, time, a column, groups or the rule decide; a program can make folds of its own.
//
// Before    Leakage.swift     After    UserFold.swift

import SwiftletFormats
import SwiftletTables

/// The split of each row.
public struct Fold: Sendable, Equatable {
  /// The part of each row.
  public var splits: [Split]
  /// What decided, in a sentence.
  public var message: String
  /// Warnings about the split, each with its remedy.
  public var warnings: [String] = []

  /// Parts for all rows of an experiment.
  public init(_ splits: [Split], message: String = "The caller chose the split.") {
    self.splits = splits
    self.message = message
  }

  /// The rows that were known before those of a split: training before validation, and both before the test.
  func rows(before split: Split) -> [Int32] {
    splits.indices.filter { splits[$0].precedes(split) }.map { Int32($0) }
  }

  /// The rows of a split.
  public func rows(_ split: Split) -> [Int32] { splits.indices.filter { splits[$0] == split }.map { Int32($0) } }
}

extension Split {
  /// Whether rows of this split were known before those of another.
  func precedes(_ other: Split) -> Bool {
    self == .train && other != .train || self == .validation && other == .test
  }
}

extension Experiment {
  /// The fold that the options ask for.
  ///
  /// - Throws: `DataError` if a column that the options name is absent, or holds a value that names no split.
  public func fold(_ options: Recipe.SplitOptions) throws -> Fold {
    if let user = recipe.recommendation.user { return try fold(options, within: user) }
    try options.checkAgreement(data)
    if let files = data.fileSplits {
      return try addingValidation(to: files, options, message: "The files decide the split.")
    }
    if let time = options.time {
      let times = try data.table.column(time, for: "split.time").times(for: "split.time")
      let splits = Split.byTime(times: times, test: options.test, validation: options.validation)
      return Fold(splits, message: "The last rows by \"\(time)\" are the test.")
    }
    if let column = try options.decidingColumn(of: data.table, targets: targetNames) {
      let splits = try parts(of: column)
      let message = "The column \"\(column.name)\" decides the split."
      guard !splits.contains(.validation) else { return try warningOfGroups(Fold(splits, message: message), options) }
      return try addingValidation(to: splits, options, message: message)
    }
    if let group = options.group {
      let groups = try groupNumbers(group)
      let splits = Split.byGroup(
        groups: groups, test: options.test, validation: options.validation, seed: options.seed)
      return Fold(splits, message: "Rows of one \"\(group)\" stay together.")
    }
    let splits = Split.byRule(
      classes: classes(options), test: options.test, validation: options.validation, seed: options.seed)
    return Fold(splits, message: "The split is by the rule with seed \(options.seed).")
  }

  /// The classes by which a split is stratified.
  func classes(_ options: Recipe.SplitOptions) -> [Int32] {
    options.stratify ? truth.classes : Array(repeating: 0, count: truth.count)
  }

  func addingValidation(
    to splits: [Split], _ options: Recipe.SplitOptions, message: String
  ) throws -> Fold {
    let part = options.validation
    guard let group = options.group else {
      let all = Split.addingValidation(part, to: splits, classes: classes(options), seed: options.seed)
      return Fold(all, message: message)
    }
    let all = Split.addingValidation(part, to: splits, groups: try groupNumbers(group), seed: options.seed)
    return try warningOfGroups(
      Fold(all, message: message + " Rows of one \"\(group)\" stay together in validation."), options)
  }

  /// If a column or the files decide, a group can be on both sides.
  private func warningOfGroups(_ fold: Fold, _ options: Recipe.SplitOptions) throws -> Fold {
    guard let group = options.group else { return fold }
    var parts: [Int32: Set<Split>] = [:]
    for (number, split) in zip(try groupNumbers(group), fold.splits) { parts[number, default: []].insert(split) }
    let count = parts.values.count { $0.isSuperset(of: [.train, .test]) }
    guard count > 0 else { return fold }
    var fold = fold
    fold.warnings.append(
      "\(count) groups of \"\(group)\" have rows in training and in test, because another column or file decides the split."
    )
    return fold
  }

  /// The part that a column says of each row.
  func parts(of column: Column) throws -> [Split] {
    try (0..<column.count).map { row in
      if let split = column.split(at: row) { return split }
      let place = "Row \(number(ofRow: row)) of the split column \"\(column.name)\""
      throw DataError(
        "\(place) holds \(column.text(at: row).map { quoted($0) } ?? "nothing"), and a part is train, validation (val, "
          + "valid, dev) or test. Correct it, or use --set split.column=none to split by the rule.")
    }
  }

  /// The group of each row, numbered in the order in which they come; a row without a group is one of its own.
  func groupNumbers(_ name: String) throws -> [Int32] {
    let column = try data.table.column(name, for: "split.group")
    var numbers: [String: Int32] = [:]
    return (0..<column.count).map { row in
      let key = column.text(at: row) ?? "row \(row)"
      if let number = numbers[key] { return number }
      numbers[key] = Int32(numbers.count)
      return Int32(numbers.count - 1)
    }
  }
}

extension Recipe.SplitOptions {
  /// The word for the column that is called `split`, if there is one.
  static let automaticColumn = "auto"

  /// The column that decides the split: the one that is named, or the one called `split`, in any case.
  ///
  /// - Throws: `DataError` if there is no column with the name.
  func decidingColumn(of table: Table, targets: [String]) throws -> Column? {
    guard let column else { return nil }
    guard column == Self.automaticColumn else { return try table.column(column, for: "split.column") }
    let found = table["split"] ?? table.columns.first { $0.name.lowercased() == "split" }
    return found.flatMap { targets.contains($0.name) ? nil : $0 }
  }

  /// Refuses a second setting that would be ignored.
  fileprivate func checkAgreement(_ data: LoadedData) throws {
    let named = column == Self.automaticColumn ? nil : column.map { "split.column (\"\($0)\")" }
    let byTime = time.map { "split.time (\"\($0)\")" }
    let byGroup = group.map { "split.group (\"\($0)\")" }
    let files = data.fileSplits.map { _ in "The data set's own files for training and test" }
    for case (let first?, let second?) in [(files, named), (files, byTime), (named, byTime), (byTime, byGroup)] {
      throw DataError("\(first) and \(second) would both decide the split. Remove one of them.")
    }
  }
}
