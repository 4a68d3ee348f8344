// SPDX-License-Identifier: Apache-2.0
//
// From a recipe to examples: load, choose the target and the features, split, prepare.
//
// Before    ../Fitting/ConvexFit.swift     After    TrainingRun.swift

import SwiftletData
import SwiftletFormats
import SwiftletNN
import SwiftletTables
import SwiftletTensors

/// Data that are ready to be learned from.
struct PreparedData {
  let loaded: LoadedData
  let target: Target
  let features: Table
  let splits: [Split]
  let warnings: [String]
  let messages: [String]
  /// The name of the first target.
  let targetColumn: String

  /// The rows that play a part.
  func rows(_ split: Split) -> [Int32] { splits.indices.filter { splits[$0] == split }.map { Int32($0) } }

  init(_ recipe: Recipe) throws {
    var messages: [String] = []
    var warnings: [String] = []
    var loader = DataLoader(recipe.data)
    (loader.types, loader.missing) = (recipe.columns, MissingSpellings(recipe.source.missing))
    (loader.sqlTable, loader.sqlQuery) = (recipe.source.table, recipe.source.query)
    var loaded = try loader.load()
    warnings += loaded.warnings
    let targets = try PreparedData.targetNames(recipe, loaded)
    var columns = try targets.map { try loaded.table.column($0, for: "the target") }
    // What the data set says of its task holds for its own target.
    let described = loaded.dataset.flatMap { $0.targets == targets ? $0.task : nil }
    let task = recipe.task ?? described ?? Target.inferTask(columns)
    if task == .classification, columns.contains(where: { $0.type == .number && !$0.isCanonical }) {
      loader.types[targets[0]] = .category  // read again, so that the labels keep their spelling
      loaded = try loader.load()
      columns = try targets.map { try loaded.table.column($0, for: "the target") }
    }
    let (target, rows) = try Target.prepare(columns, task: task, positive: recipe.decision.positive)
    messages.append(
      "\(loaded.name): \(loaded.table.rowCount) rows; \(task.rawValue) of \(targets.joined(separator: ", "))")
    if rows.count < loaded.table.rowCount {
      warnings.append("\(loaded.table.rowCount - rows.count) rows have no target and were left out.")
    }
    // The table of all rows ends here, so that not two of them are kept.
    if rows.count < loaded.table.rowCount { loaded.table = loaded.table.selecting(rows: rows) }
    let table = loaded.table
    let fileSplits = loaded.fileSplits.map { splits in rows.map { splits[Int($0)] } }

    let (splits, splitColumn, said) = try PreparedData.splits(recipe.split, table, target, fileSplits)
    messages.append(said)
    let hidden = Set(
      targets + [splitColumn, recipe.split.group].compactMap { $0 } + table.columns.filter(\.isSplit).map(\.name)
        + recipe.features.exclude)
    for name in recipe.features.exclude + (recipe.features.include ?? []) {
      _ = try table.column(name, for: "the features")
    }
    let names = (recipe.features.include ?? table.columnNames).filter { !hidden.contains($0) }
    guard !names.isEmpty else { throw DataError("No column is left as a feature: all are target, split or excluded.") }
    features = table.selecting(columns: names)
    warnings += leakageWarnings(features, target)
    if !splits.contains(.test) {
      warnings.append("No row is left for a test: the figures are of rows that the model has learned from.")
    }
    (self.loaded, self.target, self.splits, self.warnings, self.messages) = (loaded, target, splits, warnings, messages)
    targetColumn = targets[0]
  }

  private static func targetNames(_ recipe: Recipe, _ loaded: LoadedData) throws -> [String] {
    if !recipe.targets.isEmpty { return recipe.targets }
    if let described = loaded.dataset?.targets, !described.isEmpty { return described }
    throw DataError(
      "Which column is to be predicted? Name it with --target: \(loaded.table.columnNames.prefix(20).joined(separator: ", "))."
    )
  }

  /// The split that the files, a column, groups, or the rule decides, and what to say about it.
  private static func splits(
    _ options: Recipe.SplitOptions, _ table: Table, _ target: Target, _ fileSplits: [Split]?
  ) throws -> (splits: [Split], column: String?, said: String) {
    let classes = options.stratify ? target.classes : Array(repeating: 0, count: target.count)
    let groups = try options.group.map { try groupNumbers(table.column($0, for: "split.group"), table.rowCount) }
    let together = options.group.map { " Rows of one \"\($0)\" stay together in validation." } ?? ""
    func addingValidation(to splits: [Split]) -> [Split] {
      if let groups {
        return Split.addingValidation(options.validation, to: splits, groups: groups, seed: options.seed)
      }
      return Split.addingValidation(options.validation, to: splits, classes: classes, seed: options.seed)
    }
    if let fileSplits {
      return (addingValidation(to: fileSplits), nil, "The split is that of the files." + together)
    }
    if let name = options.column, let column = table[name] {
      let parts = (0..<table.rowCount).map { column.text(at: $0).flatMap(Split.init(rawValue:)) }
      let known = parts.compactMap { $0 }
      if known.count == table.rowCount {
        if known.contains(.validation) { return (known, name, "The column \"\(name)\" decides the split.") }
        return (addingValidation(to: known), name, "The column \"\(name)\" decides the split." + together)
      }
    }
    if let groups, let group = options.group {
      return (
        Split.byGroup(groups: groups, test: options.test, validation: options.validation, seed: options.seed), nil,
        "Rows of one \"\(group)\" stay together."
      )
    }
    let splits = Split.byRule(classes: classes, test: options.test, validation: options.validation, seed: options.seed)
    return (splits, nil, "The split is by the rule with seed \(options.seed).")
  }

  /// The group of each row, numbered in the order in which they come; a row without a group is one of its own.
  private static func groupNumbers(_ column: Column, _ rowCount: Int) -> [Int32] {
    var numbers: [String: Int32] = [:]
    return (0..<rowCount).map { row in
      let key = column.text(at: row) ?? "row \(row)"
      if let number = numbers[key] { return number }
      numbers[key] = Int32(numbers.count)
      return Int32(numbers.count - 1)
    }
  }
}

extension Column {
  /// Whether it says of every row which part it plays, and so nothing about the world.
  fileprivate var isSplit: Bool {
    guard case .codes(let codes, let categories) = values, !categories.isEmpty else { return false }
    return categories.allSatisfy { Split(rawValue: $0) != nil } && codes.allSatisfy { $0 >= 0 }
  }
}
