// SPDX-License-Identifier: Apache-2.0
//
// DiagnosisRule: one thing that goes wrong in a training, and how it is recognized.
//
// A rule is one file and one line of `DiagnosisRules.all`. The order of that table is the order of causes: inputs that are not
// scaled make a step too large, and such a step makes everything after it look wrong. Several can hold at once, and all are told.
//
// Before    Finding.swift     After    Diagnosis/Rules/LargeStep.swift

/// A rule of the diagnosis.
public protocol DiagnosisRule: Sendable {
  /// The code by which it is known, such as `D3`.
  static var code: String { get }
  /// What it says in a few words, without a full stop.
  static var title: String { get }
  /// What was seen, with the figures, and what helps; `nil` if the rule does not hold or lacks what it needs.
  ///
  /// - Parameters:
  ///   - evidence: What is known of the run.
  ///   - earlier: The codes of the rules before this one that hold. A symptom is silent where its cause has spoken.
  static func remark(on evidence: RunEvidence, after earlier: Set<String>) -> String?
}

/// The rules of the diagnosis. To add one, write its file and a line in `all`.
public enum DiagnosisRules {
  /// Every rule, causes before symptoms.
  public static let all: [any DiagnosisRule.Type] = [
    UnscaledInputs.self, LargeStep.self, SmallStep.self, Memorized.self, Unfinished.self, NothingLearned.self,
    TooSimple.self, SuspiciouslyGood.self, SilentUnitsRule.self, RareClass.self, SmallValidation.self,
  ]
}

/// Is this training normal? What the rules say of it.
///
///     let findings = diagnosis(of: RunEvidence(run, outcome))
///     findings.map(\.code)  // ["D3"]
public func diagnosis(of evidence: RunEvidence) -> [Finding] {
  var findings: [Finding] = []
  for rule in DiagnosisRules.all {
    guard let remark = rule.remark(on: evidence, after: Set(findings.map(\.code))) else { continue }
    findings.append(Finding(code: rule.code, sentence: "\(rule.title): \(remark)"))
  }
  return findings
}
