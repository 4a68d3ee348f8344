// SPDX-License-Identifier: Apache-2.0
//
// How probabilities become a class.
//
// Before    TrainingSettings.swift     After    RecommendationSettings.swift

import SwiftletFormats

extension Recipe {
  /// How the probabilities of two classes become one of them.
  public struct Decision: Sendable, Equatable {
    /// The label that counts as positive; `nil`: the second.
    public var positive: String?
    /// The least probability of the positive class at which it is answered.
    public var threshold = 0.5
  }

  /// The rows of these settings.
  static let decisionSettings: [Setting<Recipe>] = [
    .optionalText("decision.positive", none: "auto", \.decision.positive, "Of two labels, the one that is looked for.")
      .example("yes").detail("By default the second. Precision and recall are about it."),
    .number("decision.threshold", \.decision.threshold, 0...1, "How probable the positive label must be.")
      .example("0.3").detail("Lower finds more of them, and more false ones."),
  ]
}
