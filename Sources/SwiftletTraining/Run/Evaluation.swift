// SPDX-License-Identifier: Apache-2.0
//
// Evaluation: a trained model on rows whose answers are known.
//
// Before    PreparedData.swift     After    Measures.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTensors

/// The measures of a model on some rows.
public struct Evaluation: Sendable {
  /// N, the number of rows.
  public let rows: Int
  /// The measures by their names.
  public private(set) var metrics: [Metric]
  /// The classes in the order of the matrix: the model's own, then those that it does not know.
  public let labels: [String]
  /// Rows are true labels, columns predicted ones; empty for a regression.
  public let confusionMatrix: [[Int]]
  /// Of a regression, what was true and what was predicted, for each target; empty for a classification.
  public let comparisons: [Comparison]
  /// Number of cells that held a category that was not in the training rows.
  public let unseenCount: Int
  /// Notes on the measures, such as one that does not exist for these rows.
  public internal(set) var notes: [String]

  /// The model's answers.
  package let answers: Answers
  /// What is true, in the model's terms.
  package let truth: Truth
  /// That of the model.
  private let head: any Head
  /// The intervals of metrics that need more than the answers.
  private let listIntervals: [String: Interval]
  /// Why these metrics do not exist, if the model has such and they do not.
  let listNote: String?

  /// What was true and what was predicted of a target, row by row.
  public struct Comparison: Codable, Equatable, Sendable {
    /// The target's name.
    public let target: String
    /// N values as they stand in the data.
    public let truth: [Double]
    /// N predictions.
    public let predicted: [Double]
  }

  /// Asks the predictor for every row, and compares.
  ///
  /// - Parameters:
  ///   - predictor: The model that is asked.
  ///   - table: A table with the model's columns, and perhaps others.
  ///   - rows: Which rows of the table.
  ///   - truth: What is true of these rows.
  ///   - head: What read the truth; it may know other labels than the model.
  ///   - earlier: The rows that were known before these; lists of recommendations leave their items out.
  /// - Throws: `DataError` if a column is absent or of another type, and for a truth that the model cannot answer.
  public init(
    _ predictor: Predictor, _ table: Table, rows: [Int32], _ truth: Truth, of head: any Head, earlier: [Int32] = []
  ) throws {
    let own = predictor.bundle.head
    // A label that the model does not know can still be answered, wrongly.
    let truth = own.labels.isEmpty || head.labels.isEmpty ? try own.truth(truth, readBy: head) : truth
    try self.init(predictor, table, rows: rows, truth, labels: head.labels, earlier: earlier)
  }

  /// The same, with the names of the labels of the truth.
  init(
    _ predictor: Predictor, _ table: Table, rows: [Int32], _ truth: Truth, labels names: [String],
    earlier: [Int32] = []
  ) throws {
    let own = predictor.bundle.head
    let (answers, unseen) = try Evaluation.answers(predictor, table, rows)
    try self.init(of: own, answers, unseenCount: unseen, truth, labels: names) { truth in
      try own.listMetrics(JudgedRows(predictor.bundle, table, rows: rows, truth, earlier: earlier))
    }
  }

  /// Compares answers that were given.
  ///
  /// - Parameters:
  ///   - own: The head of the model that answered.
  ///   - lists: The metrics that need more than the answers.
  init(
    of own: any Head, _ answers: Answers, unseenCount: Int, _ truth: Truth, labels names: [String],
    lists: (Truth) throws -> (metrics: [Metric], note: String?) = { _ in ([], nil) }
  ) throws {
    let all = own.labels + (own.labels.isEmpty ? [] : names.filter { !own.labels.contains($0) })
    let positions = names.map { Int32(all.firstIndex(of: $0) ?? 0) }
    var truth = truth
    truth.labels = truth.labels.map { positions[Int($0)] }
    let predicted = Evaluation.predicted(own, answers)
    let measures = Measures(own, labels: all, truth, answers, predicted: predicted)
    head = own
    self.answers = answers
    self.truth = truth
    rows = answers.count
    self.unseenCount = unseenCount
    labels = all
    let lists = try lists(truth)
    metrics = measures.metrics + lists.metrics.map { Metric($0.name, $0.value) }
    listNote = lists.note
    listIntervals = Dictionary(
      lists.metrics.compactMap { list in list.interval.map { (list.name, $0) } },
      uniquingKeysWith: { first, _ in first })
    notes = measures.notes + [lists.note].compactMap { $0 }
    confusionMatrix = SwiftletModels.confusionMatrix(labels: truth.labels, predicted: predicted, classCount: all.count)
    comparisons = zip(own.targetNames, truth.numbers).enumerated().map { position, target in
      let values = (0..<answers.count).map { answers.row($0)[$0 * answers.width + position] }
      return Comparison(target: target.0, truth: target.1, predicted: values)
    }
  }

  /// The label that each answer decides for; none if no classes are predicted.
  private static func predicted(_ head: any Head, _ answers: Answers) -> [Int32] {
    head.labels.isEmpty ? [] : (0..<answers.count).map { Int32(head.label(of: answers.row($0))) }
  }

  /// Gives every measure the interval that its true value is probably in.
  public mutating func addIntervals() {
    let counted = Measures.counted(
      head, labels: labels, truth, answers, predicted: Evaluation.predicted(head, answers))
    metrics = metrics.withIntervals(counted, classes: truth.classes, width: max(labels.count, answers.width)).map {
      Metric($0.name, $0.value, interval: $0.interval ?? listIntervals[$0.name])
    }
  }

  private static func answers(_ predictor: Predictor, _ table: Table, _ rows: [Int32]) throws -> (
    answers: Answers, unseenCount: Int
  ) {
    var values: [Double] = []
    var unseenCount = 0
    let reader = try predictor.bundle.pipeline.reader(of: table)
    // Piece by piece: the features of all rows never exist at once.
    for start in stride(from: 0, to: rows.count, by: reader.pieceSize) {
      let block = Array(rows[start..<min(start + reader.pieceSize, rows.count)])
      let (features, unseen) = try reader.features(block)
      unseenCount += unseen
      values += predictor.answers(for: features).values
    }
    return (Answers(values: values, count: rows.count, width: predictor.answerWidth), unseenCount)
  }
}

extension Evaluation {
  /// Evaluates a bundle on rows that were split as in training, or on all rows.
  ///
  /// - Parameters:
  ///   - bundle: The model, with the recipe that it was trained by.
  ///   - source: The rows, with their true targets.
  ///   - split: Which rows; `nil` for all.
  public init(_ bundle: ModelBundle, on source: some DataSource, split: Split?) throws {
    self = try JudgedData(bundle, source).evaluation(of: split)
  }
}

extension ModelBundle {
  /// The recipe that the model was trained by.
  ///
  /// - Throws: `FormatError` if the bundle's record has none that can be read.
  public func recipe() throws -> Recipe {
    var recipe = Recipe()
    do {
      if let own = training["recipe"] { try Recipe.settings.apply(own, at: "", to: &recipe) }
    } catch let error as SettingError {
      throw FormatError("model.json", "holds a recipe that cannot be read: \(error.message)")
    }
    // Older bundles write the default so.
    if recipe.split.column == "split" { recipe.split.column = Recipe.SplitOptions.automaticColumn }
    return recipe
  }
}
