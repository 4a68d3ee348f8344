// SPDX-License-Identifier: Apache-2.0
//
// Question: the target, the features and the rows of an experiment.
//
// The target decides how the rows are read: a class keeps its spelling, and it may be called None.
//
// Before    Experiment.swift     After    Leakage.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables

/// The target, the features and the rows of an experiment.
struct Question {
  var loaded: LoadedData
  let names: [String]
  var columns: [Column]
  let kind: any Head.Type
  /// Warnings about the target.
  private(set) var warnings: [String] = []
  /// The texts in the target that are read as missing, each once.
  private let missingTexts: [String]

  /// - Parameter given: The reader of a model; `nil` in training.
  init(_ source: some DataSource, _ recipe: Recipe, reader given: TableReader?) throws {
    var reader = given ?? recipe.tableReader
    var loaded = try source.load(reader)
    let names = try Question.names(recipe, loaded)
    var columns = try names.map { try loaded.table.column($0, for: "the target") }
    if given == nil, names.count == 1, let word = try Question.classCalledMissing(columns[0], recipe.source) {
      reader.values[names[0]] = [word.spelling]
      loaded = try source.load(reader)
      columns = try names.map { try loaded.table.column($0, for: "the target") }
      warnings = [
        "\(word.count) rows hold the text \(quoted(word.spelling)) as \"\(names[0])\", which counts as a class. If it means "
          + "that they have no target, leave them out with "
          + setFlag("source.missing", [.string(word.spelling)]) + "."
      ]
    }
    if let doubt = columns.lazy.compactMap(\.evidence.targetDoubt).first { throw DataError(doubt) }
    let named = try Question.kind(recipe.task, of: names, in: loaded.dataset)
    if named == nil, given == nil { try Question.refuseTooManyWords(columns) }
    kind = named ?? Heads.suiting(columns)
    if kind.keepsSpelling, columns.contains(where: { $0.type == .number && !$0.isCanonical }) {
      reader.types[names[0]] = .category  // read again, so that the labels keep their spelling
      loaded = try source.load(reader)
      columns = try names.map { try loaded.table.column($0, for: "the target") }
    }
    missingTexts = Set(columns.flatMap(\.evidence.missing).map(\.spelling)).filter { !$0.isEmpty }.sorted()
    self.names = names
    self.columns = columns
    self.loaded = loaded
  }

  /// The head of the recipe's task, or else of the one that the data set gives for its own targets.
  private static func kind(
    _ task: String?, of names: [String], in dataset: DatasetDescription?
  ) throws -> (any Head.Type)? {
    if let task { return try Heads.named(task) }
    guard let dataset, dataset.targets == names, let task = dataset.task else { return nil }
    guard Heads.tasks.contains(task) else {
      throw dataset.error(at: "task", "the task is \(Heads.taskList), not \(quoted(task)).")
    }
    return try Heads.named(task)
  }

  /// The class that is called as a missing value is, such as None: of the words for missing, only it is in the column.
  ///
  /// - Throws: `DataError` with the choice, if there are several, or empty cells beside it.
  private static func classCalledMissing(
    _ column: Column, _ source: Recipe.Source
  ) throws -> (spelling: String, count: Int)? {
    guard column.codes != nil, source.missingOnly == nil else { return nil }
    let isWord: (String) -> Bool = { $0.unicodeScalars.contains { $0.properties.isAlphabetic } }
    let seen = column.evidence.missing
    let named = seen.filter { isWord($0.spelling) && !source.missing.contains($0.spelling) }
    guard let first = named.first, first.count * 100 > column.count else { return nil }
    guard seen.count > 1 else { return first }
    let list = seen.map { "\($0.count) hold \($0.spelling.isEmpty ? "nothing" : quoted($0.spelling))" }
    let others = seen.map(\.spelling).filter { $0 != first.spelling }
    throw DataError(
      "Is \(quoted(first.spelling)) a class of \"\(column.name)\", or a missing value? Of \(column.count) rows "
        + "\(list.joined(separator: ", ")). \(setFlag("source.missing_only", JSONValue(others))) keeps it as a class, and "
        + "\(setFlag("source.missing", [.string(first.spelling)])) leaves these rows out.")
  }

  /// Refuses to make classes of texts of which nearly every row has its own, or that look like quantities, unless that is
  /// what was asked for.
  private static func refuseTooManyWords(_ columns: [Column]) throws {
    guard columns.count == 1, columns[0].type == .text, let words = columns[0].categories else {
      return
    }
    let rowCount = columns[0].count - columns[0].missingCount
    let quantity = columns[0].writtenQuantity
    guard quantity != nil || words.count * 2 > rowCount else { return }
    throw DataError(
      "The target \(quoted(columns[0].name)) holds \(words.count) distinct texts in \(rowCount) rows, such as "
        + "\(quoted(quantity ?? words.first ?? "")). If it is a number, write it as plain numbers; if each text is a class, "
        + "say so with --task classification.")
  }

  /// The sentence about rows without a target, with what stands there.
  func absence(_ count: Int) -> String {
    let texts = missingTexts
    let shown = texts.prefix(3).map { quoted($0) }.joined(separator: ", ")
    let spelled = texts.isEmpty ? "" : " (the text \(shown))"
    let keeps =
      texts.isEmpty || !kind.keepsSpelling ? "" : " \(setFlag("source.missing_only", [""])) keeps them as a class."
    let rows =
      count == 1
      ? "1 row has no target\(spelled) and was" : "\(count) rows have no target\(spelled) and were"
    return "\(rows) left out.\(keeps)"
  }

  private static func names(_ recipe: Recipe, _ loaded: LoadedData) throws -> [String] {
    if !recipe.targets.isEmpty {
      var chosen: Set<String> = []  // a column that is named twice is predicted once
      return joinedNames(recipe.targets) { loaded.table[$0] != nil }.filter { chosen.insert($0).inserted }
    }
    if let described = loaded.dataset?.targets, !described.isEmpty { return described }
    if !loaded.targets.isEmpty { return loaded.targets }
    guard loaded.table.columns.contains(where: \.type.isCell) else {
      throw DataError(
        "These are pictures without classes. Put those of each class into a folder named for it, such as stop/17.png.")
    }
    let columns = loaded.table.columnNames.prefix(20).joined(separator: ", ")
    guard !recipe.isRecommendation else {
      throw DataError(
        "A recommendation learns from ratings, and no target says which column has them. Name it with --target: "
          + "\(columns).")
    }
    throw DataError("Which column is to be predicted? Name it with --target: \(columns).")
  }
}
