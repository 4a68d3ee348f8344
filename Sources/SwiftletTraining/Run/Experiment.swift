// SPDX-License-Identifier: Apache-2.0
//
// Experiment: rows, and what is to be predicted from what.
//
//     load → choose the target and the features → split → fit the pipeline → describe → fit → judge → record
//
// The first two are here, done once, and shared by all the runs that ask the same question of the same rows: every
// trial of a tuning, every fold of a comparison. The rest is Run.swift.
//
// Before    Fitting/ConvexFit.swift     After    Fold.swift

import SwiftletFormats
import SwiftletTables

/// Rows, with what is to be predicted from what.
///
///     let recipe = Recipe()
///     let outcome = try Experiment(DataLoader("Datasets/iris"), recipe).run(recipe, name: "iris")
public struct Experiment: Sendable {
  /// The recipe that chose: its target, task, columns and features.
  public let recipe: Recipe
  /// The rows that have a target.
  public let data: LoadedData
  /// What is to be predicted, in each row.
  public let target: Target
  /// The columns that are predicted.
  public let targetNames: [String]
  /// The columns to predict them from.
  public let features: Table
  /// What was decided, in sentences.
  public let messages: [String]
  /// What should be known, each with its remedy.
  public let warnings: [String]

  /// Loads rows, and chooses.
  ///
  /// - Parameters:
  ///   - source: Where the rows are; a run does not look at the recipe's `data`.
  ///   - recipe: Says what is to be predicted. Its settings of the model and of the training do not matter here.
  /// - Throws: `FormatError` and `DataError`, each with its remedy.
  public init(_ source: some DataSource, _ recipe: Recipe) throws {
    var question = try Question(source, recipe)
    let (target, rows) = try Target.prepare(question.columns, task: question.task, positive: recipe.decision.positive)
    question.columns = []
    targetNames = question.names
    let targetList = targetNames.joined(separator: ", ")
    let allCount = question.loaded.table.rowCount
    messages = ["\(question.loaded.name): \(allCount) rows; \(question.task.rawValue) of \(targetList)"]
    var warnings = question.loaded.warnings
    if rows.count < allCount {
      warnings.append("\(allCount - rows.count) rows have no target and were left out.")
      // In place, so that not two tables are kept.
      question.loaded.table = question.loaded.table.selecting(rows: rows)
      question.loaded.fileSplits = question.loaded.fileSplits.map { splits in rows.map { splits[Int($0)] } }
    }
    data = question.loaded
    features = try Experiment.features(data.table, targets: targetNames, recipe)
    self.target = target
    self.recipe = recipe
    self.warnings = warnings + leakageWarnings(features, target)
  }

  /// All columns, or those that the recipe includes, without those that know the answer or say nothing of the world.
  private static func features(_ table: Table, targets: [String], _ recipe: Recipe) throws -> Table {
    let chosen = recipe.features
    for name in chosen.exclude + (chosen.include ?? []) { _ = try table.column(name, for: "the features") }
    var hidden = Set(targets + chosen.exclude)
    hidden.formUnion([recipe.split.group].compactMap { $0 })
    hidden.formUnion(table.columns.filter(\.isSplit).map(\.name))
    let names = (chosen.include ?? table.columnNames).filter { !hidden.contains($0) }
    guard !names.isEmpty else { throw DataError("No column is left as a feature: all are target, split or excluded.") }
    return table.selecting(columns: names)
  }
}

/// What is asked of which rows.
private struct Question {
  var loaded: LoadedData
  let names: [String]
  var columns: [Column]
  let task: Task

  init(_ source: some DataSource, _ recipe: Recipe) throws {
    var reader = TableReader(types: recipe.columns, missing: MissingSpellings(recipe.source.missing))
    var loaded = try source.load(reader)
    let names = try Question.names(recipe, loaded)
    var columns = try names.map { try loaded.table.column($0, for: "the target") }
    // What the data set says of its task holds for its own target.
    let described = loaded.dataset.flatMap { $0.targets == names ? $0.task : nil }
    task = recipe.task ?? described ?? Target.inferTask(columns)
    if task == .classification, columns.contains(where: { $0.type == .number && !$0.isCanonical }) {
      reader.types[names[0]] = .category  // read again, so that the labels keep their spelling
      loaded = try source.load(reader)
      columns = try names.map { try loaded.table.column($0, for: "the target") }
    }
    self.names = names
    self.columns = columns
    self.loaded = loaded
  }

  private static func names(_ recipe: Recipe, _ loaded: LoadedData) throws -> [String] {
    if !recipe.targets.isEmpty { return recipe.targets }
    if let described = loaded.dataset?.targets, !described.isEmpty { return described }
    let columns = loaded.table.columnNames.prefix(20).joined(separator: ", ")
    throw DataError("Which column is to be predicted? Name it with --target: \(columns).")
  }
}

extension Column {
  /// Whether it says of every row which part it plays, and so nothing about the world.
  fileprivate var isSplit: Bool {
    guard let codes, let categories, !codes.isEmpty else { return false }
    let isPart = categories.map { Split(rawValue: $0) != nil }
    return codes.allSatisfy { $0 >= 0 && isPart[Int($0)] }
  }
}
