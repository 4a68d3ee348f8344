// SPDX-License-Identifier: Apache-2.0
//
// DoubtfulLabels: models that have not seen a row are sure of another label.
//
// Before    SuspiciouslyGood.swift     After    SilentUnitsRule.swift

import SwiftletFormats

/// Many rows have a label that models without them find very improbable.
public enum DoubtfulLabels: DiagnosisRule {
  public static let code = "D9"
  public static let title = "Labels are doubtful"

  public static func remark(on evidence: RunEvidence, after earlier: Set<String>) -> String? {
    guard let answers = evidence.heldOut, !answers.isOneSlice, !answers.ownProbabilities.isEmpty else { return nil }
    let count = answers.ownProbabilities.count { $0 < 0.05 }
    let share = Double(count) / Double(answers.ownProbabilities.count)
    guard share > 0.05 else { return nil }
    return "of \(answers.ownProbabilities.count) rows that were answered by models without them, \(count) have a label "
      + "with a probability below 0.05. Look at the worst of them, which explain lists."
  }
}
