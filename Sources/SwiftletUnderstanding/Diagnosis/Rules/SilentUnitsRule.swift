// SPDX-License-Identifier: Apache-2.0
//
// SilentUnitsRule: hidden units give 0 whatever comes in, and learn nothing any more.
//
// Before    SuspiciouslyGood.swift     After    RareClass.swift

import SwiftletFormats

/// A good part of the hidden units does nothing.
public enum SilentUnitsRule: DiagnosisRule {
  public static let code = "D10"
  public static let title = "Dead units"

  public static func remark(on evidence: RunEvidence, after earlier: Set<String>) -> String? {
    guard let units = evidence.silentUnits, 5 * units.silentCount > units.count else { return nil }
    // A network that does well can afford them: narrow pictures leave two fifths of the units silent and harm nothing.
    guard earlier.contains(LargeStep.code) || evidence.skill.map({ $0 < 0.3 }) == true else { return nil }
    let slower = evidence.learningRate.map { rounded(shortest($0) / 10, toDigits: 2) }
    let remedy = slower.map { "Try --learning-rate \($0), or" } ?? "Try"
    return "\(units.silentCount) of \(units.count) hidden units are 0 for every training row. \(remedy) --set "
      + "model.activation=gelu."
  }
}
