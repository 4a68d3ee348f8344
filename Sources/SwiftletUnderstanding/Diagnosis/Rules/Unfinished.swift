// SPDX-License-Identifier: Apache-2.0
//
// Unfinished: the validation loss still falls when the epochs are over.
//
// Before    Memorized.swift     After    NothingLearned.swift

import SwiftletFormats

/// The training ended too early.
public enum Unfinished: DiagnosisRule {
  public static let code = "D4"
  public static let title = "Not finished"

  public static func remark(on evidence: RunEvidence, after earlier: Set<String>) -> String? {
    guard let (before, last) = evidence.lastFall, let baseline = evidence.baselineLoss else { return nil }
    // From little to even less is not a reason to go on.
    guard before - last >= 0.05 * before, before - last >= 0.02 * baseline else { return nil }
    let count = evidence.validationLosses.count
    return "the last of \(count) epochs was the best, and the validation loss fell by "
      + "\(decimals(100 * (before - last) / before, 0)) percent in the last quarter. Try --epochs \(2 * count)."
  }
}
