// SPDX-License-Identifier: Apache-2.0
//
// UnscaledInputs: some features are far larger or far smaller than the others.
//
// Before    TooSimple.swift     After    SuspiciouslyGood.swift

import Foundation
import SwiftletFormats

/// Some features are not around 0 with a spread of about 1.
public enum UnscaledInputs: DiagnosisRule {
  public static let code = "D7"
  public static let title = "Inputs are not scaled"

  public static func remark(on evidence: RunEvidence, after earlier: Set<String>) -> String? {
    let wide = evidence.features.filter { $0.deviation > 10 }
    let narrow = evidence.features.filter { $0.deviation > 0 && $0.deviation < 0.1 }
    let far = wide.max { $0.deviation < $1.deviation } ?? narrow.min { $0.deviation < $1.deviation }
    guard let far else { return nil }
    let others = wide.count + narrow.count - 1
    let list = others == 0 ? "" : others == 1 ? ", and so is another one" : ", and so are \(others) others"
    return
      "the standard deviation of \(quoted(far.name)) is \(String(format: "%.3g", far.deviation)) where the network sees it, and "
      + "it learns best from about 1\(list). Use --set pipeline.numeric.scale=standard."
  }
}
