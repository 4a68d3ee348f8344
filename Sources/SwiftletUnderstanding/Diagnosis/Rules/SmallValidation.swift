// SPDX-License-Identifier: Apache-2.0
//
// SmallValidation: the two best trials differ by less than chance does.
//
// Before    RareClass.swift     After    Diagnosis/Evidence/CurveEvidence.swift

import SwiftletFormats

/// The choice between the best trials is one of chance.
public enum SmallValidation: DiagnosisRule {
  public static let code = "D12"
  public static let title = "Validation is too small to choose by"

  public static func remark(on evidence: RunEvidence, after earlier: Set<String>) -> String? {
    guard let trials = evidence.trials, 2 * trials.standardError > trials.difference else { return nil }
    return
      "the two best differ by \(decimals(trials.difference, 4)) in their validation loss, and two standard errors of "
      + "such a loss are \(decimals(2 * trials.standardError, 4)). Only folds can compare them, which more finalists have "
      + "(--set tune.finalists=3); or keep the simpler one."
  }
}
