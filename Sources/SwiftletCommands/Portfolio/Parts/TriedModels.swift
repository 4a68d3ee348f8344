// SPDX-License-Identifier: Apache-2.0
//
// The model of a portfolio beside one of another kind, as a table with links to both cards.
//
// Before    Parts/ToldData.swift     After    Parts/RecipePart.swift

import SwiftletModels
import SwiftletTables

/// Two models that learned from the same rows.
struct TriedModels {
  static let opening = "<!-- tried -->"
  /// The table, line by line.
  let lines: [String]

  var text: String {
    """
    The same rows, learned by another kind of model with its default settings:

    \(([Self.opening] + lines + [ReadmeFigures.closing]).joined(separator: "\n"))
    """
  }

  /// `nil` if there is no other model, or no rows but those of the test.
  init?(_ portfolio: Portfolio) {
    guard let other = portfolio.alternative else { return nil }
    let metric = portfolio.bundle.head.watchedMetric
    let models = [(portfolio.bundle, portfolio.modelPath), (other, "tried/\(other.name)")]
    var rows: [String] = []
    for (model, folder) in models {
      guard let value = model.training["metrics"]?[Split.validation.rawValue]?[metric]?.number else { return nil }
      let rounded = ((value * 10_000).rounded() / 10_000).description
      rows.append(
        "| [\(model.kind == other.kind ? other.name : "this model, \(model.kind)")](\(folder)/README.md) | \(rounded) |"
      )
    }
    lines = ["| on the validation rows | \(metric) |", "| --- | ---: |"] + rows
  }
}
