// SPDX-License-Identifier: Apache-2.0
//
// SmallStep: the loss falls all the time, and hardly at all.
//
// Before    LargeStep.swift     After    Memorized.swift

import SwiftletFormats

/// The learning rate is too low.
public enum SmallStep: DiagnosisRule {
  public static let code = "D2"
  public static let title = "The step is too small"

  public static func remark(on evidence: RunEvidence, after earlier: Set<String>) -> String? {
    let losses = evidence.trainLosses
    guard evidence.tookItsSteps, let rate = evidence.learningRate, losses.count >= 5, let first = losses.first,
      let last = losses.last, last > 0, let skill = evidence.skill ?? evidence.trainSkill
    else { return nil }
    let rises = zip(losses, losses.dropFirst()).count { $1 > $0 }
    guard first / last < 1.15, Double(rises) <= 0.02 * Double(losses.count), skill < 0.2 else { return nil }
    return
      "in \(losses.count) epochs the training loss went from \(decimals(first, 3)) to \(decimals(last, 3)), and fell "
      + "all the way. Try --learning-rate \(rounded(shortest(rate) * 10, toDigits: 2))."
  }
}
