// SPDX-License-Identifier: Apache-2.0
//
// AnsweredRows: rows whose truth is known, with what a model answered and how wrong that was.
//
// Everything that explains a model begins here: which rows have the largest loss, in which slices they lie, how much the
// loss grows when a column is shuffled.
//
// Shapes    N rows, D features, W numbers in an answer
// Before    Diagnosis/Evidence/TellingColumns.swift     After    AlikeColumns.swift

import SwiftletModels
import SwiftletTables
import SwiftletTensors

/// Judged rows with the answers of their model.
///
///     let rows = try AnsweredRows(JudgedData(bundle, source).rows(of: .test))
///     rows.loss.value        // the log loss, or the RMSE
///     rows.losses            // what each row adds to it
public struct AnsweredRows: Sendable {
  /// The rows, the model and what is true.
  public let judged: JudgedRows
  /// The N answers.
  public let answers: Answers
  /// What each of the N rows adds to the loss: −log of the probability of its label, or the squared error in standard
  /// deviations.
  public let losses: [Double]
  /// What answered.
  let predictor: Predictor

  /// Asks the model for every row.
  ///
  /// - Throws: `DataError` if a column of the model is absent or of another type.
  public init(_ judged: JudgedRows) throws {
    self.judged = judged
    predictor = Predictor(judged.bundle)
    var values: [Double] = []
    let reader = try judged.bundle.pipeline.reader(of: judged.table)
    for start in stride(from: 0, to: judged.rows.count, by: reader.pieceSize) {
      let block = Array(judged.rows[start..<min(start + reader.pieceSize, judged.rows.count)])
      values += predictor.answers(for: try reader.features(block).features).values
    }
    answers = Answers(values: values, count: judged.rows.count, width: predictor.answerWidth)
    losses = judged.bundle.head.rowLosses(of: answers, judged.truth)
  }

  /// N, the number of rows.
  public var count: Int { judged.rows.count }
  /// The loss by which models are compared: `log_loss` of classes, `rmse` of numbers.
  public var loss: Metric { judged.bundle.head.comparedLoss(of: answers, judged.truth) }

  /// Some of the positions, always the same ones, in their order; all if they are few enough.
  func sample(_ limit: Int, seed: UInt64) -> [Int32] {
    guard count > limit else { return (0..<Int32(count)).map { $0 } }
    var generator = Generator(seed: seed)
    return generator.permutation(of: count).prefix(limit).sorted()
  }
}
