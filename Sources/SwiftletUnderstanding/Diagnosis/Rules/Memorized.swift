// SPDX-License-Identifier: Apache-2.0
//
// Memorized: the validation loss has its best epoch early, and rises from there.
//
// Before    SmallStep.swift     After    Unfinished.swift

import SwiftletFormats

/// The network learned its training rows and nothing that holds for others.
public enum Memorized: DiagnosisRule {
  public static let code = "D3"
  public static let title = "Learned by heart"

  public static func remark(on evidence: RunEvidence, after earlier: Set<String>) -> String? {
    guard evidence.learningRate != nil, let best = evidence.bestEpoch, let last = evidence.validationLosses.last,
      let baseline = evidence.baselineLoss, let skill = evidence.skill
    else { return nil }
    // A run that learned nothing had nothing to lose: its cause is another.
    guard skill >= NothingLearned.leastSkill else { return nil }
    let least = evidence.validationLosses[best]
    guard !(last - least < 0.05 * baseline), 2 * (best + 1) < evidence.validationLosses.count else { return nil }
    // A flag and its value belong together.
    let flags = stride(from: 0, to: evidence.restraint.count, by: 2).map {
      evidence.restraint[$0..<min($0 + 2, evidence.restraint.count)].joined(separator: " ")
    }
    let remedies = flags.isEmpty ? ["--set model.dropout=0.3", "--set training.weight_decay=0.001"] : flags
    return
      "the validation loss was least at epoch \(best + 1) with \(decimals(least, 3)), and \(decimals(last, 3)) in the "
      + "end. Stop there (training.early_stopping does), use a smaller network or more rows, or regularize: "
      + remedies.joined(separator: ", ") + "."
  }
}
