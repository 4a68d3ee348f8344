// SPDX-License-Identifier: Apache-2.0
//
// The model of a portfolio beside one of another kind, as a table with links to both cards.
//
// Before    ToldData.swift     After    RecipePart.swift

import SwiftletFormats
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
    func figures(_ model: ModelBundle) -> [JSONValue.Member] {
      model.training["metrics"]?[Split.validation.rawValue]?.members ?? []
    }
    let rows = figures(portfolio.bundle).compactMap { metric -> String? in
      guard let value = figures(other).first(where: { $0.name == metric.name })?.value else { return nil }
      return "| \(metric.name) | \(Self.rounded(metric.value)) | \(Self.rounded(value)) |"
    }
    guard !rows.isEmpty else { return nil }
    let own = "[this model, \(portfolio.bundle.kind)](\(portfolio.modelPath)/README.md)"
    let head = "| on the validation rows | \(own) | [\(Markdown.text(other.name))](tried/\(other.name)/README.md) |"
    lines = [head, "| --- | ---: | ---: |"] + rows
  }

  private static func rounded(_ value: JSONValue) -> String {
    value.number.map { (($0 * 10_000).rounded() / 10_000).description } ?? ""
  }
}
