// SPDX-License-Identifier: Apache-2.0
//
// StudyDiagnosis: whether the validation rows of a search could tell its best trials apart.
//
// Before    TuneText.swift     After    StudyTracking.swift

import SwiftletModels
import SwiftletSearch
import SwiftletTables
import SwiftletTraining
import SwiftletUnderstanding

/// What the diagnosis says of a search.
enum StudyDiagnosis {
  /// - Parameters:
  ///   - result: What the search found.
  ///   - outcome: The winner, trained on the recipe's own split.
  ///   - data: The rows.
  /// - Throws: `DataError` if the validation rows cannot be answered.
  static func findings(_ result: StudyResult, _ outcome: TrainingOutcome, _ data: LoadedData) throws -> [Finding] {
    guard let difference = result.validationGap else { return [] }
    let rows = try AnsweredRows(JudgedData(outcome.bundle, data).rows(of: .validation))
    guard rows.loss.name == result.metric.name, rows.count > 1 else { return [] }
    let center = rows.losses.reduce(0, +) / Double(rows.count)
    let squares = rows.losses.reduce(0) { $0 + ($1 - center) * ($1 - center) }
    var error = (squares / Double(rows.count - 1) / Double(rows.count)).squareRoot()
    // A root of squares moves by half of what the mean of the squares does, in parts of itself.
    if outcome.bundle.labels.isEmpty { error *= center > 0 ? rows.loss.value / (2 * center) : 0 }
    var evidence = RunEvidence()
    evidence.trials = .init(difference: difference, standardError: error)
    return diagnosis(of: evidence)
  }
}
