// SPDX-License-Identifier: Apache-2.0
//
// Evaluation: a trained model on rows whose answers are known.
//
// Before    PreparedData.swift     After    ModelEvaluation.swift

import SwiftletFormats
import SwiftletModels
import SwiftletTables
import SwiftletTensors

/// The measures of a model on some rows.
public struct Evaluation: Sendable {
  /// N, the rows that were asked.
  public let rows: Int
  /// The measures by their names.
  public let metrics: [Metric]
  /// The classes in the order of the matrix.
  public let labels: [String]
  /// Rows are true labels, columns predicted ones; empty for a regression.
  public let confusionMatrix: [[Int]]
  /// Of a regression, what was true and what was predicted of each row, by target; empty for a classification.
  public let comparisons: [(target: String, truth: [Double], predicted: [Double])]
  /// How many cells held a category that training did not know.
  public let unseenCount: Int

  /// Asks the predictor for every row, and compares.
  ///
  /// - Parameters:
  ///   - predictor: The model that is asked.
  ///   - table: Has the model's columns, and others if it likes.
  ///   - rows: Which rows of the table.
  ///   - target: What is true of these rows.
  /// - Throws: `DataError` where a column is absent or of another type.
  public init(_ predictor: Predictor, _ table: Table, rows: [Int32], _ target: Target) throws {
    let (predictions, unseen) = try Evaluation.predict(predictor, table, rows)
    (self.rows, unseenCount, labels) = (rows.count, unseen, predictor.bundle.labels)
    switch (predictions, target) {
    case (.classes(let probabilities, let answers), .labels(let codes, let names)):
      let positions = names.map { predictor.bundle.labels.firstIndex(of: $0) }
      if let unknown = zip(names, positions).first(where: { $0.1 == nil }) {
        throw DataError(
          "The data hold the label \(quoted(unknown.0)), which the model does not know: \(predictor.bundle.labels.joined(separator: ", "))."
        )
      }
      let truth = codes.map { Int32(positions[Int($0)] ?? 0) }
      metrics = classificationMetrics(labels: truth, predicted: answers, probabilities: probabilities)
      confusionMatrix = SwiftletTraining.confusionMatrix(labels: truth, predicted: answers, classCount: labels.count)
      comparisons = []
    case (.numbers(let rows), .numbers(let targets, let names)):
      guard targets.count == predictor.answerWidth else {
        throw DataError("The model predicts \(predictor.answerWidth) targets, and the data hold \(targets.count).")
      }
      metrics = regressionMetrics(targets: targets, predictions: rows, names: names)
      confusionMatrix = []
      comparisons = names.indices.map { position in
        (names[position], targets[position], rows.map { $0[position] })
      }
    default:
      throw DataError("The model and the data are not of one task.")
    }
  }

  /// So many rows are prepared and asked together: the features of all of them never exist at once.
  private static let blockSize = 1024

  private static func predict(_ predictor: Predictor, _ table: Table, _ rows: [Int32]) throws -> (
    predictions: Predictions, unseenCount: Int
  ) {
    var probabilities: [Tensor] = []
    var labels: [Int32] = []
    var numbers: [[Double]] = []
    var unseenCount = 0
    let reader = try predictor.bundle.pipeline.reader(of: table)
    for start in stride(from: 0, to: max(rows.count, 1), by: blockSize) {
      let block = Array(rows[start..<min(start + blockSize, rows.count)])
      let (features, unseen) = try reader.features(block)
      unseenCount += unseen
      switch predictor.predictions(for: features) {
      case .classes(let blockProbabilities, let blockLabels):
        probabilities.append(blockProbabilities)
        labels += blockLabels
      case .numbers(let rows): numbers += rows
      }
    }
    guard !probabilities.isEmpty else { return (.numbers(rows: numbers), unseenCount) }
    return (.classes(probabilities: concatenated(probabilities, axis: 0), labels: labels), unseenCount)
  }

  /// Metrics as an object.
  public static func json(_ metrics: [Metric]) -> JSONValue {
    .object(metrics.map { .init($0.name, .number($0.value)) })
  }
}

/// What the simplest answer would reach: always the most frequent class, or the mean.
func baselineMetrics(train: Target, judged: Target) -> [Metric] {
  switch (train, judged) {
  case (.labels(let labels, let names), .labels(let truth, _)):
    var counts = Array(repeating: 0, count: names.count)
    for label in labels { counts[Int(label)] += 1 }
    let majority = Int32(counts.indices.max { counts[$0] < counts[$1] } ?? 0)
    let shares = counts.map { Float($0) / Float(max(labels.count, 1)) }
    let probabilities = Tensor(shares, shape: [1, names.count]).gathered(Array(repeating: 0, count: truth.count))
    return classificationMetrics(labels: truth, predicted: truth.map { _ in majority }, probabilities: probabilities)
  case (.numbers(let columns, let names), .numbers(let truth, _)):
    let means = columns.map { mean($0) }
    return regressionMetrics(targets: truth, predictions: Array(repeating: means, count: judged.count), names: names)
  default:
    return []
  }
}
