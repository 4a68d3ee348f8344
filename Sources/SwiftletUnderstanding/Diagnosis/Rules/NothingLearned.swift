// SPDX-License-Identifier: Apache-2.0
//
// NothingLearned: the best epoch is hardly better than the simplest answer.
//
// Before    Unfinished.swift     After    TooSimple.swift

import SwiftletFormats

/// The model is no better than the simplest answer, and the step is not the cause.
public enum NothingLearned: DiagnosisRule {
  public static let code = "D5"
  public static let title = "Nothing was learned"

  /// The least skill that counts as having learned something.
  static let leastSkill = 0.08

  public static func remark(on evidence: RunEvidence, after earlier: Set<String>) -> String? {
    guard earlier.isDisjoint(with: [LargeStep.code, SmallStep.code, Unfinished.code]), evidence.ending != .interrupted,
      !evidence.isStillFalling, let skill = evidence.skill, skill < leastSkill, let baseline = evidence.baselineLoss
    else { return nil }
    return "the least validation loss is \(decimals(baseline * (1 - skill), 3)), and the simplest answer has "
      + "\(decimals(baseline, 3)). Do the columns tell anything of the target, and are the labels in their rows?"
  }
}
