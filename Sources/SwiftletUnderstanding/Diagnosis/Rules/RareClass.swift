// SPDX-License-Identifier: Apache-2.0
//
// RareClass: a class is so rare that never answering it costs hardly any accuracy.
//
// Before    SilentUnitsRule.swift     After    SmallValidation.swift

import SwiftletFormats

/// A class is rare.
public enum RareClass: DiagnosisRule {
  public static let code = "D11"
  public static let title = "Accuracy says little"

  public static func remark(on evidence: RunEvidence, after earlier: Set<String>) -> String? {
    let classCount = evidence.classes.count
    // Among many classes each is rare; one is rare among them that has less than a quarter of its even share.
    guard let rarest = evidence.classes.min(by: { $0.share < $1.share }),
      rarest.share < min(0.05, 0.25 / Double(classCount))
    else { return nil }
    guard rarest.share > 0 else {
      return
        "No training row is \(quoted(rarest.label)), so the model cannot learn it and is wrong in all rows of it. Add some, "
        + "or let them be split anew."
    }
    // A measure of a class says nothing where no row of it judges.
    let isJudged = evidence.judgedLabels?.contains(rarest.label) != false
    let better = (isJudged ? ["average_precision", "macro_recall"] : []).compactMap { name in
      evidence.metrics[name].map { "\(name) (\(decimals($0, 3)))" }
    }
    let percent = decimals(100 * rarest.share, 1)
    return
      "\(percent) percent of the training rows are \(quoted(rarest.label)), so a model can miss every one of them and lose "
      + "only \(percent) percent of its accuracy there."
      + (better.isEmpty ? "" : " Look at \(better.joined(separator: " and ")) first.")
  }
}
