// SPDX-License-Identifier: Apache-2.0
//
// Experiment: rows, and what is to be predicted from what.
//
//     load → choose the target and the features → split → fit the pipeline → describe → fit → judge → record
//
// The first two are here, done once, and shared by all the runs that ask the same question of the same rows: every
// trial of a tuning, every fold of a comparison. The rest is Run.swift.
//
// Before    Fitting/ConvexFit.swift     After    Question.swift

import SwiftletFormats
import SwiftletModels
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
  /// What is predicted.
  public let head: any Head
  /// What is true of each row.
  public let truth: Truth
  /// The columns that are predicted.
  public let targetNames: [String]
  /// The columns to predict them from.
  public let features: Table
  /// What was decided, a sentence each.
  public let messages: [String]
  /// Warnings, each with its remedy.
  public let warnings: [String]
  /// The number of each row in the data, from 0; `nil` if all rows have a target.
  private let rowNumbers: [Int32]?
  /// The number of rows that have no target.
  let droppedRowCount: Int

  /// Loads rows, and chooses.
  ///
  /// - Parameters:
  ///   - source: Where the rows are; a run does not look at the recipe's `data`.
  ///   - recipe: Decides what is predicted. Its settings of the model and of the training do not matter here.
  /// - Throws: `FormatError` and `DataError`, each with its remedy.
  public init(_ source: some DataSource, _ recipe: Recipe) throws {
    try self.init(source, recipe, reader: nil)
  }

  /// Loads rows with the reader of a model, or with the recipe's own if there is none.
  init(_ source: some DataSource, _ recipe: Recipe, reader: TableReader?) throws {
    let recipe = try recipe.completed()
    var question = try Question(source, recipe, reader: reader)
    let (head, truth, rows) = try Heads.prepare(
      question.columns, as: question.kind,
      HeadOptions(positive: recipe.decision.positive, recommendation: recipe.recommendation),
      needed: try recipe.pairColumns(of: question.loaded.table))
    let rated = question.loaded.table.allRows.count { row in
      question.columns.allSatisfy { !$0.isMissing(at: Int(row)) }
    }
    question.columns = []
    targetNames = question.names
    let targetList = targetNames.joined(separator: ", ")
    let allCount = question.loaded.table.rowCount
    var messages = ["\(question.loaded.name): \(allCount) rows; \(question.kind.task) of \(targetList)"]
    var warnings = question.loaded.warnings + question.warnings
    if rows.count < allCount {
      if rated < allCount { warnings.append(question.absence(allCount - rated)) }
      if rows.count < rated { warnings.append(recipe.pairAbsence(rated - rows.count)) }
      // In place, so that not two tables are kept.
      question.loaded.table = question.loaded.table.selecting(rows: rows)
      question.loaded.fileSplits = question.loaded.fileSplits.map { splits in rows.map { splits[Int($0)] } }
    }
    rowNumbers = rows.count < allCount ? rows : nil
    droppedRowCount = allCount - rows.count
    data = question.loaded
    let splitColumns = try Experiment.splitColumns(data.table, targets: targetNames, recipe.split)
    let hidden = targetNames + splitColumns.names + [recipe.split.group, recipe.training.weight].compactMap { $0 }
    features = try Experiment.features(data.table, without: Set(hidden), recipe.features)
    self.head = head
    self.truth = truth
    let table = data.table
    let columns = features.columns + targetNames.compactMap { table[$0] }
    if reader == nil, let doubt = columns.lazy.compactMap(\.evidence.doubt).first { throw DataError(doubt) }
    messages += columns.compactMap(\.evidence.note)
    warnings += columns.compactMap(\.evidence.warning)
    self.messages = messages
    self.recipe = recipe
    self.warnings = warnings + splitColumns.warnings + leakageWarnings(features, head, truth)
  }

  /// The same question, asked of some of the rows.
  private init(_ other: Experiment, rows: [Int32]) {
    recipe = other.recipe
    head = other.head
    targetNames = other.targetNames
    messages = other.messages
    warnings = other.warnings
    droppedRowCount = other.droppedRowCount
    var data = other.data
    data.table = data.table.selecting(rows: rows)
    data.fileSplits = data.fileSplits.map { splits in rows.map { splits[Int($0)] } }
    self.data = data
    truth = other.truth.selecting(rows)
    features = other.features.selecting(rows: rows)
    rowNumbers = rows.map { Int32(other.number(ofRow: Int($0)) - 1) }
  }

  /// The same question, asked of some of the rows: nothing is known of the others any more.
  public func selecting(_ rows: [Int32]) -> Experiment { Experiment(self, rows: rows) }

  /// The number of a row in the data, from 1.
  func number(ofRow row: Int) -> Int { Int(rowNumbers?[row] ?? Int32(row)) + 1 }

  /// How much each row counts, as a column says.
  ///
  /// - Throws: `DataError` with the first row whose weight is absent, or not a number from 0.
  func weights(_ name: String) throws -> [Double] {
    let column = try data.table.column(name, for: "training.weight")
    guard !targetNames.contains(name) else { throw DataError("The target \(quoted(name)) cannot be the weight too.") }
    guard let numbers = column.numbers else {
      throw DataError("The weights in \(quoted(name)) must be numbers, and the column is \(column.type.rawValue).")
    }
    if let row = numbers.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      let found = column.text(at: row).map { "the weight \($0)" } ?? "no weight"
      throw DataError("Row \(number(ofRow: row)) has \(found) in \(quoted(name)), and a weight is a number from 0.")
    }
    return Array(numbers)
  }

  /// The columns that say which part a row plays. They carry no information about the target, so none is a feature.
  private static func splitColumns(
    _ table: Table, targets: [String], _ options: Recipe.SplitOptions
  ) throws -> (names: [String], warnings: [String]) {
    let deciding = try options.decidingColumn(of: table, targets: targets)?.name
    let others = table.columns.filter { $0.name != deciding && $0.namesSplits && !targets.contains($0.name) }
    let warnings = others.filter { _ in options.column != nil }.map { column in
      "\(quoted(column.name)) says which rows are for training and for test, so it is not a feature. To split by it, use "
        + "\(setFlag("split.column", .string(column.name)))."
    }
    return ([deciding].compactMap { $0 } + others.map(\.name), warnings)
  }

  /// All columns, or those that are included, without those that contain the answer or carry no information.
  private static func features(_ table: Table, without hidden: Set<String>, _ chosen: Recipe.Features) throws -> Table {
    for name in chosen.exclude + (chosen.include ?? []) { _ = try table.column(name, for: "the features") }
    let left = hidden.union(chosen.exclude)
    let names = (chosen.include ?? table.columnNames).filter { !left.contains($0) }
    guard !names.isEmpty else { throw DataError("No column is left as a feature: all are target, split or excluded.") }
    return table.selecting(columns: names)
  }
}
