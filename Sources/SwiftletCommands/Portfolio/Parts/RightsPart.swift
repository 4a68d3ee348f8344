// SPDX-License-Identifier: Apache-2.0
//
// The licence of a portfolio, and how to cite it.
//
// Before    WorkflowsPart.swift     After    CommandsPart.swift

import Foundation
import SwiftletFormats

enum RightsPart: PortfolioPart {
  static func files(of portfolio: Portfolio) -> [PortfolioFile] {
    let day = Date.now.formatted(.iso8601.year().month().day())
    let licence = String(decoding: PackageResources.mit_txt, as: UTF8.self)
      .replacingOccurrences(of: "__YEAR__", with: String(day.prefix(4)))
      .replacingOccurrences(of: "__AUTHOR__", with: portfolio.author)
    return [PortfolioFile("LICENSE", licence), PortfolioFile("CITATION.cff", citation(portfolio, day: day))]
  }

  /// Citation File Format 1.2.0: its fields stand in the order of its own schema.
  private static func citation(_ portfolio: Portfolio, day: String) -> String {
    func text(_ value: String) -> String { JSONValue.string(value).encoded() }
    var lines = [
      "cff-version: 1.2.0", "message: If you use this, please cite it as below.", "type: software",
      "title: \(text(portfolio.title))", "authors:", "  - name: \(text(portfolio.author))", "date-released: \(day)",
      "license: MIT",
    ]
    if let owner = portfolio.owner {
      lines.append("repository-code: \(text("https://github.com/\(owner)/\(portfolio.name)"))")
    }
    if let credit = portfolio.data.description?.citation {
      lines += [
        "references:", "  - type: data", "    title: \(text(portfolio.title))", "    authors:",
        "      - name: \(text("The authors of the data"))", "    notes: \(text(credit))",
      ]
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
