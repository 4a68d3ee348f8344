// SPDX-License-Identifier: Apache-2.0
//
// Finding: what a rule of the diagnosis says of a run.
//
// Before    RunEvidence.swift     After    DiagnosisRule.swift

import SwiftletFormats

/// Something that is not as it should be, with its remedy.
public struct Finding: Codable, Sendable, Equatable {
  /// The code of the rule, such as `D3`.
  public var code: String
  /// What was seen, and what helps.
  public var sentence: String

  /// A sentence under its code.
  public init(code: String, sentence: String) {
    self.code = code
    self.sentence = sentence
  }

  /// Reads an object with `code` and `sentence`; `nil` if it is another value.
  public init?(json: JSONValue) {
    guard let code = json["code"]?.string, let sentence = json["sentence"]?.string else { return nil }
    self.init(code: code, sentence: sentence)
  }

  /// An object with `code` and `sentence`.
  public var json: JSONValue { ["code": .string(code), "sentence": .string(sentence)] }
}
