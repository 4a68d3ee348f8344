// SPDX-License-Identifier: Apache-2.0
//
// The tests of a portfolio, and the answers that they compare with.
//
// Before    ClientsPart.swift     After    Portfolio/JudgedExamples.swift

import SwiftletFormats

enum TestsPart: PortfolioPart {
  /// Rows that the page is asked about.
  private static let rowCount = 40

  static func files(of portfolio: Portfolio) throws -> [PortfolioFile] {
    let examples = try JudgedExamples(portfolio, count: rowCount).answered.map { $0.encoded() }
    let first = try JudgedExamples(portfolio, count: 1).answered.first?["answer"]?.array ?? []
    let known = portfolio.bundle.labels.isEmpty ? first : Array(first.prefix(1))
    return [
      PortfolioFile("tests/answer.txt", known.map { $0.string ?? $0.encoded() }.joined(separator: " ") + "\n"),
      PortfolioFile("tests/check.sh", portfolio.filled(PackageResources.check_sh)),
      PortfolioFile("tests/check.js", portfolio.filled(PackageResources.check_js)),
      PortfolioFile("tests/answers.json", "[\n" + examples.joined(separator: ",\n") + "\n]\n"),
    ]
  }
}
