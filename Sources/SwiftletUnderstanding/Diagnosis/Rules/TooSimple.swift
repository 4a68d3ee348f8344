// SPDX-License-Identifier: Apache-2.0
//
// TooSimple: training and validation rows are answered alike, and neither well.
//
// Before    NothingLearned.swift     After    UnscaledInputs.swift

import SwiftletFormats

/// The model cannot say what is to be said, or the columns do not know it.
public enum TooSimple: DiagnosisRule {
  public static let code = "D6"
  public static let title = "Too simple, or the columns do not tell"

  public static func remark(on evidence: RunEvidence, after earlier: Set<String>) -> String? {
    guard earlier.isEmpty, evidence.ending != .interrupted, !evidence.isStillFalling, let skill = evidence.skill,
      skill < 0.15, let best = evidence.bestEpoch, best < evidence.trainLosses.count
    else { return nil }
    let (train, validation) = (evidence.trainLosses[best], evidence.validationLosses[best])
    guard validation < 1.1 * train else { return nil }
    return
      "the losses of training and validation rows are \(decimals(train, 3)) and \(decimals(validation, 3)), where the "
      + "simplest answer has \(decimals(evidence.baselineLoss ?? 0, 3)). Try more hidden units (--model mlp --hidden "
      + "64,32); if that changes nothing, look for columns that say more."
  }
}
