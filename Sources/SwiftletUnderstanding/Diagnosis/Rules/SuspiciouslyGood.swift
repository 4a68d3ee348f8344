// SPDX-License-Identifier: Apache-2.0
//
// SuspiciouslyGood: nearly no loss is left, or one column tells everything.
//
// Before    UnscaledInputs.swift     After    SilentUnitsRule.swift

import SwiftletFormats
import SwiftletTables

/// The target may be among the columns.
public enum SuspiciouslyGood: DiagnosisRule {
  public static let code = "D8"
  public static let title = "Suspiciously good"

  public static func remark(on evidence: RunEvidence, after earlier: Set<String>) -> String? {
    let telling = evidence.columns.filter { $0.share > 0.995 }.max { $0.share < $1.share }
    if let telling {
      return "\(quoted(telling.name)) alone tells the target nearly always (\(decimals(telling.share, 4)), where 1 is "
        + "always). If it would not be known when the model is asked, leave it out with "
        + "\(setFlag("features.exclude", [.string(telling.name)]))."
    }
    guard let skill = evidence.skill, skill > 0.99 else { return nil }
    return
      "of the simplest answer's loss \(decimals(100 * (1 - skill), 1)) percent is left. Easy data can be like that; "
      + "else look for a column that knows the answer, or for rows that are in training and validation both."
  }
}
