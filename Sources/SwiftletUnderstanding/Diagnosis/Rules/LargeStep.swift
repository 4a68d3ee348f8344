// SPDX-License-Identifier: Apache-2.0
//
// LargeStep: the loss begins far above guessing, or jumps.
//
// Before    Diagnosis/DiagnosisRule.swift     After    SmallStep.swift

import SwiftletFormats

/// The learning rate is too high.
public enum LargeStep: DiagnosisRule {
  public static let code = "D1"
  public static let title = "The step is too large"

  public static func remark(on evidence: RunEvidence, after earlier: Set<String>) -> String? {
    let remedy = evidence.learningRate.map { " Try --learning-rate \(rounded(shortest($0) / 10, toDigits: 2))." } ?? ""
    if let epoch = evidence.divergedAt { return "the loss was no longer a number at epoch \(epoch).\(remedy)" }
    guard evidence.learningRate != nil, let baseline = evidence.baselineLoss, let first = evidence.trainLosses.first
    else { return nil }
    if first > 1.5 * baseline {
      return "the first epoch ended with a loss of \(decimals(first, 3)), where guessing has \(decimals(baseline, 3))."
        + remedy
    }
    // A loss that is nearly nothing may jump: three times nothing is nothing.
    let pairs = zip(evidence.trainLosses, evidence.trainLosses.dropFirst()).enumerated()
    guard let jump = pairs.first(where: { $1.1 > 3 * $1.0 && $1.1 > 0.02 * baseline }) else { return nil }
    return "the training loss jumped from \(decimals(jump.element.0, 3)) to \(decimals(jump.element.1, 3)) at epoch "
      + "\(jump.offset + 2).\(remedy)"
  }
}
