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
    let losses = evidence.validationLosses
    guard evidence.tookItsSteps, evidence.ending == .completed || evidence.ending == nil, losses.count > 1,
      evidence.bestEpoch == losses.count - 1, let last = losses.last, let baseline = evidence.baselineLoss
    else { return nil }
    let before = losses[losses.count - 1 - max(1, losses.count / 4)]
    // From little to even less is no reason to go on.
    guard before - last >= 0.05 * before, before - last >= 0.02 * baseline else { return nil }
    return "the last of \(losses.count) epochs was the best, and the validation loss fell by "
      + "\(decimals(100 * (before - last) / before, 0)) percent in the last quarter. Try --epochs \(2 * losses.count)."
  }
}
