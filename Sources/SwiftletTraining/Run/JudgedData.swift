// SPDX-License-Identifier: Apache-2.0
//
// Rows whose answers are known, for a model that is to be measured on them.
//
// A test row must be one that the model was not trained on. The split of the training can be repeated only on exactly
// the same data, which their digest shows. On others every row is new, unless a column or the files
// themselves say which rows are for the test.
//
// Before    Measures.swift     After    ModelEvaluation.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables

/// Rows with their true answers, read as the model's training read them.
public struct JudgedData: Sendable {
  private let bundle: ModelBundle
  private let source: any DataSource
  private let recipe: Recipe
  private let reader: TableReader
  package let loaded: LoadedData
  /// Whether these are exactly the data that the model was trained on.
  public let isTrainingData: Bool

  /// Reads the rows.
  ///
  /// - Throws: `FormatError` and `DataError`, each with its remedy.
  public init(_ bundle: ModelBundle, _ source: some DataSource) throws {
    self.bundle = bundle
    self.source = source
    recipe = try bundle.recipe()
    reader = bundle.judgingReader
    loaded = try source.load(reader)
    isTrainingData = loaded.sha256 == bundle.training["data_sha256"]?.string ?? ""
  }

  /// Whether the rows of one split can be distinguished from the others.
  public var isSplit: Bool { isTrainingData || decidedParts != nil }

  /// Measures the model.
  ///
  /// - Parameter split: Which rows; `nil` for all.
  /// - Throws: `DataError` if it cannot be known which rows these are, if there are none, and for a number that is too far
  ///   from the training data, as `predict` refuses it.
  public func evaluation(of split: Split?) throws -> Evaluation {
    let chosen = try chosen(split)
    let (truth, labels) = try Truth.read(chosen.targets, chosen.rows, for: bundle.head)
    var evaluation = try Evaluation(
      Predictor(bundle), loaded.table, rows: chosen.rows, truth, labels: labels, earlier: chosen.earlier)
    if chosen.unknownCount > 0 {
      evaluation.notes.insert("Rows that have no target and were left out: \(chosen.unknownCount).", at: 0)
    }
    return evaluation
  }

  /// The rows of a split that the model can be asked about, and what is true of them in its own terms.
  ///
  /// Rows with a label that the model does not know are left out. The training rows are there if these are the data that
  /// the model was trained on.
  ///
  /// - Parameter split: Which rows; `nil` for all.
  /// - Throws: `DataError` as ``evaluation(of:)``, and if the model knows the label of no row.
  public func rows(of split: Split?) throws -> JudgedRows {
    let parts = split == nil && !isTrainingData ? nil : try parts()
    let chosen = try chosen(split, parts)
    let judged = try known(chosen.targets, chosen.rows)
    guard !judged.rows.isEmpty else { throw DataError("The model knows the label of none of these rows.") }
    let train = try known(chosen.targets, isTrainingData ? try self.chosen(.train, parts).rows : [])
    return JudgedRows(
      bundle, loaded.table, rows: judged.rows, judged.truth, earlier: chosen.earlier, train: train.rows,
      trainTruth: train.truth)
  }

  /// The splits that have rows, in the order training, validation, test; none if they cannot be distinguished.
  ///
  /// - Throws: `FormatError` and `DataError` if the data cannot be read again.
  public var splits: [Split] {
    get throws {
      guard isSplit else { return [] }
      let present = Set(try parts().compactMap { $0 })
      return Split.allCases.filter { present.contains($0) }
    }
  }

  /// Rows of a split that have a target.
  private struct Chosen {
    let targets: [Column]
    let rows: [Int32]
    let earlier: [Int32]
    let unknownCount: Int
  }

  private func chosen(_ split: Split?, _ given: [Split?]? = nil) throws -> Chosen {
    let columns = try bundle.judgedTargets.map { try loaded.table.column($0, for: "the target") }
    let known = loaded.table.allRows.filter { row in columns.allSatisfy { !$0.isMissing(at: Int(row)) } }
    var rows = known
    var earlier: [Int32] = []
    if let split {
      let parts = try given ?? self.parts()
      rows = known.filter { parts[Int($0)] == split }
      earlier = known.filter { row in parts[Int(row)].map { $0.precedes(split) } ?? false }
    }
    guard !rows.isEmpty else {
      let kind = split.map { "\($0.rawValue) " } ?? ""
      throw DataError("There are no \(kind)rows with a target in these data.\(others(split))")
    }
    try bundle.pipeline.checkBounds(of: loaded.table, rows: rows, firstRow: 1)
    return Chosen(targets: columns, rows: rows, earlier: earlier, unknownCount: loaded.table.rowCount - known.count)
  }

  /// The splits that there are in the place of one without rows.
  private func others(_ split: Split?) -> String {
    guard split != nil, let present = try? splits, !present.isEmpty else { return "" }
    let flags = present.reversed().map { "--split \($0.rawValue)" }.joined(separator: " or ")
    return " There are others: \(flags)."
      + (present == [.train] ? " The model has learned from those: expect less of new ones." : "")
  }

  /// The rows whose labels the model knows, with positions in its labels.
  private func known(_ columns: [Column], _ rows: [Int32]) throws -> (rows: [Int32], truth: Truth) {
    var (truth, names) = try Truth.read(columns, rows, for: bundle.head)
    guard !bundle.labels.isEmpty else { return (rows, truth) }
    let own = names.map { bundle.labels.firstIndex(of: $0).map { Int32($0) } }
    let kept = rows.indices.filter { own[Int(truth.labels[$0])] != nil }
    truth.labels = kept.map { own[Int(truth.labels[$0])] ?? 0 }
    return (kept.map { rows[$0] }, truth)
  }

  /// The part of each row of the data; `nil` for a row without a target.
  package func parts() throws -> [Split?] {
    guard isTrainingData else {
      if let decidedParts { return decidedParts }
      throw DataError(
        "The data are not the ones that the model was trained on: their SHA-256 differs. So the split cannot be repeated: "
          + "use --split all to measure every row as new data.")
    }
    // As in training: the same question, the same rows, the same rule.
    var recipe = recipe
    if recipe.targets.isEmpty { recipe.targets = bundle.judgedTargets }
    recipe.task = bundle.task
    let experiment = try Experiment(source, recipe, reader: reader)
    var parts = [Split?](repeating: nil, count: loaded.table.rowCount)
    for (row, split) in try experiment.fold(recipe.split).splits.enumerated() {
      parts[experiment.number(ofRow: row) - 1] = split
    }
    return parts
  }

  /// What the files or a column say of each row.
  private var decidedParts: [Split?]? {
    if let files = loaded.fileSplits { return files }
    guard recipe.split.time == nil,
      let column = try? recipe.split.decidingColumn(of: loaded.table, targets: bundle.judgedTargets)
    else { return nil }
    return (0..<column.count).map { column.split(at: $0) }
  }
}

extension ModelBundle {
  /// The columns that hold the true answers.
  fileprivate var judgedTargets: [String] { head.targetNames.isEmpty ? [target] : head.targetNames }

  /// A reader of data with true answers: features are read as the model reads them, and labels are its own.
  fileprivate var judgingReader: TableReader {
    var reader = tableReader
    for name in judgedTargets where !head.labels.isEmpty { reader.know(labels: head.labels, of: name) }
    return reader
  }
}
