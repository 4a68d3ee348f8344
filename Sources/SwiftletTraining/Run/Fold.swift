// SPDX-License-Identifier: Apache-2.0
//
// Fold: which rows teach, choose and judge in one run.
//
// The files decide, or a column, or groups, or the rule; a program can make folds of its own.
//
// Before    Experiment.swift     After    PreparedData.swift

import SwiftletTables

/// The part that each row plays.
public struct Fold: Sendable, Equatable {
  /// The part of each row.
  public var splits: [Split]
  /// What decided, in a sentence.
  public var message: String

  /// Parts for all rows of an experiment.
  public init(_ splits: [Split], message: String = "The split is the caller's.") {
    self.splits = splits
    self.message = message
  }

  /// The rows that play a part.
  public func rows(_ split: Split) -> [Int32] { splits.indices.filter { splits[$0] == split }.map { Int32($0) } }
}

extension Experiment {
  /// The fold that the options ask for.
  ///
  /// - Throws: `DataError` where there is no column of the group's name.
  public func fold(_ options: Recipe.SplitOptions) throws -> Fold {
    let table = data.table
    let groups = try options.group.map { try groupNumbers(table.column($0, for: "split.group"), table.rowCount) }
    let together = options.group.map { " Rows of one \"\($0)\" stay together in validation." } ?? ""
    let classes = options.stratify ? target.classes : Array(repeating: 0, count: target.count)
    func addingValidation(to splits: [Split], _ message: String) -> Fold {
      let part = options.validation
      let all =
        groups.map { Split.addingValidation(part, to: splits, groups: $0, seed: options.seed) }
        ?? Split.addingValidation(part, to: splits, classes: classes, seed: options.seed)
      return Fold(all, message: message + together)
    }
    if let files = data.fileSplits { return addingValidation(to: files, "The split is that of the files.") }
    if let name = options.column, let splits = table[name].flatMap({ parts(of: $0) }) {
      let message = "The column \"\(name)\" decides the split."
      return splits.contains(.validation) ? Fold(splits, message: message) : addingValidation(to: splits, message)
    }
    if let groups, let group = options.group {
      let splits = Split.byGroup(
        groups: groups, test: options.test, validation: options.validation, seed: options.seed)
      return Fold(splits, message: "Rows of one \"\(group)\" stay together.")
    }
    let splits = Split.byRule(classes: classes, test: options.test, validation: options.validation, seed: options.seed)
    return Fold(splits, message: "The split is by the rule with seed \(options.seed).")
  }

  /// The part that a column says of each row, where it says one of every row.
  private func parts(of column: Column) -> [Split]? {
    let parts = (0..<column.count).compactMap { column.text(at: $0).flatMap(Split.init(rawValue:)) }
    return parts.count == column.count ? parts : nil
  }

  /// The group of each row, numbered in the order in which they come; a row without a group is one of its own.
  private func groupNumbers(_ column: Column, _ rowCount: Int) -> [Int32] {
    var numbers: [String: Int32] = [:]
    return (0..<rowCount).map { row in
      let key = column.text(at: row) ?? "row \(row)"
      if let number = numbers[key] { return number }
      numbers[key] = Int32(numbers.count)
      return Int32(numbers.count - 1)
    }
  }
}
